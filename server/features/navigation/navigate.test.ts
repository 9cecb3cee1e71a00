import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { Location, TextDocumentEdit } from 'vscode-languageserver-types';
import { Lines } from '../../parse/text/lines.ts';
import { withCursor } from '../../testing/cursor.ts';
import { definition, prepareRename, references, rename } from './navigate.ts';

const yaml = 'entrypoint: predictor.py\nclassname: Predictor\nconfig: config.yaml\n';
const python =
  'from spell.serving import BasePredictor, with_full_request\n\n\nclass Predictor(BasePredictor):\n    def __init__(self, limit=3):\n        self.limit = limit\n\n    @with_full_request(name="raw")\n    def predict(self, payload, raw):\n        return self.limit\n';
const project = { 'spell.yaml': yaml, 'config.yaml': 'limit: 7\n', 'predictor.py': python };

function shown(locations: readonly Location[], files: Record<string, string>): string[] {
  return locations.map(({ uri, range }) => {
    const name = uri.replace('file:///project/', '');
    const lines = new Lines(files[name] ?? '');
    return `${name}:${range.start.line + 1} ${lines.text.slice(lines.offsetAt(range.start), lines.offsetAt(range.end))}`;
  });
}

function at(file: keyof typeof project, before: string, after: string): ReturnType<typeof withCursor> {
  return withCursor({ ...project, [file]: project[file].replace(before + after, `${before}|${after}`) });
}

suite('navigation between config, spell.yaml and predictor', () => {
  test('from key to parameter and back', () => {
    const key = at('config.yaml', 'li', 'mit');
    assert.deepEqual(shown(definition(key.subject, key.position), key.files), ['predictor.py:5 limit']);
    const parameter = at('predictor.py', 'self, li', 'mit');
    assert.deepEqual(shown(definition(parameter.subject, parameter.position), parameter.files), ['config.yaml:1 limit']);
  });

  test('references are the parameter, its uses in `__init__` and the keys', () => {
    const { subject, position, files } = at('config.yaml', 'li', 'mit');
    assert.deepEqual(shown(references(subject, position), files), ['predictor.py:5 limit', 'predictor.py:6 limit', 'config.yaml:1 limit']);
  });

  test('rename changes parameter, uses and keys together; other names are left to other servers', () => {
    const { subject, position } = at('predictor.py', 'self, li', 'mit');
    assert.equal(prepareRename(subject, position)?.placeholder, 'limit');
    const edit = rename(subject, position, 'maximum', { documentChanges: true, version: () => 1 });
    const changed = ((edit?.documentChanges ?? []) as TextDocumentEdit[]).map(
      ({ textDocument, edits }) => `${textDocument.uri.split('/').at(-1)} ${edits.length}`,
    );
    assert.deepEqual(changed, ['predictor.py 2', 'config.yaml 1']);
    assert.equal(rename(subject, position, 'not a name', { documentChanges: true, version: () => 1 }), null);
    const other = at('predictor.py', 'pay', 'load');
    assert.equal(prepareRename(other.subject, other.position), null);
  });

  test('from settings to what they name, from a decorator’s name to the parameter', () => {
    const entrypoint = at('spell.yaml', 'predic', 'tor.py');
    assert.deepEqual(
      definition(entrypoint.subject, entrypoint.position).map((each) => each.uri),
      ['file:///project/predictor.py'],
    );
    const classname = at('spell.yaml', 'classname: Pre', 'dictor');
    assert.deepEqual(shown(definition(classname.subject, classname.position), classname.files), ['predictor.py:4 Predictor']);
    const decorator = at('predictor.py', '"ra', 'w"');
    assert.deepEqual(shown(definition(decorator.subject, decorator.position), decorator.files), ['predictor.py:9 raw']);
  });
});
