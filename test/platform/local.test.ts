import { platformConformance } from './conformance.ts';
import { makeLocalPlace } from './local-place.ts';

platformConformance('local', () => makeLocalPlace());
