import { chromium } from './chromium.ts';
import { type CodeServer, codeServer } from './code-server.ts';

/** What a test in a real VS Code is run with. */
export interface EditorTools {
  codeServer: CodeServer;
  /** The path of a Chromium. */
  chromium: string;
}

/** Brings what is missing, where that is possible; else throws a `MissingTool` that says what, and how to get it. */
export async function editorTools(): Promise<EditorTools> {
  return { chromium: chromium(), codeServer: await codeServer() };
}
