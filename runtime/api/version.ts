/** The version of this build: one for all programs, from the root's `package.json`, put in by the bundler. */
export const version: string = process.env.SPELL_VERSION ?? 'development';
