import { touches } from '../../parse/text/span.ts';
import { pathOf, settingName } from '../../parse/yaml/spell-yaml.ts';
import { describeKey } from '../spell-yaml/describe.ts';
import { keys } from '../spell-yaml/keys.ts';
import { receiverOf } from '../subjects/config-file.ts';
import type { SpellYamlFile } from '../subjects/spell-yaml-file.ts';
import { toServing } from '../world/servings.ts';
import type { Told } from './hover.ts';
import { describeParameter } from './parameters.ts';

/** What a setting is; of an inline config, where its keys end up. */
export function spellYamlHover(file: SpellYamlFile, offset: number): Told | undefined {
  for (const server of file.servers) {
    for (const entry of server.map.entries) {
      const key = keys.get(settingName(entry.key));
      if (key && touches(entry.keySpan, offset)) return { span: entry.keySpan, text: describeKey(key) };
      if (settingName(entry.key) !== 'config' || entry.value.kind !== 'map') continue;
      const inner = entry.value.entries.find((each) => touches(each.keySpan, offset));
      const serving = toServing(file.spellYaml, server);
      const receiver = inner && serving && receiverOf(file.world, serving);
      const parameter = receiver?.init && receiver.file.callParameters(receiver.init).find((each) => each.name === inner?.key);
      if (inner && receiver?.init && parameter)
        return { span: inner.keySpan, text: describeParameter(receiver.file, receiver.init, parameter) };
    }
    const entrypoint = server.entries.get('entrypoint');
    const path = pathOf(file.spellYaml, server, 'entrypoint');
    const serving = toServing(file.spellYaml, server);
    if (entrypoint && path !== undefined && serving && touches(entrypoint.value, offset)) {
      const receiver = receiverOf(file.world, serving);
      if (receiver) return { span: entrypoint.value, text: `Serves the class \`${receiver.predictor.name}\`.` };
    }
  }
  return undefined;
}
