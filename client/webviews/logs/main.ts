import { LogPanel } from './panel.ts';

new LogPanel(document.body).begin();
