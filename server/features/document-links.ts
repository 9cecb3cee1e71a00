import type { DocumentLink } from 'vscode-languageserver-types';
import { pathOf } from '../parse/yaml/spell-yaml.ts';
import type { Subject } from './diagnose.ts';
import { fileExists } from './spell-yaml/paths.ts';
import { SpellYamlFile } from './subjects/spell-yaml-file.ts';

const pathKeys = ['entrypoint', 'config', 'pip-req', 'conda-file'];

/** The files that a `spell.yaml` names, as links; only those that exist. */
export function documentLinks(subject: Subject): DocumentLink[] {
  if (!(subject instanceof SpellYamlFile)) return [];
  return subject.servers.flatMap((server) =>
    pathKeys.flatMap((key) => {
      const value = server.entries.get(key)?.value;
      const path = pathOf(subject.spellYaml, server, key);
      if (value?.kind !== 'scalar' || path === undefined || !fileExists(subject.world, path)) return [];
      return [{ range: subject.lines.range(value), target: subject.world.uri(path) }];
    }),
  );
}
