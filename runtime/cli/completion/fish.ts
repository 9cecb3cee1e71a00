import { type Completion, globalOptionsWithValue } from './command-tree.ts';

/** A script for fish (fish's manual, "Writing your own completions"). Where nothing of ours fits, fish completes files. */
export function fishCompletion(positions: readonly Completion[]): string {
  const lines = positions.flatMap(({ words, next, options }) => [
    ...next.map(([word, doc]) => `complete -c spell -n ${at(words)} -f -a ${quoted(word)} -d ${quoted(doc)}`),
    ...options.map(({ name, short, doc, takesValue }) =>
      [
        'complete -c spell',
        `-n ${at(words)}`,
        ...(short ? [`-s ${short}`] : []),
        `-l ${name}`,
        ...(takesValue ? ['-r'] : []),
        `-d ${quoted(doc)}`,
      ].join(' '),
    ),
  ]);
  return `# fish completion of spell: spell completion fish | source
function __spell_at
  set -l trail
  set -l skip 0
  for word in (commandline -opc)[2..-1]
    if test $skip = 1
      set skip 0
      continue
    end
    switch $word
      case ${globalOptionsWithValue().join(' ')}
        set skip 1
      case '-*'
      case '*'
        set -a trail $word
    end
  end
  set -l depth (count (string split -n ' ' -- $argv[1]))
  if test $argv[2] = complete
    test (count $trail) -ge $depth; and test "$trail[1..$depth]" = $argv[1]
  else
    test "$trail" = $argv[1]
  end
end
${lines.join('\n')}
`;

  function at(words: string): string {
    const isComplete = positions.some((position) => position.words === words && position.next.length === 0);
    return quoted(`__spell_at ${quoted(words)} ${isComplete ? 'complete' : 'partial'}`);
  }
}

function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
