import assert from 'node:assert/strict';
import { suite, suiteSetup, test } from 'mocha';
import * as vscode from 'vscode';
import { eventually } from '../../../harness/eventually.ts';
import { codesOf, findings } from '../support/diagnostics.ts';
import { after, openDocument } from '../support/open-document.ts';

suite('the language server in the editor', () => {
  let document: vscode.TextDocument;

  suiteSetup(async () => {
    document = await openDocument('mistaken.py');
  });

  test('marks a mistake, with a link to the page of its rule', async () => {
    const found = await findings(document.uri, (all) => codesOf(all).includes('not-serialisable-return'));
    const finding = found.find((each) => codesOf([each])[0] === 'not-serialisable-return');
    assert.ok(finding && typeof finding.code === 'object');
    assert.equal(finding.severity, vscode.DiagnosticSeverity.Error);
    assert.equal(document.getText(finding.range), '{1, 2}');
    // What is opened by a click on the code is a page that ships with the extension.
    const page = await vscode.workspace.openTextDocument(finding.code.target);
    assert.match(page.getText(), /^# not-serialisable-return/);
  });

  test('a quick fix mends the mistake, and its finding goes', async () => {
    const [finding] = (await findings(document.uri, (all) => codesOf(all).includes('predict-arguments'))).filter(
      (each) => codesOf([each])[0] === 'predict-arguments',
    );
    // Asked again until it is there, as the light bulb does: an editor that is busy drops a question.
    const edit = await eventually(async () => {
      const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
        'vscode.executeCodeActionProvider',
        document.uri,
        finding?.range,
        vscode.CodeActionKind.QuickFix.value,
        10,
      );
      const fix = actions.find(({ title }) => title === 'Add a parameter for the payload');
      assert.ok(fix?.edit, `among ${actions.map(({ title }) => title)}`);
      return fix.edit;
    }, 15_000);
    assert.ok(await vscode.workspace.applyEdit(edit));
    assert.match(document.getText(), /def predict\(self, payload\)/);
    await findings(document.uri, (all) => !codesOf(all).includes('predict-arguments'));
  });

  test('a hover tells what a parameter receives', async () => {
    const predictor = await openDocument('predictor.py');
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
      'vscode.executeHoverProvider',
      predictor.uri,
      after(predictor, 'def predict(self, pay'),
    );
    const text = hovers.flatMap(({ contents }) => contents.map((each) => (typeof each === 'string' ? each : each.value))).join('\n');
    assert.match(text, /the payload/);
  });

  test('a completion offers what can be injected', async () => {
    const predictor = await openDocument('predictor.py');
    const edit = new vscode.WorkspaceEdit();
    edit.insert(predictor.uri, after(predictor, 'louder."""\n'), '\n    @\n');
    await vscode.workspace.applyEdit(edit);
    const { items } = await vscode.commands.executeCommand<vscode.CompletionList>(
      'vscode.executeCompletionItemProvider',
      predictor.uri,
      after(predictor, '    @'),
      '@',
    );
    const labels = items.map(({ label }) => (typeof label === 'string' ? label : label.label));
    await vscode.commands.executeCommand('workbench.action.files.revert');
    assert.ok(labels.includes('with_full_request'), labels.slice(0, 20).join(', '));
  });

  test('a code lens serves the class below it', async () => {
    const predictor = await openDocument('predictor.py');
    const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', predictor.uri, 10);
    const serve = lenses.find(({ command }) => command?.title === 'Serve');
    assert.equal(serve?.command?.command, 'spell.modelServer.serveFile');
    assert.equal(serve.range.start.line, after(predictor, 'class Predictor').line);
  });

  test('a key of spell.yaml that there is not is found in the YAML file', async () => {
    const yaml = await openDocument('spell.yaml');
    const edit = new vscode.WorkspaceEdit();
    edit.insert(yaml.uri, new vscode.Position(yaml.lineCount, 0), 'max-batchsize: 3\n');
    await vscode.workspace.applyEdit(edit);
    await findings(yaml.uri, (all) => codesOf(all).includes('key-unknown'));
    await vscode.commands.executeCommand('workbench.action.files.revert');
  });

  test('the severity of a rule is the setting’s, from the moment it is set', async () => {
    const settings = vscode.workspace.getConfiguration('spell');
    await openDocument('mistaken.py');
    await findings(document.uri, (all) => codesOf(all).includes('not-serialisable-return'));
    await settings.update('rules.severity', { 'not-serialisable-return': 'off' }, vscode.ConfigurationTarget.Workspace);
    await findings(document.uri, (all) => !codesOf(all).includes('not-serialisable-return'));
    await settings.update('rules.severity', undefined, vscode.ConfigurationTarget.Workspace);
    await findings(document.uri, (all) => codesOf(all).includes('not-serialisable-return'));
  });
});
