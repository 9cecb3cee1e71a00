import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { homeLayout } from '../../api/home.ts';

/** Where the local platform keeps what it makes, below `$SPELL_HOME/local`. All of it can be made again. */
export interface LocalLayout {
  root: string;
  /** One folder per snapshot of code, by digest: the working directory of its workers. */
  code: string;
  /** One folder per set of pinned models. */
  models: string;
  /** One folder per managed Python environment. */
  environments: string;
  /** What the installers printed, one file per environment. */
  environmentLogs: string;
  /** The mount point of a worker's private root: always empty. */
  empty: string;
  /** What is known of interpreters, by path and modification time. */
  interpreters: string;
  /** What the gateway was told last, so that the next control plane says the same to it. */
  told: string;
}

export function localLayout(home: string): LocalLayout {
  const { platform: root, logs } = homeLayout(home);
  return {
    root,
    code: join(root, 'code'),
    models: join(root, 'models'),
    environments: join(root, 'environments'),
    environmentLogs: join(logs, 'environments'),
    empty: join(root, 'empty'),
    interpreters: join(root, 'interpreters.json'),
    told: join(root, 'told.json'),
  };
}

/** A digest as a folder's name: without its `sha256:`. */
export function folderName(digest: string): string {
  return digest.slice(digest.indexOf(':') + 1);
}

/** A name for what is made from some facts: equal facts, equal name. 128 bits, so that paths stay readable. */
export function nameOfFacts(facts: unknown): string {
  return createHash('sha256').update(JSON.stringify(facts)).digest('hex').slice(0, 32);
}
