import { type Completion, globalOptionsWithValue } from './command-tree.ts';

/** A script for bash (its manual, "Programmable Completion"). Where nothing of ours fits, bash completes files. */
export function bashCompletion(positions: readonly Completion[]): string {
  const cases = positions.map(({ words, next, options }) => {
    const names = options.map(({ name }) => `--${name}`).join(' ');
    return `    '${words}') choices='${next.map(([word]) => word).join(' ')}' options='${names}' ;;`;
  });
  return `# bash completion of spell: source <(spell completion bash)
_spell() {
  local current=\${COMP_WORDS[COMP_CWORD]} trail='' choices='' options='' word i
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=\${COMP_WORDS[i]}
    case $word in
      ${globalOptionsWithValue().join('|')}) ((i++)) ;;
      -*) ;;
      *) trail="\${trail:+$trail }$word" ;;
    esac
  done
  while :; do
    case $trail in
${cases.map((line) => `  ${line}`).join('\n')}
      *) [[ $trail == *' '* ]] || break; trail=\${trail% *}; continue ;;
    esac
    break
  done
  if [[ $current == -* ]]; then
    COMPREPLY=($(compgen -W "$options" -- "$current"))
  elif [[ -n $choices ]]; then
    COMPREPLY=($(compgen -W "$choices" -- "$current"))
  else
    COMPREPLY=()
  fi
}
complete -o default -F _spell spell
`;
}
