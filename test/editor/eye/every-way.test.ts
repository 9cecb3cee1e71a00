import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import type { CommandId, CommandTarget, ModelServerTarget } from '../../../client/contributions.ts';
import type { ModelServer } from '../../../runtime/api/objects.ts';
import { eventually } from '../../harness/eventually.ts';
import { keepEvidenceOfFailures } from './workbench/evidence.ts';
import type { QuickInput } from './workbench/quick-input.ts';
import { openWorkbench, type Workbench } from './workbench/workbench.ts';

const orders = { owner: 'local', name: 'orders' };

/** The commands that can be called with a model server. */
type OfServers = { [K in CommandId]: ModelServerTarget extends CommandTarget<K> ? K : never }[CommandId];

interface Expected {
  /** Its title in the palette, and in the tree's menu. */
  title: string;
  /** The title of the picker that asks for the model server; absent where the log panel has told. */
  asks?: string;
  /** In which state of the model server it is called. */
  in?: string;
  /** It is in no menu of the tree: it belongs to something else that is open. */
  elsewhere?: true;
  /** Waits for what comes of it, and leaves all as it was, but for a model server that was started or stopped. */
  leadsTo(): Promise<void>;
}

suite('a command for a model server does the same from wherever it is called', () => {
  let workbench: Workbench;
  let quick: QuickInput;
  let uri: object;
  let url: string;

  before(async () => {
    workbench = await openWorkbench({ workspace: 'test/editor/fixtures/requests' });
    quick = workbench.quick;
    const { workspace } = workbench.window.place;
    await writeFile(join(workspace, 'payload.json'), '{ "item": "tea" }\n');
    uri = { $uri: `file://${join(workspace, 'predictor.py')}` };
    ({ url } = await workbench.invoke<ModelServer>({ command: 'spell.modelServer.serveFile', args: [uri, {}] }));
    await workbench.invoke({ command: 'spell.model.create', args: [uri, { name: 'menu' }] });
    const changes = { settings: { 'predict-timeout': 7, model: ['menu'], mounts: ['uploads/predictor.py'] } };
    await workbench.invoke({ command: 'spell.modelServer.update', args: [orders, changes] });
    await workbench.openContainer('Spell');
    await inState('running');
  });
  after(() => workbench?.close());
  keepEvidenceOfFailures(() => workbench);

  // In this order: something is sent before it can be sent again or saved, and what was stopped is started.
  const table: Record<OfServers, Expected> = {
    'spell.modelServer.copyEndpoint': {
      title: 'Copy Endpoint',
      asks: 'Copy the endpoint of',
      // As a browser reaches it, which is through the editor's own server.
      leadsTo: () => onClipboard((text) => text.includes(new URL(url).port) && text.endsWith(`${new URL(url).pathname}/predict`)),
    },
    'spell.modelServer.copyCurl': {
      title: 'Copy curl',
      asks: 'Copy a curl command for',
      leadsTo: () => onClipboard((text) => text.startsWith('curl ') && text.includes(`${url}/predict`)),
    },
    'spell.modelServer.healthcheck': {
      title: 'Check Health',
      asks: 'Check the health of',
      leadsTo: async () => void (await workbench.notification('orders is healthy')),
    },
    'spell.modelServer.openDetails': {
      title: 'Open Details',
      asks: 'Open the details of',
      leadsTo: () => workbench.page.locator('.view-line').filter({ hasText: '# orders: running' }).waitFor(),
    },
    'spell.modelServer.showLogs': {
      title: 'Show Logs',
      asks: 'Show the logs of',
      leadsTo: () => workbench.webview().locator('.target').getByText('orders', { exact: true }).waitFor(),
    },
    'spell.logs.openInEditor': {
      title: 'Open Log in Editor',
      elsewhere: true,
      leadsTo: () => workbench.tab('orders.spell-log').waitFor(),
    },
    'spell.modelServer.sendRequest': {
      title: 'Send Request',
      asks: 'Send a request to',
      leadsTo: () => workbench.page.locator('.view-line').filter({ hasText: '"price": 6' }).waitFor(),
    },
    'spell.modelServer.replayRequest': {
      title: 'Send an Earlier Request Again…',
      asks: 'Send an earlier request to',
      leadsTo: () => asked('Send to orders again'),
    },
    'spell.modelServer.saveAnswer': {
      title: 'Save Answer…',
      asks: 'Save the last answer of',
      elsewhere: true,
      leadsTo: async () => {
        await eventually(async () => assert.match(await quick.value, /\/orders-answer\.json$/), 20_000);
        await quick.cancel();
      },
    },
    'spell.modelServer.update': {
      title: 'Update Model Server…',
      asks: 'Update a model server',
      leadsTo: () => asked('Update orders'),
    },
    'spell.modelServer.scale': {
      title: 'Scale Model Server…',
      asks: 'Scale a model server',
      leadsTo: () => asked('Scale orders'),
    },
    'spell.modelServer.rollback': {
      title: 'Roll Back Model Server…',
      asks: 'Roll back a model server',
      leadsTo: () => asked('Roll orders back to'),
    },
    'spell.modelServer.addMount': {
      title: 'Add Mount to Model Server…',
      asks: 'Add a mount to a model server',
      leadsTo: () => asked('Add a mount to orders (1/2)'),
    },
    'spell.modelServer.removeMount': {
      title: 'Remove Mount from Model Server…',
      asks: 'Remove a mount from a model server',
      leadsTo: () => asked('Remove a mount from orders'),
    },
    'spell.modelServer.addModel': {
      title: 'Add Model to Model Server…',
      asks: 'Add a model to a model server',
      leadsTo: () => asked('Add a model to orders (1/2)'),
    },
    'spell.modelServer.removeModel': {
      title: 'Remove Model from Model Server…',
      asks: 'Remove a model from a model server',
      leadsTo: () => asked('Remove a model from orders'),
    },
    'spell.modelServer.remove': {
      title: 'Remove Model Server…',
      asks: 'Remove a model server',
      leadsTo: async () => {
        const question = workbench.dialog('Remove the model server orders?');
        await question.getByText('Still running: local/orders.').waitFor();
        await question.getByRole('button', { name: 'Cancel' }).click();
        await question.waitFor({ state: 'hidden' });
      },
    },
    'spell.modelServer.stop': {
      title: 'Stop Model Server',
      asks: 'Stop a model server',
      leadsTo: () => inState('stopped'),
    },
    'spell.modelServer.start': {
      title: 'Start Model Server',
      asks: 'Start a model server',
      in: 'stopped',
      leadsTo: () => inState('running'),
    },
  };

  async function inState(word: string): Promise<void> {
    await workbench.treeItem(new RegExp(`^orders, model server, ${word}`)).waitFor();
    assert.equal((await workbench.api<ModelServer>('describeModelServer', orders)).state, word);
  }

  async function onClipboard(fits: (text: string) => boolean): Promise<void> {
    await eventually(async () => {
      const text = await workbench.invoke<string>({ clipboard: 'text' });
      assert.ok(fits(text), text);
    }, 20_000);
  }

  async function asked(title: string): Promise<void> {
    await quick.titled(title);
    await quick.cancel();
  }

  /** Calls every command in one way, each on a tidy window. */
  async function callEach(call: (id: string, expected: Expected) => Promise<void>): Promise<void> {
    for (const [id, expected] of Object.entries(table)) {
      for (const tidy of ['workbench.action.closeAllEditors', 'workbench.action.closePanel', 'notifications.clearAll'])
        await workbench.invoke({ command: tidy });
      await workbench.page.evaluate('navigator.clipboard.writeText("")');
      await call(id, expected);
      await assert.doesNotReject(expected.leadsTo(), id);
    }
  }

  /** What a command returns in the end is not waited for: some ask first. */
  function program(id: string, target: object): void {
    void workbench.invoke({ command: id, args: [target] }).catch(() => {});
  }

  test('by a program, with its name', () => callEach(async (id) => program(id, orders)));

  test('by a program, with the file that it was served from', () => callEach(async (id) => program(id, uri)));

  test('from the palette, which asks for the model server', () =>
    callEach(async (_, { title, asks }) => {
      await workbench.palette(`Spell: ${title}`);
      if (asks === undefined) return;
      await quick.titled(asks);
      await quick.row(/^orders/).click();
    }));

  test("from the menu of the tree's node, where it belongs there", () =>
    callEach(async (id, { title, in: state = 'running', elsewhere }) => {
      if (elsewhere) program(id, orders);
      else await workbench.contextMenu(workbench.treeItem(new RegExp(`^orders, model server, ${state}`)), title);
    }));
});
