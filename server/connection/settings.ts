import type { LanguageServerSettings } from '../workspace/workspace.ts';

const severities = new Set(['error', 'warning', 'information', 'hint', 'off']);

/** Reads the client's section `spell`. What is no setting of ours, or no value of one, is passed over. */
export function readSettings(raw: unknown): LanguageServerSettings {
  const rules = field(raw, 'rules');
  const severity = field(rules, 'severity');
  const entries = typeof severity === 'object' && severity !== null ? Object.entries(severity) : [];
  return {
    severity: Object.fromEntries(entries.filter(([, value]) => severities.has(String(value)))) as LanguageServerSettings['severity'],
  };
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}
