import { existsSync } from 'node:fs';
import { needSystemPackages, onPath } from '../system-packages.ts';

const macOS = ['/Applications/Google Chrome.app/Contents/MacOS/Google Chrome', '/Applications/Chromium.app/Contents/MacOS/Chromium'];

/** A Chromium, or a browser made of it, that Playwright can drive: the system's own, because none may be downloaded. */
export function chromium(): string {
  needSystemPackages(
    [
      {
        debian: 'chromium',
        words: 'Chromium or Chrome (`CHROME_PATH` names one that is not on `PATH`)',
        isHere: () => found() !== undefined,
      },
    ],
    "the editor's tests",
  );
  return found() ?? '';
}

function found(): string | undefined {
  const named = process.env.CHROME_PATH;
  if (named && existsSync(named)) return named;
  return onPath('chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome') ?? macOS.find(existsSync);
}
