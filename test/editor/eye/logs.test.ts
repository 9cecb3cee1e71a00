import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { eventually } from '../../harness/eventually.ts';
import { keepEvidenceOfFailures } from './workbench/evidence.ts';
import { focused } from './workbench/in-page.ts';
import { timeFilter, watchPanel } from './workbench/panel-costs.ts';
import { inEachTheme, takeScreenshots } from './workbench/screenshots.ts';
import { openWorkbench, type Workbench } from './workbench/workbench.ts';

const target = { owner: 'local', name: 'talkative' };

/** What the panel keeps. */
const capacity = 100_000;

suite('the log panel', () => {
  let workbench: Workbench;
  let url: string;
  /** The number of the next line that is printed. */
  let next = 0;

  before(async () => {
    workbench = await openWorkbench({ workspace: 'test/editor/fixtures/talkative' });
    const uri = `file://${join(workbench.window.place.workspace, 'predictor.py')}`;
    ({ url } = await workbench.invoke<{ url: string }>({ command: 'spell.modelServer.serveFile', args: [{ $uri: uri }, {}] }));
  });
  after(() => workbench?.close());
  keepEvidenceOfFailures(() => workbench);

  async function ask(payload: object): Promise<number> {
    const headers = { 'content-type': 'application/json' };
    return (await fetch(`${url}/predict`, { method: 'POST', headers, body: JSON.stringify({ text: '', ...payload }) })).status;
  }

  async function print(count: number, rate = 5000): Promise<void> {
    const first = next;
    next += count;
    assert.equal(await ask({ first, count, rate }), 200);
  }

  const panel = () => workbench.webview();
  const page = () => panel().locator('body');
  const row = (text: string) => panel().locator('.row').filter({ hasText: text });
  const lastRow = () => row(`line ${next - 1} `);

  /** All that the panel shows, as a file has it. */
  async function exported(): Promise<string[]> {
    const file = join(workbench.window.place.folder, 'exported.spell-log');
    await workbench.invoke({ command: 'spell.logs.export', args: [undefined, { file }] });
    return (await readFile(file, 'utf8')).trimEnd().split('\n');
  }

  const numbersOf = (lines: string[]): number[] =>
    lines.flatMap((line) => Number(/ line (\d+) of /.exec(line)?.[1] ?? NaN)).filter((n) => !Number.isNaN(n));
  const range = (first: number, end: number): number[] => Array.from({ length: end - first }, (_, index) => first + index);

  test('a panel that shows nothing yet says how to go on', async () => {
    await workbench.invoke({ command: 'spell.logs.focus' });
    const choose = panel().getByRole('button', { name: 'Choose a Model Server' });
    await choose.waitFor();
    await takeScreenshots(workbench, 'logs-empty', () => choose.waitFor(), page());
    await choose.click();
    await workbench.row('talkative').waitFor();
    await workbench.page.keyboard.press('Escape');
  });

  test('opens on a model server, follows it, and can be read in every theme', async () => {
    await workbench.invoke({ command: 'spell.modelServer.showLogs', args: [target] });
    await row('ready').first().waitFor();
    await print(300);
    await ask({ warn: 'larger' });
    assert.equal(await ask({ text: 5 }), 500);
    await row('TypeError').waitFor();
    await panel().getByRole('log', { name: 'Lines of the log' }).waitFor();
    // Which colour a pod has is chance: each of them must be read.
    await panel()
      .locator('.pod')
      .evaluateAll((labels) => {
        for (const [at, label] of labels.entries()) label.setAttribute('class', `pod pod-${at % 4}`);
      });
    await takeScreenshots(workbench, 'logs', () => row('TypeError').waitFor(), page());
    assert.deepEqual(numbersOf(await exported()), range(0, 300));
  });

  test('the place in a traceback is a link that opens the file of the workspace on its line', async () => {
    await panel().locator('a.source').filter({ hasText: 'predictor.py' }).first().click();
    await workbench.tab('predictor.py').waitFor();
    await workbench.statusBar(/Ln 23,/).waitFor();
  });

  test('the log as a document has the same link', async () => {
    const uri = await workbench.invoke<{ path: string; query: string }>({ command: 'spell.logs.openInEditor', args: [target] });
    const links = await workbench.invoke<{ target?: { path: string; fragment: string } }[]>({
      command: 'vscode.executeLinkProvider',
      args: [{ $uri: `spell-logs:${uri.path}?${encodeURIComponent(uri.query)}` }, 10],
    });
    const places = links.map((link) => `${link.target?.path}#${link.target?.fragment}`);
    assert.ok(places.includes(`${join(workbench.window.place.workspace, 'predictor.py')}#L23`), places.join('\n'));
    await workbench.invoke({ command: 'workbench.action.closeActiveEditor' });
  });

  test('only the rows that can be seen are in the document', async () => {
    assert.ok((await panel().locator('.row').count()) < 80);
  });

  test('without a mouse every control is reached in the order in which it stands, and the ring around it is seen in every theme', async () => {
    const controls = ['Level', 'Filter', 'Use a regular expression', 'Only matching lines', 'Times', 'Wrap', 'Lines of the log'];
    const { keyboard } = workbench.page;
    await inEachTheme(workbench, page(), async (kind) => {
      await workbench.invoke({ command: 'spell.logs.focus' });
      await panel().getByRole('combobox', { name: 'Level' }).focus();
      for (const name of controls) {
        const now = await focused(page());
        assert.equal(now.name, name);
        assert.ok(now.ring >= 3, `${name}: ${now.ring} in ${kind}`);
        if (name !== controls.at(-1)) await keyboard.press('Tab');
      }
    });
    const toEnd = panel().getByRole('button', { name: /Go on following/ });
    // The browser moves over several frames: End comes in the middle of some of these, and the end is where it stays.
    for (let afterMs = 0; afterMs <= 240; afterMs += 40) {
      await keyboard.press('PageUp');
      await toEnd.waitFor();
      await delay(afterMs);
      await keyboard.press('End');
      await toEnd.waitFor({ state: 'hidden' });
    }
    await delay(500);
    assert.ok(await toEnd.isHidden());
    await keyboard.press('Shift+Tab');
    await keyboard.press('Shift+Tab');
    await keyboard.press('Space');
    await panel().getByRole('button', { name: 'Times', pressed: false }).waitFor();
    await keyboard.press('Space');
    await panel().getByRole('button', { name: 'Times', pressed: true }).waitFor();
    await keyboard.press('F6');
    await eventually(async () => assert.equal(await page().evaluate((body) => body.ownerDocument.hasFocus()), false), 10_000);
  });

  test('a reader who scrolls up is left in peace, and goes on following at the end', async () => {
    await lastRow().or(row('TypeError')).first().waitFor();
    await panel().getByRole('log').hover();
    await workbench.page.mouse.wheel(0, -2000);
    const toEnd = panel().getByRole('button', { name: /Go on following/ });
    await toEnd.waitFor();
    const firstShown = panel().locator('.row').first();
    const before = await firstShown.textContent();
    await print(200);
    await panel()
      .getByRole('button', { name: /Go on following \(200 new lines\)/ })
      .waitFor();
    assert.equal(await firstShown.textContent(), before);
    await toEnd.click();
    await lastRow().waitFor();
    await print(50);
    await lastRow().waitFor();
  });

  test('a filter hides other lines, or marks its own and leads from one to the next; what is no expression says so', async () => {
    const filter = panel().getByRole('textbox', { name: 'Filter' });
    await filter.fill('LINE 12');
    await panel().getByText('– of 11', { exact: true }).waitFor();
    assert.deepEqual(numbersOf(await exported()), [12, ...range(120, 130)]);
    await panel().getByRole('button', { name: 'Only matching lines' }).click();
    await filter.press('Enter');
    await filter.press('Enter');
    await panel().getByText('2 of 11').waitFor();
    await panel().locator('.row.current').filter({ hasText: 'line 120 ' }).waitFor();
    await takeScreenshots(workbench, 'logs-search', () => panel().locator('.row.current mark').waitFor(), page());
    await panel().getByRole('button', { name: 'Use a regular expression' }).click();
    await filter.fill('line (');
    await panel()
      .getByText(/Unterminated group/)
      .waitFor();
    await panel().getByRole('button', { name: 'Use a regular expression' }).click();
    await panel().getByRole('button', { name: 'Only matching lines' }).click();
    await filter.fill('');
    await panel().getByRole('combobox', { name: 'Level' }).selectOption('warning');
    await row('the input is larger than usual').waitFor();
    assert.deepEqual(numbersOf(await exported()), []);
    await panel().getByRole('combobox', { name: 'Level' }).selectOption('all');
    await panel()
      .getByRole('button', { name: /Go on following/ })
      .click();
  });

  test('long lines wrap as they are measured, and the end stays in sight', async () => {
    await panel().getByRole('button', { name: 'Times' }).click();
    await ask({ warn: `${'much '.repeat(100)}larger` });
    await print(5);
    await lastRow().waitFor();
    await takeScreenshots(workbench, 'logs-wrapped', () => lastRow().waitFor(), page());
    const boxes = await Promise.all((await panel().locator('.row').all()).map((each) => each.boundingBox()));
    const inOrder = boxes.flatMap((box) => box ?? []).sort((a, b) => a.y - b.y);
    const heights = inOrder.map(({ height }) => height);
    assert.ok(Math.max(...heights) > 3 * Math.min(...heights), 'a long line is several high');
    for (const [index, { y, height }] of inOrder.slice(0, -1).entries())
      assert.ok(Math.abs(y + height - (inOrder[index + 1]?.y ?? 0)) < 1, 'each row begins where the one before ends');
    await panel().getByRole('button', { name: 'Times' }).click();
    await panel().getByRole('button', { name: 'Wrap' }).click();
    await eventually(async () => {
      const rows = await Promise.all((await panel().locator('.row').all()).map((each) => each.boundingBox()));
      assert.equal(new Set(rows.map((box) => box?.height)).size, 1, 'without wrap all rows are equally high');
    }, 5000);
    await panel().getByRole('button', { name: 'Wrap' }).click();
  });

  test('over a hidden panel, a reload and a control plane that is killed no line is lost and none comes twice', async () => {
    const togglePanel = { command: 'workbench.action.togglePanel' };
    const filter = panel().getByRole('textbox', { name: 'Filter' });
    await filter.fill('of what a predictor');
    await workbench.invoke(togglePanel);
    await print(100);
    await workbench.invoke(togglePanel);
    await lastRow().waitFor();
    assert.deepEqual(numbersOf(await exported()), range(0, next));
    await workbench.page.reload();
    await workbench.ready();
    await print(100);
    await lastRow().waitFor();
    assert.deepEqual(numbersOf(await exported()), range(0, next));
    assert.equal(await filter.inputValue(), 'of what a predictor');
    await filter.fill('');
    const { processes } = await workbench.invoke<{ processes: Record<string, number> }>({ command: 'spell.controlPlane.showStatus' });
    assert.ok(processes.spelld);
    process.kill(processes.spelld, 'SIGKILL');
    await print(100);
    await lastRow().waitFor();
    const lines = await exported();
    assert.deepEqual(numbersOf(lines), range(0, next));
    assert.equal(lines.filter((line) => line.startsWith('— connected again at')).length, 1);
  });

  test('the pods of a model server are merged in the order of time, and can be read one by one', async () => {
    await workbench.invoke({ command: 'spell.modelServer.scale', args: [target, { pods: 2 }] });
    const pods = panel().getByRole('combobox', { name: 'Pod' });
    await pods.waitFor();
    // Scaling makes a revision: one pod of the former, two of the new one.
    const [all, ...each] = await eventually(async () => {
      const options = await pods.locator('option').allTextContents();
      assert.equal(options.length, 4);
      return options;
    }, 10_000);
    assert.equal(all, 'All pods');
    const times = (await exported()).flatMap((line) => /^\S+Z/.exec(line)?.[0] ?? []);
    assert.deepEqual(times, times.toSorted());
    for (const pod of each) {
      await pods.selectOption(pod);
      const lines = (await exported()).filter((line) => !line.startsWith('—'));
      assert.ok(lines.length > 0 && lines.every((line) => line.split(' ')[1]?.startsWith(pod)));
    }
    await takeScreenshots(workbench, 'logs-of-a-pod', () => pods.waitFor(), page());
    await pods.selectOption('');
    const [, , last = ''] = each;
    await workbench.invoke({ command: 'spell.modelServer.showLogs', args: [{ ...target, pod: last }] });
    await panel().locator('.target').getByText(last).waitFor();
    await row('ready').first().waitFor();
    assert.ok((await exported()).every((line) => line.split(' ')[1]?.startsWith(last)));
    await workbench.invoke({ command: 'spell.modelServer.scale', args: [target, { pods: 1 }] });
    await workbench.invoke({ command: 'spell.modelServer.showLogs', args: [target] });
    await print(10);
    await lastRow().waitFor();
  });

  test('clearing empties the panel and nothing else', async () => {
    await workbench.invoke({ command: 'spell.logs.clear' });
    await panel().getByText('Nothing was printed yet.').waitFor();
    await print(10);
    await lastRow().waitFor();
    assert.deepEqual(numbersOf(await exported()), range(next - 10, next));
  });

  test('a flood arrives whole and in order, and what the panel drops at its beginning is told', async (t) => {
    const costs = await watchPanel(workbench);
    const firstOfFlood = next - 10;
    await print(capacity + 5000);
    await lastRow().waitFor();
    // Figures of this machine at this moment: told, and not judged.
    t.diagnostic(`with ${capacity} lines: ${JSON.stringify(await costs())}, filtered in ${await timeFilter(workbench, 'line 1234')} ms`);
    await timeFilter(workbench, '');
    await panel()
      .getByText(/5,0\d\d older lines were dropped: the panel keeps the last 100,000/)
      .waitFor();
    const numbers = numbersOf(await exported());
    assert.ok(numbers.length > capacity - 100 && (numbers[0] ?? 0) > firstOfFlood);
    assert.deepEqual(numbers, range(numbers[0] ?? 0, next));
  });
});
