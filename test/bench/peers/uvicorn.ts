/** One process of uvicorn that serves an application in this folder. */
export function uvicorn(bin: (name: string) => string, port: number, application: string): string[] {
  return [bin('python'), '-m', 'uvicorn', application, '--port', String(port), '--no-access-log', '--log-level', 'warning'];
}
