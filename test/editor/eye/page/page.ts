/** What the tests do inside a page. It is bundled and evaluated there; see `workbench/in-page.ts`. */
export { focused } from './focused.ts';
export { hardToSee } from './hard-to-see.ts';
export { still } from './still.ts';
