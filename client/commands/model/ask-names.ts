import { nameProblem, versionNumber } from '../../../runtime/api/names.ts';
import type { Context } from '../../context.ts';
import { answered } from '../cancelled.ts';

/** Asks for a model's name; what is wrong with one is said while it is typed. */
export async function askModelName({ code, inventory }: Context, value: string): Promise<string> {
  const { window, l10n, InputBoxValidationSeverity } = code;
  return answered(
    window.showInputBox({
      title: l10n.t('Create a model'),
      prompt: l10n.t('A name for the model'),
      value,
      validateInput: (text) => {
        const problem = nameProblem('model', text);
        if (problem) return problem;
        const known = inventory.models.get(text);
        if (!known) return undefined;
        const next = known.latestVersion.number + 1;
        return { message: l10n.t('{0} exists: this makes its version v{1}', text, next), severity: InputBoxValidationSeverity.Info };
      },
    }),
  );
}

/** Asks for a version's own name, which may be left out: the empty text. */
export async function askVersionName({ code }: Context, model: string): Promise<string> {
  const { window, l10n } = code;
  return answered(
    window.showInputBox({
      title: l10n.t('Create a version of {0}', model),
      prompt: l10n.t('A name for the version, beside its number (may be left empty)'),
      validateInput: (text) => {
        if (text === '') return undefined;
        if (versionNumber(text) !== undefined) return l10n.t('names like {0} are the numbers that versions get by themselves', text);
        return nameProblem('version', text);
      },
    }),
  );
}
