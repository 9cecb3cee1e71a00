import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { ClassDefinition, FunctionDefinition, Node } from './ast.ts';
import { isWhole, parsePython, statementsOf } from './file.ts';
import { walk } from './walk.ts';

function classIn(text: string): ClassDefinition {
  const found = statementsOf(parsePython(text)).find((statement) => statement.kind === 'class');
  assert.ok(found, 'no class');
  return found;
}

function methods(text: string): string[] {
  return classIn(text).body.flatMap((statement) => (statement.kind === 'function' ? [statement.name] : []));
}

function nodes(text: string, kind: Node['kind']): string[] {
  const found: string[] = [];
  for (const statement of statementsOf(parsePython(text)))
    walk(statement, (node) => {
      if (node.kind === kind) found.push(text.slice(node.from, node.to));
    });
  return found;
}

suite('Python, parsed', () => {
  test('parameters know their kind, annotation and default', () => {
    const text = 'def f(a, b: int = 1, /, c="x", *rest, d: str, e=2, **more) -> dict: ...';
    const [definition] = statementsOf(parsePython(text)) as FunctionDefinition[];
    assert.deepEqual(
      definition?.parameters.map(({ name, kind, annotation, default: value }) => [
        name,
        kind,
        annotation !== undefined,
        value !== undefined,
      ]),
      [
        ['a', 'positional-only', false, false],
        ['b', 'positional-only', true, true],
        ['c', 'positional', false, true],
        ['rest', 'args', false, false],
        ['d', 'keyword-only', true, false],
        ['e', 'keyword-only', false, true],
        ['more', 'kwargs', false, false],
      ],
    );
  });

  test('imports keep module, dots, names and aliases', () => {
    const [first, second] = statementsOf(parsePython('import a.b as c, d\nfrom ..e.f import (g as h, i,)\n'));
    assert.ok(first?.kind === 'import' && second?.kind === 'import-from');
    assert.deepEqual(
      first.names.map(({ name, alias }) => [name, alias]),
      [
        ['a.b', 'c'],
        ['d', undefined],
      ],
    );
    assert.deepEqual(
      [second.level, second.module, second.names.map(({ name, alias }) => [name, alias])],
      [
        2,
        'e.f',
        [
          ['g', 'h'],
          ['i', undefined],
        ],
      ],
    );
  });

  test('texts have their escapes resolved and know what stands between their quotes', () => {
    const text = String.raw`x = "a\tb\x41\u00e9" 'c'; y = rb"\n"; z = f"/model/{name}.pt"`;
    const values = statementsOf(parsePython(text)).flatMap((statement) =>
      statement.kind === 'assign' && statement.value ? [statement.value] : [],
    );
    assert.deepEqual(
      values.map((value) => (value.kind === 'string' ? [value.value, value.bytes] : value.kind === 'fstring' ? [value.prefix] : [])),
      [['a\tbAéc', false], ['\\n', true], ['/model/']],
    );
  });

  test('an unfinished method hides neither those before nor those after it', () => {
    const half =
      'class P(B):\n    def __init__(self):\n        self.x = [1, 2\n\n    def predict(self, payload):\n        return foo(\n\n    def health(self):\n        return 1\n';
    assert.deepEqual(methods(half).slice(0, 1), ['__init__']);
    for (const broken of [
      'def predict(self, payload',
      'def predict(self)',
      'def predict(self, payload):\n        self.',
      'def',
      'def predict(',
    ]) {
      const text = `class P(B):\n    def __init__(self):\n        pass\n\n    ${broken}\n\n    def health(self):\n        return 1\n`;
      assert.ok(methods(text).includes('__init__'), broken);
      assert.ok(methods(text).includes('health'), broken);
    }
  });

  test('a mistake in one top-level statement stays out of the others, also an open bracket', () => {
    for (const broken of ['x = {', 'foo(1, [2', 'def f(:\n    pass', 'x = "abc', 'import', '@', 'if x', 'return )']) {
      const text = `${broken}\n\nclass P(B):\n    def predict(self, payload):\n        return payload\n`;
      const file = parsePython(text);
      assert.ok(file.problems.length > 0, broken);
      assert.deepEqual(methods(text), ['predict'], broken);
      assert.equal(isWhole(file, classIn(text)), false, 'what stands before the class may hide something');
    }
  });

  test('what stands further in than it may is no part of anything, and a problem', () => {
    const problemsOf = (text: string): string[] => parsePython(text).problems.map(({ from }) => text.slice(from).split('\n')[0] ?? '');
    assert.deepEqual(problemsOf('clas\n    def f(self):\n        return 1\n'), ['def f(self):']);
    assert.deepEqual(problemsOf('class P(B):\n\n        x = 1\n    def g(self):\n        return 1\n'), ['def g(self):']);
    assert.deepEqual(problemsOf('def f():\n    return 1\n    # further\n  # less\nx = [\n    1,\n  2]\ny = 1;  z = 2\n'), []);
  });

  test('a class is not whole when it only seems to end before what is no Python', () => {
    for (const broken of ['    de\n        return 1\n', '\n        x = 1\n    def g(self):\n        return 1\n']) {
      const text = `class P(B):\n${broken}\n\nx = 1\n`;
      assert.equal(isWhole(parsePython(text), classIn(text)), false, broken);
    }
  });

  test('what is Python is no problem: bare yields, floats without decimals, all kinds of line ends', () => {
    for (const text of [
      'def f():\n    yield\n    x = yield\n',
      'x = 20. * 3.\n',
      'a = 1\r\nb = 2\rc = 3\n',
      '\uFEFFx = 1\n',
      'def f():\n\treturn 1\n',
      'if a:\n    b\nelif c:\n    d\nelse:\n    e\n',
      '@a\n@b(1)\nasync def f(): ...\n',
      'f(a := 1)\n',
    ])
      assert.deepEqual(parsePython(text).problems, [], JSON.stringify(text));
  });

  test('generators and walruses inside calls are one argument', () => {
    assert.deepEqual(nodes('f(x for x in y if z)', 'comprehension'), ['x for x in y if z']);
    assert.deepEqual(nodes('f(a := 1, b)', 'walrus'), ['a := 1']);
  });

  test('a byte order mark and emoji do not move what follows', () => {
    const text = '\uFEFFx = "😀"; y = 1\n';
    const [, second] = statementsOf(parsePython(text));
    assert.equal(text.slice(second?.from, second?.to), 'y = 1');
    assert.deepEqual(parsePython(text).lines.positionAt(second?.from ?? 0), { line: 0, character: 11 });
  });

  test('an edit lowers only the statements from its place on', () => {
    const text = 'def a():\n    return 1\n\n\ndef b():\n    return 2\n';
    const before = parsePython(text);
    const [first] = before.units[0]?.statements ?? [];
    const after = parsePython(text.replace('2', '33'), before);
    assert.equal(after.units[0]?.statements[0], first);
    assert.notEqual(after.units[1]?.statements[0], before.units[1]?.statements[0]);
  });
});
