/** A tool that some tests need is not here, and could not be brought. The message says which, and how to get it. */
export class MissingTool extends Error {
  override name = 'MissingTool';
}
