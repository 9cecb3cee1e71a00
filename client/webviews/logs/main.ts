import type { ToPanel } from '../../logs/messages.ts';
import { host } from './host.ts';
import { LogPanel } from './panel.ts';

window.addEventListener('message', function restore({ data }: MessageEvent<ToPanel>) {
  if (data.type !== 'restore') return;
  window.removeEventListener('message', restore);
  new LogPanel(document.body, data.state).listen();
});
host.postMessage({ type: 'ready' });
