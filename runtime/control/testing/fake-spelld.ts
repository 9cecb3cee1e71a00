import { runSpelld } from '../process/run.ts';
import { FakePlatform } from './fake-platform.ts';

/** A real control plane process over a platform without machines, for tests of its life. */
await runSpelld(process.argv.slice(2), () => new FakePlatform());
