/** What a fixture says must be reported on a line. */
export interface Want {
  readonly code: string;
  readonly line: number;
  /** A part of the message. */
  readonly message: string;
  /** The title of the fix that the golden file shows. */
  readonly fix?: string;
}

const pattern = /\s*# want(?: ([a-z-]+))? "((?:[^"\\]|\\.)*)"(?: fix="((?:[^"\\]|\\.)*)")?/g;

/** Takes the `# want` comments out of a text: what is analysed does not contain them. */
export function wantsIn(marked: string, code: string): { text: string; wants: Want[] } {
  const wants: Want[] = [];
  const lines = marked.split('\n').map((line, number) => {
    for (const match of line.matchAll(pattern)) {
      const fix = match[3] === undefined ? {} : { fix: unquote(match[3]) };
      wants.push({ code: match[1] ?? code, line: number, message: unquote(match[2] ?? ''), ...fix });
    }
    return line.replace(pattern, '');
  });
  return { text: lines.join('\n'), wants };
}

function unquote(text: string): string {
  return text.replaceAll('\\"', '"');
}
