/** Documents of this many bytes decide how much memory a run takes; for smaller ones it is Node itself. */
const LARGE = 32 * 1024 * 1024;

/**
 * Keeps the heap's young generation at the size it has. Judging a large plan makes much that is garbage at once: in a young
 * generation that grows, as V8's does by default, it only lies about longer. That takes a quarter more memory, and saves no time.
 */
export function prepareFor(bytes: number): void {
  if (bytes < LARGE) return;
  process.getBuiltinModule("node:v8").setFlagsFromString("--semi-space-growth-factor=1");
}
