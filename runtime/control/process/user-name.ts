import { userInfo } from 'node:os';

/** The operating system's name for the user; a container may run as a number that has none. */
export function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return process.env.USER ?? String(process.getuid?.() ?? 'unknown');
  }
}
