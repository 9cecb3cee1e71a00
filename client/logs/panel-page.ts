import { randomBytes } from 'node:crypto';
import type * as vscode from 'vscode';
import { panelStrings } from './strings.ts';

/** Where the panel's own files are; a page may load nothing else. */
export function panelFolder({ Uri }: Pick<typeof vscode, 'Uri'>, extension: vscode.Uri): vscode.Uri {
  return Uri.joinPath(extension, 'dist', 'webviews');
}

/** The page of the log panel (`client/webviews/logs`). */
export function panelPage(code: typeof vscode, webview: vscode.Webview, extension: vscode.Uri): string {
  const nonce = randomBytes(16).toString('base64');
  const file = (name: string): string => webview.asWebviewUri(code.Uri.joinPath(panelFolder(code, extension), name)).toString();
  const policy = `default-src 'none'; style-src ${webview.cspSource}; script-src 'nonce-${nonce}'`;
  return `<!DOCTYPE html>
<html lang="${code.env.language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<link rel="stylesheet" href="${file('logs.css')}">
</head>
<body data-strings="${escapeAttribute(JSON.stringify(panelStrings(code.l10n)))}">
<script nonce="${nonce}" src="${file('logs.js')}"></script>
</body>
</html>`;
}

function escapeAttribute(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
}
