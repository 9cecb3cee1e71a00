import { type Mutation, one } from './mutation.ts';

/** What a predictor answers, and how it says that it is unwell. */
export const answers: readonly Mutation[] = [
  one('not-serialisable-return', 'sets-inside', 'predictor.py', '"known": sorted(known)', '"known": {k for k in known}'),
  one(
    'not-serialisable-return',
    'time-series',
    'predictor.py',
    'return points',
    'return {"points": points, "start": datetime.now(timezone.utc)}',
  ),
  one(
    'not-serialisable-return',
    'uuid-and-numbers',
    'predictor.py',
    '{"nested": {"deep": uuid.UUID(int=2)}}',
    '{"nested": {"deep": b"bytes"}}',
  ),
  one(
    'not-serialisable-return',
    'helper-modules',
    'predictor.py',
    'return {"score": clip((score + 1) / 2)}',
    'return {"score": clip, "tokens": tokens(payload["text"])}',
  ),

  one('response-class', 'auth-headers', 'predictor.py', 'import HTTPException', 'import HTTPError'),
  one(
    'response-class',
    'matching',
    'predictor.py',
    'from starlette.exceptions import HTTPException',
    'from starlette.exceptions import HTTPError as HTTPException',
  ),
  one(
    'response-class',
    'async-client',
    'predictor.py',
    'from starlette.exceptions import HTTPException',
    'from fastapi import HTTPError, HTTPException',
  ),

  one(
    'health-always-ok',
    'unhealthy',
    'predictor.py',
    'return JSONResponse({"status": "maintenance"}, status_code=503)',
    'return {"status": "unavailable"}',
  ),
  one('health-always-ok', 'unhealthy', 'predictor.py', 'raise HTTPException(503, detail="too busy")', 'return False'),
  one('health-always-ok', 'async-client', 'predictor.py', 'raise HTTPException(503)\n', 'return {"ok": False}, 503\n'),
];
