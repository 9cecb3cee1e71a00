import type * as vscode from 'vscode';
import type { Context, Contribution } from '../context.ts';
import { lastMinute } from '../metrics/last-minute.ts';
import { modelServersOf } from '../pick/model-servers-of.ts';
import { modelServerTooltip } from '../trees/model-server-tooltips.ts';
import { isPredictor } from './entrypoint.ts';

/** Pointing at the name of a predictor's class tells how the model servers are that run it, and what they did lately. */
export const servingHover: Contribution = {
  register(context) {
    const selector = { language: 'python', scheme: 'file' };
    return context.code.languages.registerHoverProvider(selector, {
      provideHover: (document, position) => hoverAt(context, document, position),
    });
  },
};

/** Looking at a file starts nothing. */
async function hoverAt(context: Context, document: vscode.TextDocument, position: vscode.Position): Promise<vscode.Hover | undefined> {
  const { client, code, controlPlane } = context;
  const name = classNameAt(document, position);
  if (name === undefined || controlPlane.state.kind !== 'ready' || !isPredictor(document)) return undefined;
  const servers = (await modelServersOf(context, document.uri)).filter(({ spec }) => (spec.classname ?? name) === name);
  const texts = await Promise.all(servers.map(async (server) => modelServerTooltip(code, server, await lastMinute(client, server))));
  return texts.length === 0 ? undefined : new code.Hover(texts);
}

/** The name of the class that begins on this line, where that is what is pointed at. */
function classNameAt(document: vscode.TextDocument, position: vscode.Position): string | undefined {
  const [before = '', name] = /^(\s*class\s+)(\w+)/.exec(document.lineAt(position.line).text)?.slice(1) ?? [];
  if (name === undefined || position.character < before.length || position.character > before.length + name.length) return undefined;
  return name;
}
