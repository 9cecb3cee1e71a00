import type * as vscode from 'vscode';
import type { SpellError } from '../../runtime/api/errors.ts';
import type { Event } from '../emitter.ts';
import type { ListingChange, ListingState } from '../inventory/listing.ts';

/** A node of one of our trees: what it is about, never how that is now. Equal ids are the same node. */
export interface TreeNode {
  /** Without anything that changes while the thing stays the same. */
  readonly id: string;
  readonly parent?: TreeNode;
}

/** What a tree is read from. */
export interface TreeListing {
  readonly state: ListingState;
  readonly error: SpellError | undefined;
  readonly onDidChange: Event<ListingChange>;
  read(): Promise<void>;
}

/** What a tree shows, apart from the editor's own machinery. */
export interface TreeSource<N extends TreeNode> {
  readonly listing: TreeListing;
  /** One root, by its id, that is read from another list, with all that is below it. */
  readonly group?: { readonly id: string; readonly listing: TreeListing };
  roots(): N[];
  /** May ask for more than was read until now. */
  children(node: N): Promise<N[]>;
  /** How it looks now; without its tooltip. */
  item(node: N): vscode.TreeItem;
  /** Tooltips tell of what no event does: each is asked for again after a while. */
  readonly tooltipsAge?: true;
  /** Asked when somebody points at it. */
  tooltip(node: N): Promise<vscode.MarkdownString | undefined>;
  /** The root's id of the thing with this key. */
  rootId(key: string): string;
  /** How many of them want attention, with words for it. */
  attention?(): { count: number; words: string };
}
