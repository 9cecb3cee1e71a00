import type * as vscode from 'vscode';
import type { EndpointCode } from '../../runtime/api/endpoint.ts';

/** What to do next about an answer that is an error. */
export function adviceFor({ l10n }: Pick<typeof vscode, 'l10n'>, code: EndpointCode, name: string): string {
  switch (code) {
    case 'bad-json':
      return l10n.t('Correct the payload: the editor underlines what is no JSON.');
    case 'invalid-payload':
      return l10n.t("Correct the fields named below: they do not match the type of the predictor's payload.");
    case 'too-large':
      return l10n.t('Send less, or update {0} with a larger max-request-size.', name);
    case 'request-timeout':
      return l10n.t('The payload arrived too slowly. Send it again.');
    case 'queue-full':
      return l10n.t('Send it again after a moment, or scale {0}.', name);
    case 'not-ready':
      return l10n.t('Wait until {0} is ready: its details say what it waits for.', name);
    case 'stopped':
      return l10n.t('Start {0}, and send it again.', name);
    case 'unhealthy':
      return l10n.t("Look at the logs of {0}: the predictor's own health check fails.", name);
    case 'deadline':
      return l10n.t('Update {0} with a longer predict-timeout, or look in its logs for what takes so long.', name);
    case 'predictor-error':
    case 'worker-died':
      return l10n.t('Look at the logs of {0}: the traceback stands there, with this request id.', name);
    case 'bad-result':
      return l10n.t('Let predict return what can be sent: JSON, text, bytes or a Response.');
    case 'not-found':
      return l10n.t('Choose a model server that is there: {0} may have been removed.', name);
    case 'bad-request':
    case 'method-not-allowed':
      return l10n.t('Look at the logs of {0} for what it printed about this request id.', name);
    default:
      return code satisfies never;
  }
}
