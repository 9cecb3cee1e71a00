// biome-ignore lint/suspicious/noControlCharactersInRegex: the escape character is what is looked for.
const escapes = /\u001b\[[0-9;?]*[A-Za-z]/g;

/** A line without the sequences that tell a terminal colours and places (ECMA-48, CSI). */
export function plainText(text: string): string {
  return text.includes('\u001b') ? text.replaceAll(escapes, '') : text;
}
