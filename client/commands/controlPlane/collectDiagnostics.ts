import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { asSpellError } from '../../../runtime/api/errors.ts';
import { homeLayout } from '../../../runtime/api/home.ts';
import { version } from '../../../runtime/api/version.ts';
import type { Context } from '../../context.ts';
import { readSetting, settingNames } from '../../contributions.ts';
import { redact } from '../../diagnostics/redact.ts';

const logLines = 200;
const eventsBack = 200;

/**
 * *Spell: Collect Diagnostics*: opens a report for an issue: versions, settings, states, the last events and lines of
 * logs, without secrets. Nothing is sent anywhere. Returns the text.
 */
export async function collectDiagnostics(context: Context): Promise<string> {
  const { code, controlPlane } = context;
  const { spelldLog, gatewayLog, tokenFile } = homeLayout(controlPlane.home);
  const [spelld, gateway, token, running] = await Promise.all([
    lastLines(spelldLog),
    lastLines(gatewayLog),
    readFile(tokenFile, 'utf8').catch(() => ''),
    whatRuns(context),
  ]);
  const settings = Object.fromEntries(settingNames.map((name) => [name, readSetting(code, name)]));
  const sections: [title: string, text: string][] = [
    ['Versions', json(versions(context))],
    ['Settings', json(settings)],
    ['Control plane', json({ state: controlPlane.state, context: controlPlane.context, home: controlPlane.home })],
    ['What runs', running],
    ['The extension', context.recent.all.join('\n')],
    ['spelld.log', spelld],
    ['gateway.log', gateway],
  ];
  const text = sections.map(([title, body]) => `## ${title}\n\n\`\`\`\`\n${body}\n\`\`\`\`\n`).join('\n');
  const report = redact(`# Spell diagnostics\n\n${text}`, { secrets: [token.trim()], homeFolder: homedir() });
  await code.window.showTextDocument(await code.workspace.openTextDocument({ language: 'markdown', content: report }));
  return report;
}

function versions({ code: { env, version: editor, workspace } }: Context): Record<string, string | boolean> {
  return {
    extension: version,
    editor: `${env.appName} ${editor}`,
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    remote: env.remoteName ?? 'none',
    trusted: workspace.isTrusted,
  };
}

/** Asked of what runs already; nothing is started for a report. */
async function whatRuns({ controlPlane }: Context): Promise<string> {
  try {
    const client = await controlPlane.current();
    const [status, modelServers] = await Promise.all([client.status(), client.listModelServers()]);
    const since = String(Math.max(0, (status.lastEvent ?? 0) - eventsBack));
    const events = await Array.fromAsync(client.events({ query: { since, follow: 'false' } }));
    return [
      json(status),
      json(modelServers),
      ...events.map(({ time, type, object, message }) => `${time} ${type} ${object} ${message}`),
    ].join('\n');
  } catch (error) {
    return asSpellError(error).message;
  }
}

async function lastLines(file: string): Promise<string> {
  const text = await readFile(file, 'utf8').catch((error: Error) => error.message);
  return text.trimEnd().split('\n').slice(-logLines).join('\n');
}

function json(value: unknown): string {
  return JSON.stringify(value, (_, each: unknown) => (each instanceof Error ? { ...each, message: each.message } : each), 2);
}
