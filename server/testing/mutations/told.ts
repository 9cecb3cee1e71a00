import type { Told } from '../../features/rules/rule.ts';

/** What an editor would have told: the models, resources and node groups of a control plane. */
export const models: Told = {
  facts: {
    models: [
      {
        name: 'iris',
        versions: [
          { number: 2, custom: null, files: ['iris.joblib', 'notes/readme.md'] },
          { number: 1, custom: 'first', files: ['old.joblib'] },
        ],
      },
      { name: 'resnet50', versions: [{ number: 1, custom: null, files: ['resnet50.pt', 'imagenet_classes.txt'] }] },
      { name: 'churn', versions: [{ number: 3, custom: null, files: ['churn.pkl'] }] },
      { name: 'bert_squad', versions: [{ number: 8, custom: 'demo', files: ['bert/config.json'] }] },
      { name: 'items', versions: [{ number: 1, custom: null, files: ['vectors.f32', 'items.json'] }] },
    ],
    resources: ['uploads/reference', 'uploads/text', 'uploads/config'],
    nodeGroups: ['default', 't4'],
  },
};

/** What it would have told of an interpreter that finds these modules. */
export const environment = (...modules: string[]): Told => ({
  environment: { python: '.venv/bin/python', version: '3.11', modules: new Set(modules), distributions: new Map() },
});
