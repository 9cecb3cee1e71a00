import { asyncWithoutAwait } from './async-without-await.ts';
import { backgroundTaskCalled } from './background-task-called.ts';
import { batchKeysWithoutBatching } from './batch-keys-without-batching.ts';
import { batchedPredictPayload } from './batched-predict-payload.ts';
import { batchedPredictReturnsOne } from './batched-predict-returns-one.ts';
import { blockingCallInAsync } from './blocking-call-in-async.ts';
import { classnameMissing } from './classname-missing.ts';
import { configFileMissing } from './config-file-missing.ts';
import { configKeyUnknown } from './config-key-unknown.ts';
import { configMissing } from './config-missing.ts';
import { configNotMapping } from './config-not-mapping.ts';
import { configType } from './config-type.ts';
import { duplicateKey } from './duplicate-key.ts';
import { entrypointMissing } from './entrypoint-missing.ts';
import { envEntry } from './env-entry.ts';
import { exitInPredictor } from './exit-in-predictor.ts';
import { fractionalGpu } from './fractional-gpu.ts';
import { gpuNotRequested } from './gpu-not-requested.ts';
import { healthAlwaysOk } from './health-always-ok.ts';
import { injectedParameterMissing } from './injected-parameter-missing.ts';
import { injectedTwice } from './injected-twice.ts';
import { keyType } from './key-type.ts';
import { keyUnknown } from './key-unknown.ts';
import { limitBelowRequest } from './limit-below-request.ts';
import { loadInPredict } from './load-in-predict.ts';
import { localPath } from './local-path.ts';
import { metricValue } from './metric-value.ts';
import { missingDependency } from './missing-dependency.ts';
import { modelFileMissing } from './model-file-missing.ts';
import { modelInfoWithoutModel } from './model-info-without-model.ts';
import { modelUnknown } from './model-unknown.ts';
import { modelVersionUnknown } from './model-version-unknown.ts';
import { mountMissing } from './mount-missing.ts';
import { mountSpec } from './mount-spec.ts';
import { noPredictor } from './no-predictor.ts';
import { nodeGroupUnknown } from './node-group-unknown.ts';
import { notSerialisableReturn } from './not-serialisable-return.ts';
import { pipReqAndConda } from './pip-req-and-conda.ts';
import { podsRange } from './pods-range.ts';
import { predictArguments } from './predict-arguments.ts';
import { predictMissing } from './predict-missing.ts';
import { prepareNotPicklable } from './prepare-not-picklable.ts';
import { prepareWithoutBatching } from './prepare-without-batching.ts';
import { requestInBatchedPredict } from './request-in-batched-predict.ts';
import { requirementFileMissing } from './requirement-file-missing.ts';
import { requirementInvalid } from './requirement-invalid.ts';
import { responseClass } from './response-class.ts';
import type { Rule } from './rule.ts';
import { serverName } from './server-name.ts';
import { severalPredictors } from './several-predictors.ts';
import { stateNotShared } from './state-not-shared.ts';
import { targetHasNoEffect } from './target-has-no-effect.ts';
import { yamlSyntax } from './yaml-syntax.ts';

/** Every rule, in the order of its documentation. */
export const rules: readonly Rule[] = [
  noPredictor,
  severalPredictors,
  predictMissing,
  predictArguments,
  injectedParameterMissing,
  injectedTwice,
  requestInBatchedPredict,
  batchedPredictReturnsOne,
  batchedPredictPayload,
  prepareNotPicklable,
  prepareWithoutBatching,
  blockingCallInAsync,
  asyncWithoutAwait,
  stateNotShared,
  loadInPredict,
  notSerialisableReturn,
  responseClass,
  healthAlwaysOk,
  backgroundTaskCalled,
  metricValue,
  modelFileMissing,
  mountMissing,
  localPath,
  modelInfoWithoutModel,
  missingDependency,
  gpuNotRequested,
  configMissing,
  exitInPredictor,
  configNotMapping,
  configKeyUnknown,
  configType,
  keyUnknown,
  keyType,
  serverName,
  podsRange,
  limitBelowRequest,
  fractionalGpu,
  targetHasNoEffect,
  batchKeysWithoutBatching,
  pipReqAndConda,
  requirementInvalid,
  requirementFileMissing,
  mountSpec,
  envEntry,
  entrypointMissing,
  classnameMissing,
  configFileMissing,
  modelUnknown,
  modelVersionUnknown,
  nodeGroupUnknown,
  duplicateKey,
  yamlSyntax,
];

/** A rule by its code. */
export function ruleOf(code: string): Rule | undefined {
  return rules.find((rule) => rule.code === code);
}
