import { type Mutation, one } from './mutation.ts';
import { models } from './told.ts';

/** What `spell.yaml` names: files, classes, models, node groups. */
export const references: readonly Mutation[] = [
  one('requirement-file-missing', 'tabular-pandas', 'spell.yaml', 'requirements.txt', 'requirement.txt'),
  one('requirement-file-missing', 'iris-sklearn', 'spell.yaml', 'min-pods: 1', 'pip-req: requirements.txt'),
  one('requirement-file-missing', 'recommender', 'spell.yaml', 'min_pods: 2', 'conda_file: conf/environment.yml'),

  one('entrypoint-missing', 'iris-sklearn', 'spell.yaml', 'entrypoint: predictor.py', 'entrypoint: predict.py'),
  one('entrypoint-missing', 'bert-qa', 'spell.yaml', 'entrypoint: serve.py\n', ''),
  one('entrypoint-missing', 'package-layout', 'spell.yaml', 'src/mypkg/serving/predictor.py', 'mypkg/serving/predictor.py'),

  one('classname-missing', 'several-classes', 'spell.yaml', 'LargePredictor', 'HugePredictor'),
  one('classname-missing', 'time-series', 'spell.yaml', 'config: config.yaml', 'config: config.yaml\nclassname: Predictor'),
  {
    code: 'classname-missing',
    project: 'text-classifier',
    changes: [{ file: 'spell.yaml', to: 'entrypoint: predictor.py\nclassname: NaiveBayes\n' }],
  },

  one('config-file-missing', 'time-series', 'spell.yaml', 'config.yaml', 'configs.yaml'),
  one('config-file-missing', 'tabular-pandas', 'spell.yaml', 'settings/churn.json', 'churn.json'),
  one('config-file-missing', 'iris-sklearn', 'spell.yaml', 'min-pods: 1', 'config: config.json'),

  one('model-unknown', 'iris-sklearn', 'spell.yaml', 'iris:v2', 'irises:v2', models),
  one('model-unknown', 'tabular-pandas', 'spell.yaml', 'churn:v3', 'churns', models),
  one('model-unknown', 'recommender', 'spell.yaml', 'model: items', 'model: [items, users]', models),

  one('model-version-unknown', 'iris-sklearn', 'spell.yaml', 'iris:v2', 'iris:v3', models),
  one('model-version-unknown', 'bert-qa', 'spell.yaml', 'bert_squad:demo', 'bert_squad:prod', models),
  one('model-version-unknown', 'tabular-pandas', 'spell.yaml', 'churn:v3', 'churn:third', models),

  one('node-group-unknown', 'iris-sklearn', 'spell.yaml', 'min-pods: 1', 'node-group: t5', models),
  one('node-group-unknown', 'resnet-torch-batched', 'spell.yaml', 'gpu-limit: 1', 'gpu-limit: 1\nnode-group: a100', models),
  one('node-group-unknown', 'recommender', 'spell.yaml', 'min_pods: 2', 'node_group: defaults', models),
];
