/**
 * Why this Node cannot run the tool; undefined where it can. An older one lacks what the policies use: they would crash
 * half-way, and the run would look like a judgement. Whoever asks imports the rest behind it.
 */
export function unsupportedNode(): string | undefined {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  if (major > 22 || (major === 22 && minor >= 18)) return undefined;
  return `Node 22.18 or later is needed, and this is ${process.versions.node}`;
}
