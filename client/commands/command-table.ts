import type { CommandId } from '../contributions.ts';
import type { CommandFunction } from './command.ts';
import { collectDiagnostics } from './controlPlane/collectDiagnostics.ts';
import { replaceGateway } from './controlPlane/replaceGateway.ts';
import { restartControlPlane } from './controlPlane/restart.ts';
import { showLog } from './controlPlane/showLog.ts';
import { showControlPlaneMenu } from './controlPlane/showMenu.ts';
import { showControlPlaneStatus } from './controlPlane/showStatus.ts';
import { startControlPlane } from './controlPlane/start.ts';
import { stopControlPlane } from './controlPlane/stop.ts';
import { switchContext } from './controlPlane/switchContext.ts';
import { openEnvironment } from './environment/openDetails.ts';
import { pruneEnvironments } from './environment/prune.ts';
import { restartLanguageServer } from './languageServer/restart.ts';
import { clearLog } from './logs/clear.ts';
import { exportLog } from './logs/export.ts';
import { openLogInEditor } from './logs/openInEditor.ts';
import { createModel } from './model/create.ts';
import { createModelVersion } from './model/createVersion.ts';
import { removeModel } from './model/remove.ts';
import { addServedModel } from './modelServer/addModel.ts';
import { addMount } from './modelServer/addMount.ts';
import { copyCurl } from './modelServer/copyCurl.ts';
import { copyEndpoint } from './modelServer/copyEndpoint.ts';
import { checkHealth } from './modelServer/healthcheck.ts';
import { openDetails } from './modelServer/openDetails.ts';
import { removeModelServer } from './modelServer/remove.ts';
import { removeServedModel } from './modelServer/removeModel.ts';
import { removeMount } from './modelServer/removeMount.ts';
import { replayRequest } from './modelServer/replayRequest.ts';
import { rollBackModelServer } from './modelServer/rollback.ts';
import { saveAnswer } from './modelServer/saveAnswer.ts';
import { scaleModelServer } from './modelServer/scale.ts';
import { sendRequest } from './modelServer/sendRequest.ts';
import { serveModelServer } from './modelServer/serve.ts';
import { serveFile } from './modelServer/serveFile.ts';
import { showLogs } from './modelServer/showLogs.ts';
import { startModelServer } from './modelServer/start.ts';
import { stopModelServer } from './modelServer/stop.ts';
import { updateModelServer } from './modelServer/update.ts';
import { sendOpenPayload } from './payload/send.ts';
import { createPredictor } from './predictor/create.ts';
import { openExample } from './predictor/openExample.ts';
import { addImportPath } from './python/addImportPath.ts';
import { downloadResource } from './resource/download.ts';
import { removeResource } from './resource/remove.ts';
import { uploadResource } from './resource/upload.ts';
import { createModelFromRun } from './run/createModel.ts';
import { showRunLog } from './run/showLog.ts';
import { filterView } from './view/filter.ts';
import { refreshView } from './view/refresh.ts';

/** Every command, by its id. The compiler keeps it complete; a test keeps `package.json` equal to it. */
export const commandTable: { readonly [K in CommandId]: CommandFunction<K> } = {
  'spell.controlPlane.collectDiagnostics': collectDiagnostics,
  'spell.controlPlane.showMenu': showControlPlaneMenu,
  'spell.controlPlane.replaceGateway': replaceGateway,
  'spell.controlPlane.start': startControlPlane,
  'spell.controlPlane.stop': stopControlPlane,
  'spell.controlPlane.restart': restartControlPlane,
  'spell.controlPlane.showStatus': showControlPlaneStatus,
  'spell.controlPlane.showLog': showLog,
  'spell.controlPlane.switchContext': switchContext,
  'spell.environment.openDetails': openEnvironment,
  'spell.environment.prune': pruneEnvironments,
  'spell.languageServer.restart': restartLanguageServer,
  'spell.logs.clear': clearLog,
  'spell.logs.export': exportLog,
  'spell.logs.openInEditor': openLogInEditor,
  'spell.model.create': createModel,
  'spell.model.createVersion': createModelVersion,
  'spell.model.remove': removeModel,
  'spell.models.filter': filterView('models'),
  'spell.models.refresh': refreshView('models'),
  'spell.modelServer.addModel': addServedModel,
  'spell.modelServer.addMount': addMount,
  'spell.modelServer.copyCurl': copyCurl,
  'spell.modelServer.copyEndpoint': copyEndpoint,
  'spell.modelServer.healthcheck': checkHealth,
  'spell.modelServer.openDetails': openDetails,
  'spell.modelServer.remove': removeModelServer,
  'spell.modelServer.removeModel': removeServedModel,
  'spell.modelServer.removeMount': removeMount,
  'spell.modelServer.replayRequest': replayRequest,
  'spell.modelServer.rollback': rollBackModelServer,
  'spell.modelServer.saveAnswer': saveAnswer,
  'spell.modelServer.scale': scaleModelServer,
  'spell.modelServer.sendRequest': sendRequest,
  'spell.modelServer.serve': serveModelServer,
  'spell.modelServer.serveFile': serveFile,
  'spell.modelServer.showLogs': showLogs,
  'spell.modelServer.start': startModelServer,
  'spell.modelServer.stop': stopModelServer,
  'spell.modelServer.update': updateModelServer,
  'spell.modelServers.filter': filterView('modelServers'),
  'spell.modelServers.refresh': refreshView('modelServers'),
  'spell.payload.send': sendOpenPayload,
  'spell.predictor.create': createPredictor,
  'spell.predictor.openExample': openExample,
  'spell.python.addImportPath': addImportPath,
  'spell.resource.download': downloadResource,
  'spell.resource.remove': removeResource,
  'spell.resource.upload': uploadResource,
  'spell.run.createModel': createModelFromRun,
  'spell.run.showLog': showRunLog,
  'spell.resources.filter': filterView('resources'),
  'spell.resources.refresh': refreshView('resources'),
};
