const shownLines = 20;

/** Of no use to anybody: what went wrong stands below it. */
const emptyHeadline = /^\s*error: subprocess-exited-with-error/;
/** Conda names its errors as Python does, at the beginning of a line, where pip shows such lines of others indented. */
const headline = /^(\s*(error:|×)|(error|critical)\s+libmamba|[A-Z]\w*(Error|NotFound):)\s*/i;

/**
 * What an installer says about its failure, out of all that it printed: pip's lines begin with `ERROR:`, uv's with
 * `error:` or a cross and go on, indented, with the cause, and so do those of conda's tools. `summary` is that in one line, `log` is what to show.
 */
export function resolverWords(lines: readonly string[]): { summary: string; log: string[] } {
  const said = lines.filter((line) => line.trim() !== '' && !line.startsWith('[notice]'));
  const first = said.findIndex((line) => headline.test(line) && !emptyHeadline.test(line));
  if (first < 0) return { summary: said.at(-1)?.trim() ?? 'it said nothing', log: said.slice(-shownLines) };
  const causes = said.slice(first + 1);
  const end = causes.findIndex((line) => !/^\s/.test(line) || headline.test(line));
  const cause = causes
    .slice(0, end < 0 ? undefined : end)
    .map((line) => line.replace(/^\s*(╰─▶|cause:|Caused by:|[│├└]─*)?\s*/, ''))
    .join(' ');
  const sentence = said[first]?.replace(headline, '').trim().replace(/:$/, '') ?? '';
  return { summary: [sentence, cause].filter(Boolean).join(': '), log: said.slice(first, first + shownLines) };
}
