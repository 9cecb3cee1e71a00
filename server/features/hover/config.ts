import { touches } from '../../parse/text/span.ts';
import type { ConfigFile } from '../subjects/config-file.ts';
import type { Told } from './hover.ts';
import { describeParameter } from './parameters.ts';

/** Where a key of a config ends up. */
export function configHover(file: ConfigFile, offset: number): Told | undefined {
  const entry = file.value?.kind === 'map' ? file.value.entries.find((each) => touches(each.keySpan, offset)) : undefined;
  if (!entry) return undefined;
  for (const { file: python, init } of file.receivers) {
    const parameter = init && python.callParameters(init).find((each) => each.name === entry.key);
    if (init && parameter) return { span: entry.keySpan, text: describeParameter(python, init, parameter) };
  }
  return undefined;
}
