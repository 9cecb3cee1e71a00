import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import { startServer } from './connection/server.ts';

/**
 * The language server's program. It speaks the Language Server Protocol over `--stdio`, `--node-ipc`, `--pipe=NAME` or
 * `--socket=PORT`, and ends with its client.
 */
// Over the channel between Node processes nothing else says that the client is gone.
process.once('disconnect', () => process.exit(1));

const pages = new URL('../docs/rules/', import.meta.url).href;
startServer(createConnection(ProposedFeatures.all), pages);
