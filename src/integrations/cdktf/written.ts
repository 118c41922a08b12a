import type { App, StackManifest } from "./app.ts";

/**
 * Tells of each stack once it is written: the libraries ask the manifest for a stack when they begin to write it, one after
 * the other. It can be told of too early or twice, where a program asks for itself.
 */
export function watchWritten(app: App, tell: (stack: StackManifest) => void): void {
  const { manifest } = app;
  const { forStack } = manifest;
  let begun: StackManifest | undefined;
  manifest.forStack = (stack) => {
    const asked = forStack.call(manifest, stack);
    if (begun !== undefined && begun !== asked) tell(begun);
    begun = asked;
    return asked;
  };
}
