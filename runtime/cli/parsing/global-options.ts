import type { Options } from '../command.ts';

/** Options of every command (`spec/surfaces.md` §2). */
export const globalOptions: Options = {
  output: { kind: 'value', short: 'o', value: 'table|json', doc: 'how results are printed (default: table)' },
  context: { kind: 'value', value: 'NAME', doc: 'which control plane: local, or the one of SPELL_API_URL' },
  owner: { kind: 'value', value: 'NAME', doc: 'whose model servers (default: local)' },
  quiet: { kind: 'switch', doc: 'no progress and no messages, only results and errors' },
  'no-color': { kind: 'switch', doc: 'no colours (also: NO_COLOR)' },
  yes: { kind: 'switch', doc: 'answer every question with yes' },
  help: { kind: 'switch', short: 'h', doc: 'show this help' },
};
