import type { Context } from '../context.ts';

/** Prints the one document of `-o json`. */
export function printJson({ terminal }: Pick<Context, 'terminal'>, value: unknown): void {
  terminal.print(JSON.stringify(value, undefined, 2));
}

/** Prints one object of a stream, on one line. */
export function printJsonLine({ terminal }: Pick<Context, 'terminal'>, value: unknown): void {
  terminal.print(JSON.stringify(value));
}
