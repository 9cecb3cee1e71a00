/**
 * Every code of the control plane's API and of the `spell` command, with its HTTP status and the command's exit status
 * (`spec/surfaces.md` §2). The endpoint's codes, which predictions answer with, are in `endpoint.ts`.
 */
export const errorCodes = {
  usage: { status: 400, exit: 2 },
  'bad-json': { status: 400, exit: 1 },
  'bad-request': { status: 400, exit: 1 },
  'bad-name': { status: 400, exit: 2 },
  'bad-setting': { status: 400, exit: 2 },
  'bad-path': { status: 400, exit: 2 },
  'needs-answer': { status: 400, exit: 2 },
  declined: { status: 400, exit: 1 },
  unauthorized: { status: 401, exit: 1 },
  forbidden: { status: 403, exit: 1 },
  'not-found': { status: 404, exit: 3 },
  'method-not-allowed': { status: 405, exit: 1 },
  exists: { status: 409, exit: 1 },
  'in-use': { status: 409, exit: 1 },
  running: { status: 409, exit: 1 },
  conflict: { status: 409, exit: 1 },
  'needs-cluster': { status: 409, exit: 1 },
  'missing-content': { status: 409, exit: 1 },
  'too-large': { status: 413, exit: 1 },
  'wrong-digest': { status: 422, exit: 1 },
  'rollout-failed': { status: 409, exit: 1 },
  'disk-full': { status: 507, exit: 1 },
  'home-unwritable': { status: 500, exit: 1 },
  'port-taken': { status: 500, exit: 1 },
  'bad-certificate': { status: 500, exit: 1 },
  'not-running': { status: 503, exit: 1 },
  unreachable: { status: 503, exit: 1 },
  'start-failed': { status: 500, exit: 1 },
  'not-built': { status: 500, exit: 1 },
  'check-failed': { status: 400, exit: 1 },
  interrupted: { status: 499, exit: 130 },
  internal: { status: 500, exit: 1 },
} as const satisfies Record<string, { status: number; exit: number }>;

/** One of the codes that programs may hold on to. */
export type ErrorCode = keyof typeof errorCodes;

/** What an error looks like in JSON: in an API answer, and on stderr of `spell … -o json`. */
export interface ErrorBody {
  error: { code: ErrorCode; message: string; hint?: string; request_id?: string };
}

/**
 * The one error class of the control plane and the command. `message` says what happened and which value was wrong;
 * `hint` says what to do next.
 */
export class SpellError extends Error {
  readonly code: ErrorCode;
  readonly hint: string | undefined;

  constructor(code: ErrorCode, message: string, hint?: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'SpellError';
    this.code = code;
    this.hint = hint;
  }

  /** The error as it goes over the wire. */
  toBody(requestId?: string): ErrorBody {
    return {
      error: {
        code: this.code,
        message: this.message,
        ...(this.hint === undefined ? {} : { hint: this.hint }),
        ...(requestId === undefined ? {} : { request_id: requestId }),
      },
    };
  }
}

/** Anything that was thrown, as a {@link SpellError}; what is not one of ours becomes `internal`, with its cause kept. */
export function asSpellError(thrown: unknown): SpellError {
  if (thrown instanceof SpellError) return thrown;
  if (thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOSPC') {
    return new SpellError(
      'disk-full',
      `no space is left on the disk: ${thrown.message}`,
      'free some space, then try again; nothing was changed',
      {
        cause: thrown,
      },
    );
  }
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new SpellError('internal', message, 'this is a defect of Spell: `logs/spelld.log` in SPELL_HOME has the details', {
    cause: thrown,
  });
}
