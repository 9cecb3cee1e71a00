import type { Method } from '../../parse/predictor/members.ts';
import type { Predictor } from '../../parse/predictor/predictors.ts';
import { nameOf } from '../../parse/project/paths.ts';
import { pathTo } from '../../parse/python/walk.ts';
import { touches } from '../../parse/text/span.ts';
import { configOf } from '../subjects/config-values.ts';
import type { PredictorFile } from '../subjects/predictor-file.ts';
import type { Told } from './hover.ts';

const injected = {
  request: 'Receives the whole **Request** (Starlette): headers, query, raw body.',
  tasks: 'Receives **BackgroundTasks** (Starlette): what is added runs after the answer was sent.',
} as const;

/** What a parameter, a decorator or `self.model_info` means when the predictor is served. */
export function pythonHover(file: PredictorFile, offset: number): Told | undefined {
  const predictor = file.predictors.find(({ definition }) => touches(definition, offset));
  if (!predictor) return undefined;
  if (touches(predictor.definition.nameSpan, offset)) return served(file, predictor);
  const method = predictor.ownMethods().find(({ definition }) => touches(definition, offset));
  if (!method) return undefined;
  return ofParameter(file, predictor, method, offset) ?? ofDecorator(file, method, offset) ?? ofModelInfo(file, predictor, method, offset);
}

function served(file: PredictorFile, predictor: Predictor): Told | undefined {
  const lines = file.servingsOf(predictor).map((serving) => {
    const batching = serving.batching === undefined ? '' : serving.batching ? ', with batching' : ', without batching';
    if (serving.running)
      return `- running as **${serving.running.name}** (${serving.running.state}, ${serving.running.pods.ready}/${serving.running.pods.total} pods)${batching}`;
    return `- named by ${serving.yaml ? nameOf(serving.yaml.file.path) : 'the command line'}${batching}`;
  });
  return lines.length === 0 ? undefined : { span: predictor.definition.nameSpan, text: `A predictor:\n\n${lines.join('\n')}` };
}

function ofParameter(file: PredictorFile, predictor: Predictor, method: Method, offset: number): Told | undefined {
  const parameter = file.callParameters(method).find((each) => touches(each.nameSpan, offset));
  if (!parameter) return undefined;
  if (method.name === '__init__') return ofInitParameter(file, predictor, parameter.name, parameter.nameSpan);
  if (!['predict', 'prepare', 'health'].includes(method.name)) return undefined;
  const { roles, injectors, annotated } = file.injection(method);
  const role = roles.get(parameter.name);
  if (role === 'request' || role === 'tasks') {
    const injector = injectors.find((each) => each.parameter === parameter.name && each.role === role);
    const by = injector
      ? `by \`@${injector.label}\``
      : annotated.get(parameter.name)?.includes(role)
        ? 'by its annotation'
        : '`health` has no payload';
    return { span: parameter.nameSpan, text: `${injected[role]}\n\nWhy: ${by}.` };
  }
  if (role !== 'payload') return undefined;
  const batched = method.name === 'predict' && file.batching(predictor) === 'yes';
  const text = batched
    ? predictor.member('prepare').kind === 'none'
      ? 'Receives **a list of payloads**: batching is on. Return one result for each, in the same order.'
      : 'Receives **a list of what `prepare` returned**: batching is on. Return one result for each, in the same order.'
    : 'Receives **the payload**: the parsed JSON of the request, whatever the name of the parameter. A dataclass or pydantic model as its annotation is validated.';
  return { span: parameter.nameSpan, text };
}

function ofInitParameter(file: PredictorFile, predictor: Predictor, name: string, span: Told['span']): Told {
  const values = file.servingsOf(predictor).flatMap((serving) => {
    const config = configOf(file.world, serving);
    const entry = config?.value?.kind === 'map' ? config.value.entries.find((each) => each.key === name) : undefined;
    if (!entry || !config?.yaml) return [];
    const { from, to } = entry.value;
    return [`- \`${config.yaml.file.text.slice(from, to).trim()}\` in ${nameOf(config.yaml.path)}`];
  });
  return {
    span,
    text:
      values.length > 0
        ? `Receives the config's key \`${name}\`:\n\n${values.join('\n')}`
        : `Receives the config's key \`${name}\`, when there is one.`,
  };
}

function ofDecorator(file: PredictorFile, method: Method, offset: number): Told | undefined {
  const injector = file.injection(method).injectors.find((each) => touches(each.decorator, offset));
  if (!injector) return undefined;
  const into = injector.parameter === undefined ? 'a parameter' : `the parameter \`${injector.parameter}\``;
  return {
    span: injector.decorator,
    text: `Passes ${injector.role === 'request' ? 'the **Request**' : '**BackgroundTasks**'} into ${into}.`,
  };
}

function ofModelInfo(file: PredictorFile, predictor: Predictor, method: Method, offset: number): Told | undefined {
  const node = pathTo(method.definition.body, offset).findLast((each) => each.kind === 'attribute' && each.name === 'model_info');
  if (node?.kind !== 'attribute' || !file.isSelf(method, node.object)) return undefined;
  const models = [...new Set(file.servingsOf(predictor).flatMap((serving) => serving.models ?? []))];
  const now = models.length > 0 ? `\n\nHere: ${models.map((model) => `\`${model}\``).join(', ')}.` : '';
  return {
    span: node,
    text: `The model that is served: a namedtuple of \`name\` and \`version\` with a method \`path()\`; a list when there are several, \`None\` without one. It is there in \`__init__\` already.${now}`,
  };
}
