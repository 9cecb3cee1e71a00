/** The files whose changes on disk can change what is said about an open one. */
export const watchedGlobs = ['**/*.py', '**/spell.yaml', '**/*.{yaml,yml,json}', '**/*requirements*.txt'].map((globPattern) => ({
  globPattern,
}));
