import type * as vscode from 'vscode';
import type { Environment, ModelServer, PodState, RunState } from '../../runtime/api/objects.ts';
import type { ShownState } from '../inventory/shown-state.ts';

/** How a state looks: an icon and a themed colour. The words stand beside it, so that neither is needed to read it. */
interface Appearance {
  icon: string;
  color?: string;
}

// Colours of which every theme of the editor has one that is seen on its side bar; `testing.iconPassed` is not, on a light one.
const good = 'charts.green';
const bad = 'testing.iconFailed';
const doubtful = 'list.warningForeground';
const quiet = 'descriptionForeground';

const modelServers: Record<ShownState, Appearance> = {
  requested: { icon: 'loading~spin' },
  created: { icon: 'loading~spin' },
  starting: { icon: 'loading~spin' },
  updating: { icon: 'sync~spin', color: good },
  running: { icon: 'pass-filled', color: good },
  stopping: { icon: 'loading~spin', color: quiet },
  stopped: { icon: 'debug-pause', color: quiet },
  unschedulable: { icon: 'warning', color: doubtful },
  failing: { icon: 'warning', color: doubtful },
  failed: { icon: 'error', color: bad },
};

const pods: Record<PodState, Appearance> = {
  unschedulable: { icon: 'watch', color: doubtful },
  created: { icon: 'loading~spin' },
  starting: { icon: 'loading~spin' },
  ready: { icon: 'pass', color: good },
  unhealthy: { icon: 'warning', color: doubtful },
  'backing-off': { icon: 'history', color: doubtful },
  draining: { icon: 'loading~spin', color: quiet },
  failed: { icon: 'error', color: bad },
};

const runs: Record<RunState, Appearance> = {
  complete: { icon: 'pass', color: good },
  failed: { icon: 'error', color: bad },
  interrupted: { icon: 'circle-slash', color: quiet },
};

const environments: Record<Environment['state'], Appearance> = {
  making: { icon: 'loading~spin' },
  ready: { icon: 'pass', color: good },
  failed: { icon: 'error', color: bad },
};

export function environmentIcon(code: typeof vscode, state: Environment['state']): vscode.ThemeIcon {
  return toIcon(code, environments[state]);
}

export function runIcon(code: typeof vscode, state: RunState): vscode.ThemeIcon {
  return toIcon(code, runs[state]);
}

function toIcon({ ThemeIcon, ThemeColor }: typeof vscode, { icon, color }: Appearance): vscode.ThemeIcon {
  return new ThemeIcon(icon, color === undefined ? undefined : new ThemeColor(color));
}

export function modelServerIcon(code: typeof vscode, state: ShownState): vscode.ThemeIcon {
  return toIcon(code, modelServers[state]);
}

export function podIcon(code: typeof vscode, state: PodState): vscode.ThemeIcon {
  return toIcon(code, pods[state]);
}

/** `1 of 2 pods ready`, in the editor's language. */
export function podsReadyWords({ l10n }: Pick<typeof vscode, 'l10n'>, { ready, total }: ModelServer['pods']): string {
  return total === 1 ? l10n.t('{0} of 1 pod ready', ready) : l10n.t('{0} of {1} pods ready', ready, total);
}

/** The state in the editor's language; the command and the API keep the English word. */
export function stateWords({ l10n }: Pick<typeof vscode, 'l10n'>, state: ShownState | PodState): string {
  const words: Record<ShownState | PodState, string> = {
    requested: l10n.t('requested'),
    created: l10n.t('created'),
    starting: l10n.t('starting'),
    updating: l10n.t('updating'),
    running: l10n.t('running'),
    stopping: l10n.t('stopping'),
    stopped: l10n.t('stopped'),
    failing: l10n.t('failing'),
    failed: l10n.t('failed'),
    unschedulable: l10n.t('unschedulable'),
    ready: l10n.t('ready'),
    unhealthy: l10n.t('unhealthy'),
    'backing-off': l10n.t('backing off'),
    draining: l10n.t('draining'),
  };
  return words[state];
}
