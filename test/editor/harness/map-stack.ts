import { readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { dirname, resolve } from 'node:path';

/**
 * A stack in which the positions in a bundle are those of its sources. The extension host makes stacks its own way, and
 * so knows nothing of source maps.
 */
export function mapStack(stack: string, bundle: string): string {
  const map = new SourceMap(JSON.parse(readFileSync(`${bundle}.map`, 'utf8')));
  return stack.replaceAll(/[^\s()]+\.cjs:([0-9]+):([0-9]+)/g, (position, line: string, column: string) => {
    const found = map.findEntry(Number(line) - 1, Number(column) - 1);
    return 'originalSource' in found
      ? `${resolve(dirname(bundle), found.originalSource)}:${found.originalLine + 1}:${found.originalColumn + 1}`
      : position;
  });
}
