import type { ControlPlaneFacts } from '../../runtime/api/language-server.ts';
import type { Environment } from '../features/world/environment.ts';
import type { World } from '../features/world/world.ts';
import { Project } from '../parse/project/project.ts';
import { MemoryFiles } from './memory-files.ts';

/** The folder that examples and fixtures lie in. */
export const exampleRoot = '/project';

/** A world of a few files below {@link exampleRoot}; what a client would tell can be given. */
export function memoryWorld(
  files: Readonly<Record<string, string>>,
  told: { facts?: ControlPlaneFacts; environment?: Environment; entrypoint?: string } = {},
): World {
  const texts = Object.fromEntries(Object.entries(files).map(([name, text]) => [`${exampleRoot}/${name}`, text]));
  return {
    project: new Project(new MemoryFiles(texts)),
    facts: told.facts ?? {},
    environment: told.environment,
    roots: [exampleRoot],
    atHand: [],
    yamlElsewhere: false,
    ...(told.entrypoint === undefined ? {} : { command: { entrypoint: `${exampleRoot}/${told.entrypoint}` } }),
    uri: (path) => `file://${path}`,
    path: (uri) => uri.replace(/^file:\/\//, ''),
  };
}
