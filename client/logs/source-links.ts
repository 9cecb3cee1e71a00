import type * as vscode from 'vscode';
import type { Context, Contribution } from '../context.ts';
import { logsOf, logsScheme } from './log-documents.ts';
import { findSource } from './open-source.ts';
import { findSourceLink } from './view/source-link.ts';

/** A link whose file is looked for when somebody is about to follow it. */
interface SourceDocumentLink extends vscode.DocumentLink {
  uri: vscode.Uri;
  path: string;
  line: number;
}

/** In log documents, and in files that the panel was exported to, the places of tracebacks are links. */
export const sourceLinks: Contribution = {
  register(context) {
    return context.code.languages.registerDocumentLinkProvider('spell-log', {
      provideDocumentLinks: (document) => linksOf(context, document),
      resolveDocumentLink: async (link: SourceDocumentLink) => {
        const found = await findSource(context, link.uri.scheme === logsScheme ? logsOf(link.uri) : undefined, link.path);
        if (found) link.target = found.with({ fragment: `L${link.line}` });
        return link;
      },
    });
  },
};

function linksOf({ code: { DocumentLink, Range } }: Context, document: vscode.TextDocument): SourceDocumentLink[] {
  return document
    .getText()
    .split('\n')
    .flatMap((text, row) => {
      const found = findSourceLink(text);
      if (!found) return [];
      const link = new DocumentLink(new Range(row, found.start, row, found.end));
      return [Object.assign(link, { uri: document.uri, path: found.path, line: found.line })];
    });
}
