import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { suite, suiteSetup, suiteTeardown, test } from 'mocha';
import * as vscode from 'vscode';
import { runCommand } from '../../../../client/contributions.ts';
import type { Client } from '../../../../runtime/api/http/client-types.ts';
import { inWorkspace, openDocument } from '../support/open-document.ts';
import { eventually, spellClient } from '../support/spell.ts';

const orders = { owner: 'local', name: 'orders' };
const answer = vscode.Uri.from({ scheme: 'spell-answer', path: '/local/orders answer' });

suite('sending requests from the editor', () => {
  let client: Client;
  suiteSetup(async () => {
    client = await spellClient();
    await runCommand(vscode, 'spell.modelServer.serveFile', inWorkspace('predictor.py'), {});
  });
  suiteTeardown(() => runCommand(vscode, 'spell.modelServer.remove', orders, { confirmed: true }));

  /** The document of the answer, once it says something. */
  function answered(words: RegExp): Promise<vscode.TextDocument> {
    return eventually(`an answer that says ${words}`, async () => {
      const document = vscode.workspace.textDocuments.find(({ uri }) => uri.toString() === answer.toString());
      return document && words.test(document.getText()) ? document : undefined;
    });
  }

  async function lens(uri: vscode.Uri, title: RegExp): Promise<vscode.Command> {
    return eventually(`a lens ${title}`, async () => {
      const all = await vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', uri, 100);
      return all.find(({ command }) => command && title.test(command.title))?.command;
    });
  }

  async function type(document: vscode.TextDocument, text: string): Promise<void> {
    const edit = new vscode.WorkspaceEdit();
    edit.replace(document.uri, new vscode.Range(0, 0, document.lineCount, 0), text);
    await vscode.workspace.applyEdit(edit);
  }

  test('the first time a payload of the type that the predictor declares is made and shown, and nothing is sent', async () => {
    const sent = await runCommand(vscode, 'spell.modelServer.sendRequest', orders, {});
    assert.equal(sent, undefined);
    const made = inWorkspace('payload.json');
    assert.equal(vscode.window.activeTextEditor?.document.uri.toString(), made.toString());
    assert.deepEqual(JSON.parse(await readFile(made.fsPath, 'utf8')), { item: 'text', count: 2 });
    assert.deepEqual(await client.listRequests({ ...orders, query: { last: '5' } }), []);
  });

  test('what stands in the document is sent, saved or not, and the answer stands beside with its status, time, size and id', async () => {
    const document = await openDocument('payload.json');
    await type(document, '{"item": "tea", "count": 5}');
    const sent = await runCommand(vscode, 'spell.modelServer.sendRequest', document.uri, {});
    assert.deepEqual([sent?.status, JSON.parse(sent?.body ?? '')], [200, { item: 'tea', price: 15 }]);
    assert.equal(document.isDirty, true);
    const shown = await answered(/"price": 15/);
    assert.match(shown.lineAt(0).text, new RegExp(`^// 200 OK · [\\d.]+ ms · ${sent?.size} B$`));
    assert.equal(shown.lineAt(1).text, `// request ${sent?.requestId} · application/json`);
    assert.match(shown.getText(), /^\/\/ Of it in the model server: .*predict [\d.]+ ms/m);
    assert.equal(shown.languageId, 'jsonc');
    assert.notEqual(vscode.window.activeTextEditor?.document, shown, 'the payload keeps the cursor');
    const [request] = await client.listRequests({ ...orders, query: { last: '1' } });
    assert.equal(request?.id, sent?.requestId);
  });

  test('its predictor, its spell.yaml and its payload name the same model server', async () => {
    for (const file of ['predictor.py', 'spell.yaml', 'payload.json']) {
      const sent = await runCommand(vscode, 'spell.modelServer.sendRequest', inWorkspace(file), { payload: { item: file } });
      assert.deepEqual(JSON.parse(sent?.body ?? ''), { item: file, price: 6 });
    }
    await assert.rejects(runCommand(vscode, 'spell.modelServer.sendRequest', inWorkspace('other.py'), {}), /from other\.py/);
  });

  test('an error is an answer, with its reason and what to do next', async () => {
    const sent = await runCommand(vscode, 'spell.modelServer.sendRequest', orders, { payload: { item: 7 } });
    assert.equal(sent?.status, 422);
    const text = (await answered(/invalid-payload/)).getText();
    assert.match(text, /^\/\/ 422 Unprocessable Entity · .*\n\/\/ invalid-payload: .*\n\/\/ Correct the fields named below/);
    assert.match(text, /"path": "item"/);
  });

  test('bytes are not shown and can be saved as they came; what is large is cut where it is shown, and there alone', async () => {
    const image = await runCommand(vscode, 'spell.modelServer.sendRequest', orders, { payload: { item: 'image' } });
    assert.deepEqual([image?.body, image?.size], [null, 256]);
    await answered(/is not text \(image\/png, 256 B\)/);
    const file = await runCommand(vscode, 'spell.modelServer.saveAnswer', orders, { file: inWorkspace('out/answer.png') });
    assert.deepEqual([...(await readFile(file?.fsPath ?? ''))], [...Buffer.from(Array.from({ length: 256 }, (_, at) => at))]);
    const large = await runCommand(vscode, 'spell.modelServer.sendRequest', orders, { payload: { item: 'large' } });
    assert.equal(large?.body?.length, 1024 * 1024 + 7);
    const shown = await answered(/its first 1\.0 MiB follow/);
    assert.ok(shown.getText().length < 1024 * 1024 + 2000);
  });

  test('the lenses above the payload and the answer send, send again, and copy a command line that works', async () => {
    const document = await openDocument('payload.json');
    await type(document, '{"item": "it\'s", "count": 1}');
    const send = await lens(document.uri, /Send to orders/);
    await vscode.commands.executeCommand(send.command, ...(send.arguments ?? []));
    const first = (await answered(/"it's", "price": 3/)).lineAt(0).text;
    await type(document, '{}');
    const again = await lens(answer, /Send Again/);
    await vscode.commands.executeCommand(again.command, ...(again.arguments ?? []));
    const shown = await answered(/"it's", "price": 3/);
    await eventually('another answer', async () => (shown.lineAt(0).text === first ? undefined : true));
    const copy = await lens(answer, /^Copy curl$/);
    await vscode.commands.executeCommand(copy.command, ...(copy.arguments ?? []));
    assert.match(await vscode.env.clipboard.readText(), /^curl http.*\/local\/orders\/predict .* -d '\{"item":"it'\\''s","count":1\}'$/);
    const now = await runCommand(vscode, 'spell.modelServer.copyCurl', document.uri, {});
    assert.ok(now?.endsWith("-d '{}'"), 'of the payload it is what stands there now');
  });

  test('a model server that is away is told, with what to do, and a stopped one is an answer', async () => {
    await runCommand(vscode, 'spell.modelServer.stop', orders, {});
    const sent = await runCommand(vscode, 'spell.modelServer.sendRequest', orders, { payload: {} });
    assert.equal(sent?.status, 503);
    await answered(/\/\/ Start orders, and send it again\./);
    await runCommand(vscode, 'spell.modelServer.start', inWorkspace('predictor.py'), {});
  });

  test('a payload that is there is never written over', async () => {
    const file = inWorkspace('predictor.payload.json');
    await writeFile(file.fsPath, '{"item": "mine"}');
    const sent = await runCommand(vscode, 'spell.modelServer.sendRequest', orders, {});
    assert.deepEqual(JSON.parse(sent?.body ?? ''), { item: 'mine', price: 6 });
    assert.equal(await readFile(file.fsPath, 'utf8'), '{"item": "mine"}');
  });
});
