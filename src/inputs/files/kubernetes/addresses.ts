import type { KubernetesObject } from "./objects.ts";

/** An object by its address in the deployment. */
export interface Addressed {
  readonly address: string;
  /** The file that it is in, without its directory. */
  readonly file: string;
  readonly object: KubernetesObject;
}

/**
 * Gives each object an address of its own: `Kind/namespace/name`, as kubectl would find it, so that an object in another file is
 * the same. Where several are called that, as where a directory holds a file for each stage, the first has it and the address of
 * the others starts with their file; so the ones that did not change should come first. One without a name is known by its file.
 */
export function addressed(
  found: readonly { readonly file: string; readonly object: KubernetesObject }[],
): readonly Addressed[] {
  const taken = new Set<string>();
  const counts = new Map<string, number>();
  return found.map(({ file, object }) => {
    const { kind, namespace, name } = object;
    const plain = addressOf(kind, namespace, name ?? file);
    const longer = name === undefined ? plain : `${file}:${plain}`;
    let address = taken.has(plain) ? longer : plain;
    while (taken.has(address)) {
      const count = (counts.get(longer) ?? 1) + 1;
      counts.set(longer, count);
      address = `${longer}#${count}`;
    }
    taken.add(address);
    return { address, file, object };
  });
}

/** The address of an object that no other in its deployment shares. */
export function addressOf(kind: string, namespace: string | undefined, name: string): string {
  return [kind, ...(namespace === undefined ? [] : [namespace]), name].join("/");
}
