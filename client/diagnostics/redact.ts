/** Names whose values nobody should read in a report. */
const secretName = /(token|secret|password|passwd|credential|authorization|api[-_]?key|private[-_]?key)/i;

/**
 * Takes out of a text what a report must not carry: what follows names that sound secret, `Bearer` tokens, passwords in
 * addresses, the given values themselves, and the name of the person's own folder. Pure.
 */
export function redact(text: string, { secrets, homeFolder }: { secrets: readonly string[]; homeFolder: string }): string {
  const known = secrets.filter((secret) => secret.length >= 8).reduce((left, secret) => left.replaceAll(secret, '‹redacted›'), text);
  const named = known
    .replace(/\bBearer\s+\S+/gi, 'Bearer ‹redacted›')
    .replace(/(\w+:\/\/[^\s/:@]+):[^\s/@]+@/g, '$1:‹redacted›@')
    .replace(/(["']?)([\w-]+)\1(\s*[=:]\s*)("[^"]*"|'[^']*'|[^\s,;]+)/g, (all, quote: string, name: string, between: string) =>
      secretName.test(name) ? `${quote}${name}${quote}${between}‹redacted›` : all,
    );
  return homeFolder.length > 1 ? named.replaceAll(homeFolder, '~') : named;
}
