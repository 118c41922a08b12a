import { withoutKeys } from "../../model/address.ts";
import type { Deployment, HostName, Problem } from "../../model/deployment.ts";

/** Hosts whose addresses mean the same. */
const FAMILY: Readonly<Record<HostName, string>> = {
  "terraform-plan": "Terraform",
  "terraform-state": "Terraform",
  "cdktf-synth": "Terraform",
  "pulumi-preview": "Pulumi",
  "pulumi-analyzer": "Pulumi",
  "pulumi-state": "Pulumi",
  "arm-what-if": "ARM",
  "git-diff": "files",
};

export interface Pairs {
  readonly beforeOf: ReadonlyMap<Deployment, Deployment>;
  readonly problems: ReadonlyMap<Deployment, readonly Problem[]>;
}

/**
 * Which before belongs to which deployment: the only one to the only one, the one with the same name, else the one that
 * shares the most addresses with it and with no other. Where two fit equally well, none is taken and a problem says so.
 */
export function pair(after: readonly Deployment[], before: readonly Deployment[]): Pairs {
  const beforeOf = new Map<Deployment, Deployment>();
  const problems = new Map<Deployment, readonly Problem[]>();
  const complain = (one: Deployment, severity: Problem["severity"], message: string) => {
    problems.set(one, [...(problems.get(one) ?? []), { message: `${message}.`, severity }]);
  };
  const take = (one: Deployment, other: Deployment) => {
    beforeOf.set(one, other);
    if (!isForeign(one, other)) return;
    complain(
      one,
      "error",
      `${one.name}: no resource is also in ${other.name}, which was given as its before; so it is hardly the right one`,
    );
  };
  const free = new Set(before);
  for (const one of after) {
    const fitting = before.filter((other) => FAMILY[other.host] === FAMILY[one.host]);
    if (fitting.length === 0 && before.length > 0) {
      const hosts = [...new Set(before.map((other) => other.host))].sort().join(", ");
      complain(one, "error", `${one.name}: a ${hosts} cannot be the before of a ${one.host}`);
    }
    const [named, ...others] = fitting.filter((other) => other.name === one.name);
    if (others.length > 0)
      complain(
        one,
        "error",
        `${one.name}: ${others.length + 1} states have this name, so none is taken for it`,
      );
    else if (named !== undefined) {
      take(one, named);
      free.delete(named);
    }
  }
  const open = after.filter((one) => !beforeOf.has(one) && !problems.has(one));
  const [onlyAfter, onlyBefore] = [after[0], before[0]];
  if (
    after.length === 1 &&
    before.length === 1 &&
    onlyAfter !== undefined &&
    onlyBefore !== undefined &&
    open.includes(onlyAfter)
  ) {
    take(onlyAfter, onlyBefore);
    return { beforeOf, problems };
  }
  for (const one of open) {
    const best = bestOf(
      one,
      [...free].filter((other) => FAMILY[other.host] === FAMILY[one.host]),
    );
    const names = best
      .map((other) => other.name)
      .sort()
      .join(", ");
    if (best.length > 1)
      complain(
        one,
        "error",
        `${one.name}: ${names} fit equally well as its before, so none is taken; name one after the stack`,
      );
    else if (best.length === 1 && bestOf(best[0] as Deployment, open).length > 1) {
      complain(
        one,
        "error",
        `${one.name}: ${names} fits other stacks as well, so it is not taken as its before; name it after its stack`,
      );
    } else if (best[0] !== undefined && bestOf(best[0], open)[0] === one) beforeOf.set(one, best[0]);
    else complain(one, "warning", `${one.name}: nothing that was given as before belongs to this stack`);
  }
  const [first] = open;
  if (beforeOf.size === 0 && before.length > 0 && first !== undefined && open.length === after.length)
    complain(first, "error", "nothing that was given as before belongs to what is judged");
  const taken = new Set(beforeOf.values());
  for (const other of before) {
    const host = after[0];
    if (!taken.has(other) && host !== undefined && FAMILY[other.host] === FAMILY[host.host])
      complain(host, "warning", `${other.name}, which was given as before, belongs to no stack here`);
  }
  return { beforeOf, problems };
}

/** Whether both have resources and none in common. */
function isForeign(one: Deployment, other: Deployment): boolean {
  return one.changes.length > 0 && other.changes.length > 0 && overlap(one, other) === 0;
}

/** Those that share the most addresses with `one`; none where nobody shares any. */
function bestOf(one: Deployment, others: readonly Deployment[]): readonly Deployment[] {
  const shares = others.map((other) => overlap(one, other));
  const most = Math.max(0, ...shares);
  return most === 0 ? [] : others.filter((_, i) => shares[i] === most);
}

function overlap(one: Deployment, other: Deployment): number {
  const addresses = new Set(one.changes.map((change) => withoutKeys(change.address)));
  return new Set(
    other.changes.map((change) => withoutKeys(change.address)).filter((address) => addresses.has(address)),
  ).size;
}
