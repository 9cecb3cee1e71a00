/**
 * Names outside the project that mean the same thing, each under the one name that rules use. Frameworks hand on
 * Starlette's classes under their own names.
 */
const aliases: Record<string, string> = {
  'spell.serving.predictor.BasePredictor': 'spell.serving.BasePredictor',
  'spell.serving.decorators.with_full_request': 'spell.serving.with_full_request',
  'spell.serving.decorators.with_background_tasks': 'spell.serving.with_background_tasks',
  'spell.serving.metrics.send_metric': 'spell.serving.send_metric',
  'spell.serving.metrics.prometheus': 'prometheus_client',
  'fastapi.Request': 'starlette.requests.Request',
  'fastapi.requests.Request': 'starlette.requests.Request',
  'fastapi.BackgroundTasks': 'starlette.background.BackgroundTasks',
  'fastapi.background.BackgroundTasks': 'starlette.background.BackgroundTasks',
  'fastapi.HTTPException': 'starlette.exceptions.HTTPException',
  'fastapi.exceptions.HTTPException': 'starlette.exceptions.HTTPException',
  'fastapi.Response': 'starlette.responses.Response',
  'tensorflow.keras': 'keras',
  tf_keras: 'keras',
};

/** The one name of a dotted name outside the project. */
export function canonical(path: string): string {
  const whole = aliases[path];
  if (whole) return whole;
  for (const [from, to] of Object.entries(prefixes)) if (path.startsWith(from)) return canonical(to + path.slice(from.length));
  return path;
}

const prefixes: Record<string, string> = {
  'fastapi.responses.': 'starlette.responses.',
  'tensorflow.keras.': 'keras.',
  'tf_keras.': 'keras.',
};

/** What `from MODULE import *` brings, for the modules outside the project that rules care about. */
export const starExports: Record<string, readonly string[]> = {
  'spell.serving': ['BasePredictor', 'with_full_request', 'with_background_tasks', 'send_metric', 'metrics'],
  'spell.serving.metrics': ['send_metric', 'prometheus'],
  'starlette.requests': ['Request', 'HTTPConnection', 'ClientDisconnect'],
  'starlette.background': ['BackgroundTask', 'BackgroundTasks'],
  'starlette.exceptions': ['HTTPException', 'WebSocketException'],
  'starlette.responses': [
    'Response',
    'HTMLResponse',
    'PlainTextResponse',
    'JSONResponse',
    'RedirectResponse',
    'StreamingResponse',
    'FileResponse',
  ],
};

/** Bases that bring no method a predictor could answer with. */
export const plainBases = new Set([
  'builtins.object',
  'abc.ABC',
  'typing.Generic',
  'typing.Protocol',
  'typing_extensions.Protocol',
  'enum.Enum',
  'builtins.Exception',
]);

/** The class that makes a class a predictor. */
export const basePredictor = 'spell.serving.BasePredictor';
/** What makes a parameter receive the whole request. */
export const requestClass = 'starlette.requests.Request';
/** What makes a parameter receive background tasks. */
export const tasksClass = 'starlette.background.BackgroundTasks';
