import { type Mutation, one, write } from './mutation.ts';

const serve = 'entrypoint: predictor.py\n';
const batched = 'entrypoint: predictor.py\nenable-batching: true\n';

/** Methods that do not fit how batches are run. */
export const batching: readonly Mutation[] = [
  write('request-in-batched-predict', 'file-upload', 'spell.yaml', batched),
  write('request-in-batched-predict', 'auth-headers', 'spell.yaml', 'entrypoint: predictor.py\nmax-batch-size: 8\n'),
  one(
    'request-in-batched-predict',
    'keyword-only',
    'spell.yaml',
    'entrypoint: predictor.py\n',
    'entrypoint: predictor.py\nrequest-timeout: 100\n',
  ),

  {
    code: 'batched-predict-returns-one',
    project: 'batched-plain',
    changes: [
      {
        file: 'predictor.py',
        from: 'return [{"total": sum(row) * self.scale, "padded": longest} for row in padded]',
        to: 'return {"totals": [sum(row) for row in padded]}',
      },
    ],
  },
  one('batched-predict-returns-one', 'batched-prepare', 'predictor.py', 'return answers', 'return JSONResponse(answers)'),
  write('batched-predict-returns-one', 'model-info', 'spell.yaml', `${batched}model: iris\n`),

  one('batched-predict-payload', 'batched-plain', 'predictor.py', 'longest = max', 'scale = payload["scale"]\n        longest = max'),
  one('batched-predict-payload', 'batched-generator', 'predictor.py', 'for item in payload:', 'for item in payload.get("items"):'),
  write(
    'batched-predict-payload',
    'type-checking',
    'spell.yaml',
    serve,
    'return {"keys": sorted(payload)}',
    'predictor.py',
    'return {"keys": [item["key"] for item in payload]}',
  ),

  one('prepare-not-picklable', 'batched-prepare', 'predictor.py', 'return {"values": values,', 'return {"values": (v for v in values),'),
  one(
    'prepare-not-picklable',
    'batched-prepare',
    'predictor.py',
    'return {"values": values, "id": request.headers.get("x-id", "")}',
    'return request',
  ),
  one('prepare-not-picklable', 'resnet-torch-batched', 'predictor.py', 'return TRANSFORM(image)', 'return lambda: TRANSFORM(image)'),

  one('prepare-without-batching', 'batched-prepare', 'spell.yaml', 'enable-batching: true\n', ''),
  one('prepare-without-batching', 'batched-prepare', 'spell.yaml', 'true', 'false'),
  one(
    'prepare-without-batching',
    'resnet-torch-batched',
    'spell.yaml',
    'enable-batching: true\nmax-batch-size: 32\nrequest-timeout: 20\n',
    '',
  ),
];
