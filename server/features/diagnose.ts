import { nameOf } from '../parse/project/paths.ts';
import { spellYamlName, toSpellYaml } from '../parse/yaml/spell-yaml.ts';
import { isHalfTyped } from './half-typed.ts';
import { rules } from './rules/all-rules.ts';
import type { Finding, Rule } from './rules/rule.ts';
import { unusedSuppression } from './rules/unused-suppression.ts';
import { ConfigFile, receiversOf } from './subjects/config-file.ts';
import { PredictorFile } from './subjects/predictor-file.ts';
import { SpellYamlFile } from './subjects/spell-yaml-file.ts';
import { lastLine, type Suppression, silences, suppressionsOf, yamlSuppressions } from './suppressions.ts';
import type { World } from './world/world.ts';

/** A file that rules speak about. */
export type Subject = PredictorFile | ConfigFile | SpellYamlFile;

/** Recognises a file. Undefined for one that is none of ours, or not read yet. */
export function subjectAt(world: World, path: string): Subject | undefined {
  const { view } = world.project;
  if (/\.pyi?$/.test(path)) {
    const module = world.project.module(path);
    return module ? new PredictorFile(world, module) : undefined;
  }
  if (!/\.(ya?ml|json)$/.test(path)) return undefined;
  if (nameOf(path) === spellYamlName) {
    const yaml = view.yaml(path);
    return yaml ? new SpellYamlFile(world, toSpellYaml(path, yaml)) : undefined;
  }
  const receivers = receiversOf(world, path);
  const yaml = receivers.length > 0 ? view.yaml(path) : undefined;
  return yaml ? new ConfigFile(world, path, yaml, receivers) : undefined;
}

/** All that the rules say about a file, in the order of its text, without what comments silence. */
export function diagnose(subject: Subject): Finding[] {
  const found: Finding[] = [];
  for (const rule of rules)
    for (const report of checked(rule, subject)) found.push({ ...report, code: rule.code, severity: rule.severity });
  const { kept, unused } = silenced(found, suppressionsIn(subject), subject);
  const notices = speaksAbout(subject)
    ? unused.flatMap((each): Finding[] => {
        const report = unusedSuppression(subject, each);
        return report ? [{ ...report, code: 'unused-suppression', severity: 'information' }] : [];
      })
    : [];
  return [...kept, ...notices].sort((a, b) => a.span.from - b.span.from || a.span.to - b.span.to || (a.code < b.code ? -1 : 1));
}

/** Whether silence about a file means anything: it is understood, and has something that rules look at. */
function speaksAbout(subject: Subject): boolean {
  if (!(subject instanceof PredictorFile)) return true;
  return subject.file.problems.length === 0 && (subject.predictors.length > 0 || subject.isEntrypoint);
}

function checked(rule: Rule, subject: Subject): Iterable<Omit<Finding, 'code' | 'severity'>> {
  if (rule.subject === 'predictor')
    return subject instanceof PredictorFile ? [...rule.check(subject)].filter(({ span }) => !isHalfTyped(subject.file, span)) : [];
  if (rule.subject === 'yaml') return subject instanceof PredictorFile ? [] : rule.check(subject);
  // What is no YAML may say anything; only that is told.
  if (!(subject instanceof PredictorFile) && subject.yaml.problems.length > 0) return [];
  if (rule.subject === 'config') return subject instanceof ConfigFile ? rule.check(subject) : [];
  return subject instanceof SpellYamlFile ? rule.check(subject) : [];
}

function suppressionsIn(subject: Subject): Suppression[] {
  return subject instanceof PredictorFile ? suppressionsOf(subject.file) : yamlSuppressions(subject.text, subject.lines);
}

/** A finding is silenced by a comment on the line where it begins or ends. */
function silenced(
  found: readonly Finding[],
  suppressions: readonly Suppression[],
  { text, lines }: Subject,
): { kept: Finding[]; unused: Suppression[] } {
  if (suppressions.length === 0) return { kept: [...found], unused: [] };
  const used = new Set<Suppression>();
  const kept = found.filter((finding) => {
    const at = [lines.lineAt(finding.span.from), lastLine(text, lines, finding.span)];
    const by = suppressions.filter((suppression) => at.includes(suppression.line) && silences(suppression, finding.code));
    for (const suppression of by) used.add(suppression);
    return by.length === 0;
  });
  return { kept, unused: suppressions.filter((suppression) => !used.has(suppression)) };
}
