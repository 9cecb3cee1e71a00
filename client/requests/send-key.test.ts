import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import type * as vscode from 'vscode';
import { fakeEditor } from '../testing.ts';
import { sendKey } from './send-key.ts';

interface Manifest {
  contributes: { keybindings: { command: string; key: string; mac: string }[] };
}

/** What is said in a window: in a browser, or of a desktop that is beside the extension host or connected to it. */
function said(platform: NodeJS.Platform, env: { uiKind: number; remoteName?: string } = { uiKind: 1 }): string {
  const { l10n } = fakeEditor().code;
  return sendKey({ env, l10n, UIKind: { Desktop: 1, Web: 2 } } as unknown as typeof vscode, platform);
}

test('the key that is said to send a payload is the one that is bound where the keyboard is', () => {
  const { contributes } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as Manifest;
  const bound = contributes.keybindings.find(({ command }) => command === 'spell.payload.send');
  const typed = (shown: string): string => shown.replace('⌘', 'cmd+').toLowerCase();
  assert.deepEqual([typed(said('linux')), typed(said('win32')), typed(said('darwin'))], [bound?.key, bound?.key, bound?.mac]);
  for (const elsewhere of [{ uiKind: 2 }, { uiKind: 1, remoteName: 'ssh-remote' }])
    assert.equal(said('linux', elsewhere), 'Ctrl+Enter (⌘Enter on macOS)');
});
