import { relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { rules } from '../features/rules/all-rules.ts';
import type { Checked, CheckedDiagnostic } from './check.ts';

/** Lines for people: `predictor.py:3:9: error: … [predict-missing]`, places from one. Empty when there is nothing to say. */
export function textReport(found: readonly CheckedDiagnostic[], cwd: string): string {
  const lines = found.map(
    ({ file, range, severity, message, code }) =>
      `${shown(cwd, file)}:${range.start.line + 1}:${range.start.character + 1}: ${severity}: ${message} [${code}]`,
  );
  return lines.map((line) => `${line}\n`).join('');
}

/** Lines about what was not looked at: `note: a.py, b.py: no predictor in it`. */
export function notes({ unchecked }: Checked, cwd: string): string[] {
  return [...Map.groupBy(unchecked, ({ why }) => why)].map(([why, all]) => {
    const names = all.slice(0, 3).map(({ file }) => shown(cwd, file));
    const more = all.length > names.length ? ` and ${all.length - names.length} more` : '';
    return `note: ${names.join(', ')}${more}: ${why}`;
  });
}

/** What was found, counted, in one line. */
export function summary(found: readonly CheckedDiagnostic[]): string {
  if (found.length === 0) return 'nothing to complain about';
  const kinds = ['error', 'warning', 'information'] as const;
  const counts = kinds.flatMap((kind) => {
    const count = found.filter((each) => each.severity === kind).length;
    const noun = kind === 'information' ? 'notice' : kind;
    return count === 0 ? [] : [`${count} ${noun}${count === 1 ? '' : 's'}`];
  });
  return counts.join(', ');
}

/** The object that `-o json` prints (`spec/surfaces.md` §2). */
export function jsonReport(found: readonly CheckedDiagnostic[], cwd: string): unknown {
  return { diagnostics: found.map((each) => ({ ...each, file: shown(cwd, each.file) })) };
}

const levels = { error: 'error', warning: 'warning', information: 'note' } as const;

/** A log in SARIF 2.1.0, as code hosts take them. Its columns count UTF-16 code units from one, which it says. */
export function sarifReport(found: readonly CheckedDiagnostic[], cwd: string, version: string): unknown {
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'spell check',
            version,
            rules: rules.map((rule) => ({
              id: rule.code,
              shortDescription: { text: rule.page.what },
              fullDescription: { text: rule.page.why },
              defaultConfiguration: { level: levels[rule.severity] },
            })),
          },
        },
        columnKind: 'utf16CodeUnits',
        originalUriBaseIds: { ROOT: { uri: `${pathToFileURL(cwd).href}/` } },
        results: found.map(({ file, code, severity, message, range }) => {
          const index = rules.findIndex((rule) => rule.code === code);
          return {
            ruleId: code,
            ...(index < 0 ? {} : { ruleIndex: index }),
            level: levels[severity],
            message: { text: message },
            locations: [
              {
                physicalLocation: {
                  artifactLocation: artifact(cwd, file),
                  region: {
                    startLine: range.start.line + 1,
                    startColumn: range.start.character + 1,
                    endLine: range.end.line + 1,
                    endColumn: range.end.character + 1,
                  },
                },
              },
            ],
          };
        }),
      },
    ],
  };
}

/** Below the working directory a relative path; elsewhere the whole. */
function artifact(cwd: string, file: string): { uri: string; uriBaseId?: string } {
  const path = shown(cwd, file);
  if (path.startsWith('..') || path.startsWith('/')) return { uri: pathToFileURL(file).href };
  return { uri: path.split('/').map(encodeURIComponent).join('/'), uriBaseId: 'ROOT' };
}

/** A file as it is named on a command line in that folder. */
function shown(cwd: string, file: string): string {
  return relative(cwd, file).replaceAll('\\', '/') || file;
}
