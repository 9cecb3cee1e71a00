import type { Contribution } from '../context.ts';

/** Starts the language server with the first document that it is about. */
export const runLanguageServer: Contribution = {
  register: ({ languageServer }) => languageServer.register(),
};
