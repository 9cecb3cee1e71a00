import { stopEverything } from '../../api/connect/stop-everything.ts';
import { command } from '../command.ts';
import { refuseRemote } from '../local-only.ts';
import { purgeHome } from '../shutdown/purge-home.ts';
import { printJson } from '../terminal/json.ts';
import { refuseUnlessConfirmed } from './confirm.ts';

export const down = command({
  name: 'down',
  summary: 'Stops everything of this machine: control plane, gateway, all pods and what they started',
  details:
    'Running requests finish first. State stays: `spell up` goes on with the same models, model servers and addresses. --purge removes it.',
  options: { purge: { kind: 'switch', doc: 'then remove all state: uploads, models, model servers, logs; asks first' } },
  example: `
spell down
spell down --purge`,
  run: async (context, { purge }) => {
    refuseRemote(context, 'down');
    if (purge) await refuseUnlessConfirmed(context, `stop everything and remove all state in ${context.home}?`);
    const stopped = await stopEverything(context.home, () => context.terminal.say('waiting for running requests to finish'));
    const kept = purge ? await purgeHome(context.home) : undefined;
    if (context.output === 'json') printJson(context, { stopped, purged: purge });
    context.terminal.say(stopped ? 'stopped' : 'nothing was running');
    if (kept === undefined) return;
    context.terminal.say(
      kept.length === 0 ? `removed ${context.home}` : `removed the state in ${context.home}; kept what is not ours: ${kept.join(', ')}`,
    );
  },
});
