/** A program that is needed, is not here and could not be installed; the message says why. */
export class MissingTool extends Error {
  override name = "MissingTool";
}
