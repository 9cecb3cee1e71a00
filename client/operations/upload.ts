import type { Resource } from '../../runtime/api/objects.ts';
import { sendContents } from '../../runtime/api/project/send-contents.ts';
import { digestFiles, toManifest } from '../../runtime/api/project/tree.ts';
import { planUpload } from '../../runtime/api/project/upload-tree.ts';
import { shownSize } from '../../runtime/api/shown-size.ts';
import type { Context } from '../context.ts';
import { requireTrust } from './require-trust.ts';

/** Sends a file or folder as `uploads/NAME`, with its progress in a notification. What was sent already is not sent again. */
export async function upload(context: Context, path: string, name: string): Promise<Resource> {
  const { client, code, controlPlane } = context;
  const { l10n, ProgressLocation, window } = code;
  requireTrust(context, l10n.t('This window is in restricted mode: nothing is uploaded from it.'));
  const plan = await planUpload(path, name);
  await controlPlane.connect();
  return window.withProgress({ location: ProgressLocation.Notification, title: l10n.t('Uploading {0}', name) }, async (progress) => {
    const files = await digestFiles(plan.files);
    let told = 0;
    await sendContents(client, files, ({ bytes: { sent, total } }) => {
      const percent = total === 0 ? 100 : (sent / total) * 100;
      progress.report({ increment: percent - told, message: l10n.t('{0} of {1}', shownSize(sent), shownSize(total)) });
      told = percent;
    });
    return client.createUpload({ body: { name: plan.name, files: toManifest(files) } });
  });
}
