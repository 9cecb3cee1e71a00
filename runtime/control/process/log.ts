import { appendFileSync, fstatSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Writes the process's log, one line at a time: to the standard output, which a starter leads into the log file, or
 * into that file itself where nobody did (the gateway starts a control plane that vanished, and gives it no output).
 */
export function openLog(file: string): (line: string) => void {
  const toFile = fstatSync(1).isCharacterDevice() && !process.stdout.isTTY;
  const write = toFile ? appendTo(file) : (text: string) => process.stdout.write(text);
  const say = (line: string): void => void write(`${new Date().toISOString()} ${line}\n`);
  // What Node prints of a crash would go nowhere.
  if (toFile) process.on('uncaughtExceptionMonitor', (error) => say(`crashed: ${error instanceof Error ? error.stack : String(error)}`));
  return say;
}

function appendTo(file: string): (text: string) => void {
  return (text) => {
    try {
      mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
      appendFileSync(file, text, { mode: 0o600 });
    } catch {
      // A log that cannot be written must not end what it tells of.
    }
  };
}
