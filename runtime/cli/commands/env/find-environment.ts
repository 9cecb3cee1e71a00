import { shortId } from '../../../api/environment-parts.ts';
import { SpellError } from '../../../api/errors.ts';
import type { Environment } from '../../../api/objects.ts';

/** The environment whose id begins with what was said, as tables show it. Throws `not-found`, and `usage` where several begin so. */
export function findEnvironment(said: string, environments: readonly Environment[]): Environment {
  const [found, ...others] = environments.filter(({ id }) => said !== '' && id.startsWith(said));
  if (!found) throw new SpellError('not-found', `there is no environment ${JSON.stringify(said)}`, '`spell env` lists them');
  if (others.length === 0) return found;
  const ids = [found, ...others].map(({ id }) => shortId(id));
  throw new SpellError('usage', `${ids.length} environments begin with ${JSON.stringify(said)}`, `say more of its id: ${ids.join(' or ')}`);
}
