import { type Completion, globalOptionsWithValue } from './command-tree.ts';

/** A script for zsh (zshcompsys(1)). Where nothing of ours fits, zsh completes files. */
export function zshCompletion(positions: readonly Completion[]): string {
  const cases = positions.map(({ words, next, options }) => {
    const choices = next.map(([word, doc]) => quoted(`${escapeColon(word)}:${doc}`)).join(' ');
    const names = options.map(({ name, doc }) => quoted(`--${escapeColon(name)}:${doc}`)).join(' ');
    return `      ${quoted(words)}) choices=(${choices}); options=(${names}) ;;`;
  });
  return `#compdef spell
# zsh completion of spell: source <(spell completion zsh), or save it as _spell in a folder of $fpath
_spell() {
  local -a choices options
  local trail='' word
  integer i
  for ((i = 2; i < CURRENT; i++)); do
    word=$words[i]
    case $word in
      ${globalOptionsWithValue().join('|')}) ((i++)) ;;
      -*) ;;
      *) trail="\${trail:+$trail }$word" ;;
    esac
  done
  while :; do
    case $trail in
${cases.join('\n')}
      *) [[ $trail == *' '* ]] || break; trail=\${trail% *}; continue ;;
    esac
    break
  done
  if [[ $PREFIX == -* ]]; then
    _describe option options
  elif (( $#choices )); then
    _describe command choices
  else
    _files
  fi
}
if [[ $funcstack[1] == _spell ]]; then _spell "$@"; else compdef _spell spell; fi
`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

function escapeColon(text: string): string {
  return text.replaceAll(':', '\\:');
}
