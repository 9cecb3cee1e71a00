import { type Mutation, one, write } from './mutation.ts';
import { environment, models } from './told.ts';

const serve = 'entrypoint: predictor.py\n';

/** What a predictor counts on being there: files, packages, a model, a GPU. */
export const surroundings: readonly Mutation[] = [
  one('model-file-missing', 'iris-sklearn', 'predictor.py', '"/model/iris.joblib"', '"/model/iris.pkl"', models),
  one('model-file-missing', 'resnet-torch-batched', 'predictor.py', '"/model/imagenet_classes.txt"', '"/model/classes.txt"', models),
  one('model-file-missing', 'recommender', 'predictor.py', '"/model/items.json"', '"/model/item.json"', models),

  one('mount-missing', 'mounts-vocabulary', 'predictor.py', '"/mounts/vocab/words.json"', '"/mounts/text/words.json"'),
  one('mount-missing', 'mounts-vocabulary', 'spell.yaml', '  - uploads/text:vocab\n', ''),
  one('mount-missing', 'tabular-pandas', 'predictor.py', '"/model/churn.pkl"', '"/mounts/churn/churn.pkl"'),

  one('local-path', 'iris-sklearn', 'predictor.py', 'joblib.load(MODEL_PATH)', 'joblib.load("/Users/ada/iris.joblib")'),
  one('local-path', 'recommender', 'predictor.py', 'open("/model/items.json", "rt")', 'open("../items.json", "rt")'),
  one('local-path', 'text-classifier', 'predictor.py', 'Path("/model")', 'Path("~/models")'),

  write(
    'model-info-without-model',
    'model-info',
    'spell.yaml',
    serve,
    'self.model_info.version if self.model_info else "none"',
    'predictor.py',
    'self.model_info.version',
  ),
  {
    code: 'model-info-without-model',
    project: 'time-series',
    changes: [{ file: 'predictor.py', from: 'return points', to: 'return {"by": self.model_info.name, "points": points}' }],
  },
  one(
    'model-info-without-model',
    'batched-plain',
    'predictor.py',
    'self.scale = scale',
    'self.scale = scale\n        self.folder = self.model_info.path()',
  ),

  one(
    'missing-dependency',
    'time-series',
    'predictor.py',
    'from datetime import',
    'import holidays\nfrom datetime import',
    environment('numpy'),
  ),
  one('missing-dependency', 'batched-prepare', 'predictor.py', 'import struct\n', 'import struct\nimport soundfile as sf\n', environment()),
  one(
    'missing-dependency',
    'mounts-vocabulary',
    'predictor.py',
    'import os\n',
    'import os\nfrom nltk.corpus import stopwords\n',
    environment('numpy'),
  ),

  one(
    'gpu-not-requested',
    'time-series',
    'predictor.py',
    'self.horizon = horizon',
    'self.horizon = horizon\n        self.model = load().to("cuda")',
  ),
  one('gpu-not-requested', 'whisper-audio', 'predictor.py', 'download_root="/model")', 'download_root="/model", device="cuda")'),
  one('gpu-not-requested', 'batched-plain', 'predictor.py', 'self.scale = scale', 'self.scale = tensor(scale).cuda()'),
];
