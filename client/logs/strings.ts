import type * as vscode from 'vscode';

/** Every word that the panel shows; `{0}` and `{1}` are filled in there. */
export function panelStrings({ t }: typeof vscode.l10n): PanelStrings {
  return {
    toolbar: t('Log'),
    lines: t('Lines of the log'),
    pod: t('Pod'),
    allPods: t('All pods'),
    level: t('Level'),
    levelAll: t('All levels'),
    levelInfo: t('Information and above'),
    levelWarning: t('Warnings and above'),
    levelError: t('Errors'),
    filter: t('Filter'),
    filterHint: t('Filter (Enter: next match)'),
    regex: t('Use a regular expression'),
    onlyMatches: t('Only matching lines'),
    onlyMatchesLabel: t('Only matches'),
    previous: t('Previous match (Shift+Enter)'),
    next: t('Next match (Enter)'),
    times: t('Times'),
    wrap: t('Wrap'),
    matches: t('{0} of {1}'),
    noMatches: t('No matches'),
    dropped: t('{0} older lines were dropped: the panel keeps the last {1}.'),
    follow: t('Go on following'),
    followNew: t('Go on following ({0} new lines)'),
    nothing: t('Nothing was printed yet.'),
    filteredOut: t('The filter hides all lines.'),
    choose: t('Choose a Model Server'),
    chooseWhy: t('What the pods of a model server print is shown here.'),
    openFile: t('Open {0}, line {1}'),
  };
}

/** Their names, for the panel. */
export interface PanelStrings {
  toolbar: string;
  lines: string;
  pod: string;
  allPods: string;
  level: string;
  levelAll: string;
  levelInfo: string;
  levelWarning: string;
  levelError: string;
  filter: string;
  filterHint: string;
  regex: string;
  onlyMatches: string;
  onlyMatchesLabel: string;
  previous: string;
  next: string;
  times: string;
  wrap: string;
  matches: string;
  noMatches: string;
  dropped: string;
  follow: string;
  followNew: string;
  nothing: string;
  filteredOut: string;
  choose: string;
  chooseWhy: string;
  openFile: string;
}
