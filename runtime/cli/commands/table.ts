import type { CommandGroup } from '../parsing/find-command.ts';

/** Every command. Each is loaded when it is used, so that none pays for what another needs. */
export const commands: CommandGroup = {
  summary: 'Turns Python predictor files into realtime HTTP endpoints',
  commands: {
    server: {
      summary: 'Model servers: serve, update, watch and call them',
      byDefault: 'list',
      commands: {
        list: async () => (await import('./server/list.ts')).list,
        serve: async () => (await import('./server/serve.ts')).serve,
        update: async () => (await import('./server/update.ts')).update,
        rollback: async () => (await import('./server/rollback.ts')).rollback,
        stop: async () => (await import('./server/stop.ts')).stop,
        start: async () => (await import('./server/start.ts')).start,
        rm: async () => (await import('./server/rm.ts')).rm,
        export: async () => (await import('./server/export.ts')).exportModelServer,
        describe: async () => (await import('./server/describe.ts')).describe,
        status: async () => (await import('./server/status.ts')).status,
        models: {
          summary: 'The models of a model server',
          commands: {
            add: async () => (await import('./server/lists/models.ts')).modelsAdd,
            rm: async () => (await import('./server/lists/models.ts')).modelsRm,
          },
        },
        mounts: {
          summary: 'The resources that the predictor of a model server sees below /mounts',
          commands: {
            add: async () => (await import('./server/lists/mounts.ts')).mountsAdd,
            rm: async () => (await import('./server/lists/mounts.ts')).mountsRm,
          },
        },
        revisions: async () => (await import('./server/revisions.ts')).revisions,
        batches: async () => (await import('./server/batches.ts')).batches,
        requests: async () => (await import('./server/requests.ts')).requests,
        metrics: async () => (await import('./server/metrics/metrics.ts')).metrics,
        'download-metrics': async () => (await import('./server/metrics/download.ts')).downloadMetrics,
        logs: async () => (await import('./server/logs/logs.ts')).logs,
        predict: async () => (await import('./server/predict.ts')).predict,
        healthcheck: async () => (await import('./server/healthcheck.ts')).healthcheck,
      },
    },
    model: {
      summary: 'Models: named, versioned sets of files that model servers load',
      byDefault: 'list',
      commands: {
        list: async () => (await import('./model/list.ts')).list,
        create: async () => (await import('./model/create.ts')).create,
        describe: async () => (await import('./model/describe.ts')).describe,
        rm: async () => (await import('./model/rm.ts')).rm,
      },
    },
    apply: async () => (await import('./apply.ts')).apply,
    run: async () => (await import('./run.ts')).run,
    runs: {
      summary: 'Runs: commands that were run, with their logs and what they made',
      byDefault: 'list',
      commands: {
        list: async () => (await import('./runs/list.ts')).list,
        describe: async () => (await import('./runs/describe.ts')).describe,
        logs: async () => (await import('./runs/logs.ts')).logs,
      },
    },
    upload: async () => (await import('./upload.ts')).upload,
    ls: async () => (await import('./ls.ts')).ls,
    cp: async () => (await import('./cp.ts')).cp,
    rm: async () => (await import('./rm.ts')).rm,
    env: {
      summary: 'Python environments: what pip, pip-req and conda-file made',
      byDefault: 'list',
      commands: {
        list: async () => (await import('./env/list.ts')).list,
        logs: async () => (await import('./env/logs.ts')).logs,
        prune: async () => (await import('./env/prune.ts')).prune,
      },
    },
    prune: async () => (await import('./prune.ts')).prune,
    up: async () => (await import('./up.ts')).up,
    down: async () => (await import('./down.ts')).down,
    status: async () => (await import('./status.ts')).status,
    events: async () => (await import('./events.ts')).events,
    check: async () => (await import('./check.ts')).check,
    'language-server': async () => (await import('./language-server.ts')).languageServer,
    'node-group': {
      summary: 'Where pods run',
      byDefault: 'list',
      commands: {
        list: async () => (await import('./cluster/node-group-list.ts')).nodeGroupList,
        add: async () => (await import('./cluster/needs-cluster.ts')).needsCluster('node-group add', 'Adds a node group'),
        scale: async () =>
          (await import('./cluster/needs-cluster.ts')).needsCluster('node-group scale', 'Changes the size of a node group'),
        delete: async () => (await import('./cluster/needs-cluster.ts')).needsCluster('node-group delete', 'Removes a node group'),
      },
    },
    'kube-cluster': {
      summary: 'The Kubernetes cluster that serves',
      commands: {
        create: async () =>
          (await import('./cluster/needs-cluster.ts')).needsCluster('kube-cluster create', 'Sets a cluster up for serving'),
        update: async () =>
          (await import('./cluster/needs-cluster.ts')).needsCluster('kube-cluster update', 'Updates what serves on the cluster'),
        delete: async () =>
          (await import('./cluster/needs-cluster.ts')).needsCluster('kube-cluster delete', 'Removes what serves from the cluster'),
        describe: async () => (await import('./cluster/needs-cluster.ts')).needsCluster('kube-cluster describe', 'Shows the cluster'),
      },
    },
    completion: async () => (await import('./completion.ts')).completion,
    version: async () => (await import('./version.ts')).version,
  },
};
