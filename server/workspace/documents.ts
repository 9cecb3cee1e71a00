import type { Range } from 'vscode-languageserver-types';
import { type PythonFile, parsePython } from '../parse/python/file.ts';
import { Lines } from '../parse/text/lines.ts';
import { parseYaml, type YamlFile } from '../parse/yaml/yaml.ts';

/** A document that the editor has open. */
export interface OpenDocument {
  readonly uri: string;
  readonly path: string;
  readonly languageId: string;
  readonly version: number;
  readonly text: string;
  readonly lines: Lines;
  /** Never the same for two states of any document. */
  readonly serial: number;
  /** Parsed when first asked for, from what the state before was parsed to. */
  readonly python: () => PythonFile;
  readonly yaml: () => YamlFile;
  /** The last state that was parsed, without parsing. */
  readonly parsedPython: () => PythonFile | undefined;
}

/** A change as the protocol sends it: a range, or the whole text. */
export type Change = { readonly range: Range; readonly text: string } | { readonly text: string };

/** The editor's documents. A state never changes: an edit makes a new one. */
export class Documents {
  readonly #byPath = new Map<string, OpenDocument>();
  #serial = 0;

  get(path: string): OpenDocument | undefined {
    return this.#byPath.get(path);
  }

  all(): OpenDocument[] {
    return [...this.#byPath.values()];
  }

  open(uri: string, path: string, languageId: string, version: number, text: string): OpenDocument {
    return this.#set(uri, path, languageId, version, text, undefined);
  }

  /** Applies changes one after the other, as the protocol wants it. Undefined for a document that is not open. */
  change(path: string, version: number, changes: readonly Change[]): OpenDocument | undefined {
    const before = this.#byPath.get(path);
    if (!before) return undefined;
    let { text, lines } = before;
    for (const change of changes) {
      if ('range' in change) {
        const [from, to] = [lines.offsetAt(change.range.start), lines.offsetAt(change.range.end)];
        text = text.slice(0, Math.min(from, to)) + change.text + text.slice(Math.max(from, to));
      } else text = change.text;
      lines = new Lines(text);
    }
    return this.#set(before.uri, path, before.languageId, version, text, before);
  }

  close(path: string): void {
    this.#byPath.delete(path);
  }

  #set(uri: string, path: string, languageId: string, version: number, text: string, before: OpenDocument | undefined): OpenDocument {
    let python: PythonFile | undefined;
    let yaml: YamlFile | undefined;
    // Only the tree of the state before is kept, and only until this one is parsed.
    let former = before?.parsedPython();
    const document: OpenDocument = {
      uri,
      path,
      languageId,
      version,
      text,
      lines: new Lines(text),
      serial: ++this.#serial,
      python: () => {
        python ??= parsePython(text, former, document.lines);
        former = undefined;
        return python;
      },
      yaml: () => {
        yaml ??= parseYaml(text);
        return yaml;
      },
      parsedPython: () => python ?? former,
    };
    this.#byPath.set(path, document);
    return document;
  }
}
