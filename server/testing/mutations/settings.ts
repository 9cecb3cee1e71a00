import { type Mutation, one, write } from './mutation.ts';

/** The keys of `spell.yaml`, and their values. */
export const settings: readonly Mutation[] = [
  one('key-unknown', 'iris-sklearn', 'spell.yaml', 'max-pods', 'maximum-pods'),
  one('key-unknown', 'bert-qa', 'spell.yaml', 'ram-limit', 'memory-limit'),
  one('key-unknown', 'whisper-audio', 'spell.yaml', 'drain-timeout', 'drain_time'),

  one('key-type', 'iris-sklearn', 'spell.yaml', 'min-pods: 1', 'min-pods: 1.5'),
  one('key-type', 'whisper-audio', 'spell.yaml', '50Mi', '50MB'),
  one('key-type', 'batched-plain', 'spell.yaml', 'adaptive', 'clever'),
  one('key-type', 'iris-sklearn', 'spell.yaml', 'min-pods: 1', 'min-pods: 1\napt: [libgomp1, "ffmpeg=="]'),
  one('key-type', 'bert-qa', 'spell.yaml', 'target-cpu-utilization: 0.7', 'target-cpu-utilization: 70'),

  one('server-name', 'iris-sklearn', 'spell.yaml', 'server-name: iris', 'server-name: iris!'),
  {
    code: 'server-name',
    project: 'batched-plain',
    changes: [{ file: 'spell.yaml', from: 'server-name: batched', to: 'server-name: batched--plain' }],
  },
  one('server-name', 'recommender', 'spell.yaml', 'server_name: recommender', 'server_name: _recommender'),

  one('pods-range', 'iris-sklearn', 'spell.yaml', 'min-pods: 1', 'min-pods: 9'),
  one('pods-range', 'bert-qa', 'spell.yaml', 'max-pods: 8', 'max-pods: 1'),
  one('pods-range', 'recommender', 'spell.yaml', 'min_pods: 2', 'min_pods: 2\nmax_pods: 1'),

  one('limit-below-request', 'bert-qa', 'spell.yaml', 'ram-limit: 4Gi', 'ram-limit: 1Gi'),
  one('limit-below-request', 'bert-qa', 'spell.yaml', 'cpu-limit: 4', 'cpu-limit: 1'),
  one('limit-below-request', 'recommender', 'spell.yaml', 'ram-request: 1Gi', 'ram-request: 1Gi\nram-limit: 1000'),

  one('fractional-gpu', 'resnet-torch-batched', 'spell.yaml', 'gpu-limit: 1', 'gpu-limit: 0.5'),
  one('fractional-gpu', 'iris-sklearn', 'spell.yaml', 'min-pods: 1', 'min-pods: 1\ngpu_limit: 1.5'),
  one('fractional-gpu', 'bert-qa', 'spell.yaml', 'cpu-request: 2', 'cpu-request: 2\ngpu-limit: 0.25'),

  one('target-has-no-effect', 'iris-sklearn', 'spell.yaml', 'max-pods: 4', 'max-pods: 1'),
  one('target-has-no-effect', 'bert-qa', 'spell.yaml', 'max-pods: 8', 'max-pods: 2'),
  one('target-has-no-effect', 'recommender', 'spell.yaml', 'min_pods: 2', 'min_pods: 2\nmax_pods: 2\ntarget_requests_per_second: 10'),

  one('batch-keys-without-batching', 'batched-plain', 'spell.yaml', 'enable-batching: true', 'enable-batching: false'),
  one('batch-keys-without-batching', 'iris-sklearn', 'spell.yaml', 'min-pods: 1', 'min-pods: 1\nbatch-isolation: "off"'),
  one('batch-keys-without-batching', 'recommender', 'spell.yaml', 'min_pods: 2', 'min_pods: 2\nbatch_policy: fixed'),

  one('pip-req-and-conda', 'tabular-pandas', 'spell.yaml', 'mounts:', 'conda-file: requirements.txt\nmounts:'),
  write(
    'pip-req-and-conda',
    'iris-sklearn',
    'environment.yml',
    'dependencies: [numpy]\n',
    'min-pods: 1',
    'spell.yaml',
    'conda-file: environment.yml\npip_req: environment.yml',
  ),
  write('pip-req-and-conda', 'recommender', 'r.txt', 'numpy\n', 'min_pods: 2', 'spell.yaml', 'pip_req: r.txt\nconda_file: r.txt'),

  one('requirement-invalid', 'iris-sklearn', 'spell.yaml', 'scikit-learn==1.5.2', 'scikit-learn=1.5.2'),
  one('requirement-invalid', 'resnet-torch-batched', 'spell.yaml', '[torch, torchvision, pillow]', '[torch, "torchvision>=", pillow]'),
  one('requirement-invalid', 'two-models', 'spell.yaml', '[onnxruntime]', '["--upgrade onnxruntime"]'),

  one('mount-spec', 'mounts-vocabulary', 'spell.yaml', 'uploads/text:vocab', 'uploads/text:vocab:ro'),
  one('mount-spec', 'mounts-vocabulary', 'spell.yaml', 'uploads/config\n', 'config\n'),
  one('mount-spec', 'tabular-pandas', 'spell.yaml', 'uploads/reference', 'uploads/reference:../up'),

  one('env-entry', 'bert-qa', 'spell.yaml', 'REVISION: demo', 'MODEL-REVISION: demo'),
  one('env-entry', 'iris-sklearn', 'spell.yaml', 'min-pods: 1', 'env:\n  - DEBUG'),
  one('env-entry', 'recommender', 'spell.yaml', 'min_pods: 2', 'env: [2FAST=yes]'),

  one('duplicate-key', 'iris-sklearn', 'spell.yaml', 'min-pods: 1', 'min-pods: 1\nmin-pods: 2'),
  one('duplicate-key', 'recommender', 'spell.yaml', 'min_pods: 2', 'min_pods: 2\nmin-pods: 3'),
  one(
    'duplicate-key',
    'several-classes',
    'spell.yaml',
    'classname: LargePredictor',
    'classname: LargePredictor\nentrypoint: predictors.py',
  ),
];
