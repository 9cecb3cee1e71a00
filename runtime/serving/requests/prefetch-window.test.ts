import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { maxWindow, PrefetchWindow } from './prefetch-window.ts';

describe('PrefetchWindow', () => {
  const after = (answers: number, elapsedMs: number, times: number): PrefetchWindow => {
    const window = new PrefetchWindow();
    for (let time = 0; time < times; time++) window.observe(answers, elapsedMs);
    return window;
  };

  it('begins with one running and one waiting request', () => assert.equal(new PrefetchWindow().size, 2));
  it('opens fully for a worker that answers in microseconds', () => assert.equal(after(20, 0.5, 3).size, maxWindow));
  it('holds what runs and one more when a request takes long', () => assert.equal(after(1, 250, 1).size, 2));
  it('lets about 2 ms of work wait in between', () => assert.equal(after(1, 0.5, 20).size, 5));

  it('closes again within some answers when requests get slow', () => {
    const window = after(20, 0.5, 10);
    for (let time = 0; time < 5; time++) window.observe(1, 50);
    assert.equal(window.size, 2);
  });
});
