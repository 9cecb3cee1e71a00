import type * as vscode from 'vscode';
import type { MetricsPoint, ModelServer, Pod } from '../../runtime/api/objects.ts';
import { shownState } from '../inventory/shown-state.ts';
import { metricsLines } from '../metrics/last-minute.ts';
import { shownName } from './model-server-item.ts';
import { podsReadyWords, stateWords } from './server-appearance.ts';

/** What one sees when pointing at a model server; `lately` is what it did, where that was measured. */
export function modelServerTooltip(code: typeof vscode, server: ModelServer, lately?: MetricsPoint): vscode.MarkdownString {
  const { MarkdownString, l10n } = code;
  const { reason, failure, revision, pods, models, url, createdAt, creator } = server;
  const text = new MarkdownString().appendMarkdown(`**${shownName(server)}** — ${stateWords(code, shownState(server))}\n\n`);
  const line = (words: string): void => void text.appendText(words).appendMarkdown('\n\n');
  if (reason !== null) line(reason);
  if (failure?.hint) line(failure.hint);
  if (shownState(server) === 'unschedulable')
    line(l10n.t('It starts by itself once there is room: stop what takes it, or update {0} so that it requests less.', server.name));
  line(l10n.t('revision {0}, {1}', revision, podsReadyWords(code, pods)));
  if (lately) for (const each of metricsLines(code, lately)) line(each);
  if (models.length > 0) line(l10n.t('models: {0}', models.join(', ')));
  line(`${url}/predict`);
  line(l10n.t('created {0} by {1}', new Date(createdAt).toLocaleString(), creator));
  return text;
}

/** One line below the other. */
export function linesTooltip({ MarkdownString }: Pick<typeof vscode, 'MarkdownString'>, lines: readonly string[]): vscode.MarkdownString {
  const text = new MarkdownString();
  for (const line of lines) text.appendText(line).appendMarkdown('\n\n');
  return text;
}

export function podTooltip(code: typeof vscode, pod: Pod): vscode.MarkdownString {
  const { MarkdownString, l10n } = code;
  const text = new MarkdownString().appendMarkdown(`**${pod.id}** — ${stateWords(code, pod.state)}\n\n`);
  const line = (words: string): void => void text.appendText(words).appendMarkdown('\n\n');
  if (pod.reason !== null) line(pod.reason);
  if (pod.gpus) line(l10n.t('GPUs: {0}', pod.gpus.join(', ')));
  line(l10n.t('created {0}', new Date(pod.createdAt).toLocaleString()));
  if (pod.readyAt !== null) line(l10n.t('ready since {0}', new Date(pod.readyAt).toLocaleString()));
  return text;
}
