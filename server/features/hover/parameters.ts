import type { Method } from '../../parse/predictor/members.ts';
import type { Parameter } from '../../parse/python/ast.ts';
import type { PredictorFile } from '../subjects/predictor-file.ts';

/** A parameter as it is written, in a block of Python. */
export function describeParameter(file: PredictorFile, method: Method, parameter: Parameter): string {
  const { text } = method.owner.module.file;
  const needed = parameter.default ? 'has a default' : 'needed';
  return `\`\`\`python\n${text.slice(parameter.from, parameter.to)}\n\`\`\`\n${needed}; a parameter of \`${method.owner.definition.name}.__init__\` in ${file.name}`;
}
