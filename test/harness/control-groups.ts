import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** The folder of the control group that a process is in, by its `/proc/PID/cgroup`: for one controller of version 1, or for all of version 2. */
export function controlGroupOf(groups: string, controller: string): string {
  const [, path = ''] = new RegExp(`^\\d+:${controller}:(.*)$`, 'm').exec(groups) ?? /^0::(.*)$/m.exec(groups) ?? [];
  const folder = join('/sys/fs/cgroup', controller, path);
  return existsSync(folder) ? folder : join('/sys/fs/cgroup', path);
}
