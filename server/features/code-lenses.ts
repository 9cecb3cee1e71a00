import type { CodeLens, Command } from 'vscode-languageserver-types';
import type { Subject } from './diagnose.ts';
import { PredictorFile } from './subjects/predictor-file.ts';

/**
 * What one can do with a predictor class, and what its running servers are doing. The commands are the extension's, called with
 * one target each: a second argument would answer questions beforehand, as a program does, and have failures thrown at it.
 */
export function codeLenses(subject: Subject): CodeLens[] {
  if (!(subject instanceof PredictorFile)) return [];
  const uri = subject.world.uri(subject.path);
  return subject.predictors.flatMap((predictor) => {
    if (predictor.name.startsWith('_')) return [];
    const range = subject.lines.range(predictor.definition.nameSpan);
    const running = subject.servingsOf(predictor).flatMap((serving) => serving.running ?? []);
    const serve: Command = { title: 'Serve', command: 'spell.modelServer.serveFile', arguments: [{ uri, classname: predictor.name }] };
    const commands = running.flatMap((server): Command[] => {
      const target = { owner: server.owner, name: server.name };
      return [
        { title: `Update ${server.name}`, command: 'spell.modelServer.update', arguments: [{ ...target, entrypoint: uri }] },
        { title: 'Send Request', command: 'spell.modelServer.sendRequest', arguments: [target] },
        { title: 'Logs', command: 'spell.modelServer.showLogs', arguments: [target] },
        { title: 'health', command: 'spell.modelServer.healthcheck', arguments: [target] },
        { title: `${server.pods.ready}/${server.pods.total} pods`, command: 'spell.modelServer.openDetails', arguments: [target] },
      ];
    });
    return (commands.length > 0 ? commands : [serve]).map((command) => ({ range, command }));
  });
}
