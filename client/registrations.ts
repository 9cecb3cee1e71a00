import { registerCommands } from './commands/register-commands.ts';
import type { Contribution } from './context.ts';
import { observeControlPlane } from './control-plane/observe.ts';
import { controlPlaneStatusBar } from './control-plane/status-bar.ts';
import { stopOnExit } from './control-plane/stop-on-exit.ts';
import { terminalPath } from './control-plane/terminal-path.ts';
import { detailsDocuments } from './details/details-documents.ts';
import { revisionDocuments } from './details/revision-documents.ts';
import { environmentDocuments } from './environments/environment-documents.ts';
import { failureDiagnostics } from './failures/failure-diagnostics.ts';
import { runLanguageServer } from './language-server/run.ts';
import { logDocuments } from './logs/log-documents.ts';
import { logPanelView } from './logs/log-panel.ts';
import { sourceLinks } from './logs/source-links.ts';
import { languageStatus } from './predictors/language-status.ts';
import { predictorOpen } from './predictors/predictor-open.ts';
import { servingHover } from './predictors/serving-hover.ts';
import { unresolvedImports } from './python/unresolved-imports.ts';
import { answerDocuments } from './requests/answer-documents.ts';
import { payloadLenses } from './requests/payload-lenses.ts';
import { payloadOpen } from './requests/payload-open.ts';
import { runLogDocuments } from './runs/run-log-documents.ts';
import { modelServersView } from './trees/model-servers.ts';
import { modelsView } from './trees/models.ts';
import { resourcesView } from './trees/resources.ts';

/** All parts of the extension, in the order in which they are registered. */
export const contributions: readonly Contribution[] = [
  registerCommands,
  runLanguageServer,
  observeControlPlane,
  controlPlaneStatusBar,
  stopOnExit,
  terminalPath,
  detailsDocuments,
  revisionDocuments,
  failureDiagnostics,
  predictorOpen,
  languageStatus,
  servingHover,
  answerDocuments,
  payloadLenses,
  payloadOpen,
  unresolvedImports,
  logDocuments,
  runLogDocuments,
  environmentDocuments,
  logPanelView,
  sourceLinks,
  modelServersView,
  modelsView,
  resourcesView,
];
