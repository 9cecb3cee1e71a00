import { basename } from 'node:path';
import type * as vscode from 'vscode';
import type { ModelServer } from '../../runtime/api/objects.ts';
import type { CommandId } from '../contributions.ts';
import { isUnwell, shownState } from '../inventory/shown-state.ts';
import { podsReadyWords, stateWords } from '../trees/server-appearance.ts';

/** What the language status says of a predictor's file. */
export interface ServingStatus {
  text: string;
  detail: string;
  severity: 'information' | 'warning' | 'error';
  command: vscode.Command;
}

/** Which model servers run a predictor's file, how they are, and what one click does about it. Pure. */
export function servingStatus(code: Pick<typeof vscode, 'l10n'>, file: vscode.Uri, servers: readonly ModelServer[]): ServingStatus {
  const { l10n } = code;
  const [only, ...more] = servers;
  const name = basename(file.path);
  if (!only) {
    const command = run('spell.modelServer.serveFile', l10n.t('Serve'), file);
    return { text: l10n.t('{0} is not served', name), detail: l10n.t('Predictor'), severity: 'information', command };
  }
  const unhealthy = servers.filter(isUnwell);
  const severity = unhealthy.some(({ state }) => state === 'failed') ? 'error' : unhealthy.length > 0 ? 'warning' : 'information';
  const command = run('spell.modelServer.openDetails', l10n.t('Open Details'), more.length === 0 ? targetOf(only) : file);
  if (more.length > 0) {
    const detail = servers.map((server) => `${server.name}: ${stateWords(code, shownState(server))}`).join(', ');
    return { text: l10n.t('{0} model servers run {1}', servers.length, name), detail, severity, command };
  }
  const detail = only.reason ?? l10n.t('Revision {0}, {1}', only.revision, podsReadyWords(code, only.pods));
  return { text: l10n.t('{0}: {1}', only.name, stateWords(code, shownState(only))), detail, severity, command };
}

function run(command: CommandId, title: string, target: object): vscode.Command {
  return { command, title, arguments: [target] };
}

function targetOf({ owner, name }: ModelServer): { owner: string; name: string } {
  return { owner, name };
}
