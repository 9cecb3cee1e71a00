import assert from 'node:assert/strict';
import { test } from 'node:test';
import { joinGpuUse } from './gpu-use.ts';

test('memory adds up, how busy they are is an average, and what some do not tell is taken of the others', () => {
  assert.deepEqual(
    joinGpuUse([
      { gpuMemoryBytes: 100, gpuUtilization: 0.5 },
      { gpuMemoryBytes: 20, gpuUtilization: 0.1 },
    ]),
    {
      gpuMemoryBytes: 120,
      gpuUtilization: 0.3,
    },
  );
  assert.deepEqual(joinGpuUse([{ gpuMemoryBytes: 100 }, {}]), { gpuMemoryBytes: 100 });
  assert.deepEqual(joinGpuUse([]), {});
});
