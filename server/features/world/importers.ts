import type { Module, Project } from '../../parse/project/project.ts';
import type { World } from './world.ts';

/** Whether another of the files at hand imports this one: then it is a part of that one, and not served by itself. */
export function isImported(world: World, path: string): boolean {
  return world.atHand.some((other) => {
    const module = other !== path && other.endsWith('.py') ? world.project.module(other) : undefined;
    return module ? imports(world.project, module, path) : false;
  });
}

function imports(project: Project, { path: from, bindings }: Module, path: string): boolean {
  const leads = (module: string, level: number): boolean => {
    const target = project.import(from, module, level);
    return target.kind === 'module' && target.module.path === path;
  };
  if (bindings.stars.some((star) => leads(star.module, star.level))) return true;
  return [...bindings.names.values()].flat().some((binding) => {
    if (binding.kind === 'import') return leads(binding.imported.name, 0);
    if (binding.kind !== 'import-from') return false;
    const { module, level } = binding.statement;
    return leads(module, level) || leads(module === '' ? binding.imported.name : `${module}.${binding.imported.name}`, level);
  });
}
