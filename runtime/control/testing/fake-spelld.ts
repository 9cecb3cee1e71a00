import { SpellError } from '../../api/errors.ts';
import { runSpelld } from '../process/run.ts';
import { FakePlatform } from './fake-platform.ts';

/** A real control plane process over a platform without machines, for tests of its life. On port 1 the platform cannot start. */
await runSpelld(process.argv.slice(2), ({ port }) => {
  const platform = new FakePlatform();
  if (port === 1) platform.failStart = new SpellError('port-taken', 'the port 1 is taken', 'choose another');
  return platform;
});
