import type * as vscode from 'vscode';
import { furtherMountProblem, mountOf } from '../../runtime/api/mounts.ts';
import { listOf } from '../../runtime/api/project/list-settings.ts';
import type { Context } from '../context.ts';
import { type ModelServerTarget, runCommand } from '../contributions.ts';
import { resourceItems } from '../pick/pick-resource.ts';
import { askList, askText, type Back, back, type Place, runSteps, type Step } from './steps.ts';

/** Asks what a model server shall find below `/mounts`, and where there: `RESOURCE[:PATH]`. Does nothing itself, but what is uploaded on the way stays. */
export async function askMount(context: Context, target: ModelServerTarget): Promise<string> {
  const { code, client } = context;
  const { l10n } = code;
  const others = listOf(await client.describeModelServer(target), 'mounts');
  let resource = '';
  let mount = '';
  const resourceStep: Step = async (place) => {
    const answer = await askResource(context, place);
    if (answer === back) return back;
    resource = answer;
    return undefined;
  };
  const pathStep: Step = async (place) => {
    const usual = mountOf(resource).path;
    const textOf = (path: string): string => (path.trim() === '' || path === usual ? resource : `${resource}:${path.trim()}`);
    const answer = await askText(code, place, {
      prompt: l10n.t('Where its predictor finds {0}: a path below /mounts', resource),
      value: usual,
      problem: (path) => furtherMountProblem(textOf(path), others),
    });
    if (answer === back) return back;
    mount = textOf(answer);
    return undefined;
  };
  await runSteps(l10n.t('Add a mount to {0}', target.name), [resourceStep, pathStep]);
  return mount;
}

/** One that is there, or one that is uploaded on the way. */
async function askResource(context: Context, place: Place): Promise<string | Back> {
  const { code, inventory } = context;
  const { l10n, ThemeIcon } = code;
  const upload: vscode.QuickPickItem = {
    label: l10n.t('Upload a file or folder…'),
    iconPath: new ThemeIcon('cloud-upload'),
    alwaysShow: true,
  };
  for (;;) {
    const items = [...(await resourceItems(context)), upload];
    const answer = await askList(code, place, { placeholder: l10n.t('The upload or run that its predictor shall read'), items });
    if (answer === back) return back;
    if (!answer.includes(upload)) return answer[0]?.label ?? '';
    const made = await runCommand(code, 'spell.resource.upload');
    if (!made) continue;
    // Its event may be on the way still.
    await inventory.resources.refresh(made.path);
    return made.path;
  }
}
