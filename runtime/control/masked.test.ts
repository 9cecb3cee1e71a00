import assert from 'node:assert/strict';
import { test } from 'node:test';
import { maskSettings } from './masked.ts';

test('of a conda file, the variables, the tokens of channels and who logs in to them are not shown', () => {
  const content = {
    channels: ['conda-forge', 'https://repo.example/t/tk-1234/mine', 'https://ada:pass@repo.example/other'],
    dependencies: ['python=3.11', { pip: ['--index-url https://ada:pass@index.example/simple', 'numpy'] }],
    variables: { API_KEY: 'secret' },
  };
  assert.deepEqual(maskSettings({ 'conda-file': { file: 'environment.yml', content } }), {
    'conda-file': {
      file: 'environment.yml',
      content: {
        channels: ['conda-forge', 'https://repo.example/t/***/mine', 'https://***@repo.example/other'],
        dependencies: ['python=3.11', { pip: ['--index-url https://***@index.example/simple', 'numpy'] }],
        variables: { API_KEY: '***' },
      },
    },
  });
});
