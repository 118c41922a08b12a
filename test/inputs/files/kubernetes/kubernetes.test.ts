import { describe, expect, it } from "vitest";
import boundedRetries from "../../../../policies/clients/bounded-retries.ts";
import gradualUpdateSettings from "../../../../policies/rollout/gradual-update-settings.ts";
import type { Change } from "../../../../src/model/change.ts";
import type { Deployment } from "../../../../src/model/deployment.ts";
import { isObject, Secret } from "../../../../src/model/value.ts";
import { type Files, readChange } from "../../../support/files.ts";
import { runOver } from "../../../support/harness.ts";

const object = (kind: string, name: string, rest = "", apiVersion = "v1") =>
  `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata:\n  name: ${name}\n${rest}`;
const deployment = (name: string, rest = "") => object("Deployment", name, `spec:\n${rest}`, "apps/v1");

async function judge(before: Files, after: Files, renamed = {}): Promise<readonly Deployment[]> {
  const { deployments, problems } = await readChange(before, after, renamed);
  expect(problems).toEqual([]);
  return deployments;
}

/** What happens to which object, for those that something happens to. */
async function fates(before: Files, after: Files, renamed = {}): Promise<readonly string[]> {
  const deployments = await judge(before, after, renamed);
  return deployments.flatMap(({ name, changes }) =>
    changes.flatMap(({ action, address }) => (action === "keep" ? [] : [`${name}: ${action} ${address}`])),
  );
}

async function created(files: Files): Promise<readonly Change[]> {
  return (await judge({}, files)).flatMap(({ changes }) => changes);
}

async function said(before: Files, after: Files): Promise<readonly string[]> {
  return (await judge(before, after)).flatMap(({ problems }) =>
    problems.map(({ severity, message, source }) => `${severity} ${source?.line ?? ""}: ${message}`),
  );
}

describe("objects", () => {
  it("are those of all documents and lists, by kind, namespace and name", async () => {
    const changes = await created({
      "shop/all.yaml": [
        "# The shop.",
        "---",
        object("Namespace", "shop"),
        "---",
        "apiVersion: v1",
        "kind: List",
        "items:",
        "  - apiVersion: apps/v1",
        "    kind: Deployment",
        "    metadata: {name: web, namespace: shop}",
        "  - {apiVersion: v1, kind: Service, metadata: {name: web, namespace: shop}}",
        "---",
        "just: values",
        "",
      ].join("\n"),
      "shop/one.json":
        '{"apiVersion":"v1","kind":"ServiceAccountList","items":[{"metadata":{"name":"web"}}]}',
    });
    expect(
      changes.map(({ address, name, type, source }) => [address, name, type, source?.line, source?.column]),
    ).toEqual([
      ["Namespace/shop", "shop", "v1/Namespace", 3, 1],
      ["Deployment/shop/web", "web", "apps/v1/Deployment", 12, 5],
      ["Service/shop/web", "web", "v1/Service", 15, 5],
      ["ServiceAccount/web", "web", "v1/ServiceAccount", 1, 57],
    ]);
    expect(changes[0]).toMatchObject({ provider: { name: "kubernetes" }, source: { file: "shop/all.yaml" } });
  });

  it("have words and numbers as kubectl reads them", async () => {
    const [change] = await created({ "a.yaml": object("X", "a", "spec: {on: yes, mode: 0644}\n") });
    expect(change?.after).toMatchObject({ spec: { on: true, mode: 420 } });
  });

  it("without a name are known by what it starts with, or by their file", async () => {
    const nameless = "apiVersion: v1\nkind: X\n---\napiVersion: v1\nkind: X\n";
    const generated = "apiVersion: batch/v1\nkind: Job\nmetadata: {generateName: migrate-}\n";
    const changes = await created({ "a.yaml": nameless, "b.yaml": generated });
    expect(changes.map(({ address }) => address)).toEqual(["X/a.yaml", "X/a.yaml#2", "Job/migrate-"]);
  });

  it("that differ only in their file have it in their address, all but the first that did not change", async () => {
    const files = { "a/prod.yaml": object("X", "x"), "a/stage.yaml": object("X", "x") };
    expect(await fates(files, { ...files, "a/dev.yaml": object("X", "x") })).toEqual([
      "a: create dev.yaml:X/x",
    ]);
    expect(await fates(files, { "a/stage.yaml": object("X", "x") })).toEqual(["a: delete prod.yaml:X/x"]);
    expect(await fates({}, { "a/b.yaml": `${object("X", "x")}---\n${object("X", "x")}` })).toEqual([
      "a: create X/x",
      "a: create b.yaml:X/x",
    ]);
  });
});

describe("what is not shown", () => {
  it("is the data of Secrets, with the copy that kubectl keeps of it", async () => {
    const copy = "kubectl.kubernetes.io/last-applied-configuration";
    const [change] = await created({
      "a.yaml": `apiVersion: v1\nkind: Secret\nmetadata: {name: a, annotations: {${copy}: hush, b: c}}\ndata: {user: aHVzaA==}\nstringData:\n  key: hush\n`,
    });
    expect(JSON.stringify(change?.after)).not.toMatch(/hush|aHVzaA/);
    expect(change?.after).toMatchObject({ data: { user: new Secret("aHVzaA==") } });
    expect(isObject(change?.after) && JSON.stringify(change.after.metadata)).toContain('"b":"c"');
  });

  it("is what variables and properties are named for", async () => {
    const env = '[{name: DB_PASSWORD, value: hush}, {name: MODE, value: "fast"}]';
    const text = deployment(
      "a",
      `  template: {spec: {containers: [{name: a, env: ${env}}]}}\n  password: hush\n`,
    );
    const [change] = await created({ "a.yaml": text });
    expect(JSON.stringify(change?.after)).not.toContain("hush");
    expect(JSON.stringify(change?.after)).toContain('"value":"fast"');
  });
});

describe("a change", () => {
  it("is told of what differs, and what lies beside it is kept", async () => {
    const files = {
      "app/web.yaml": deployment("web", "  replicas: 3\n"),
      "app/other.yml": object("Service", "web"),
    };
    const [one, ...others] = await judge(files, {
      ...files,
      "app/web.yaml": deployment("web", "  replicas: 4\n"),
    });
    expect(others).toEqual([]);
    expect(one).toMatchObject({ host: "git-diff", name: "app", knows: "before-and-after", problems: [] });
    expect(one?.changes.map(({ address, action }) => `${action} ${address}`)).toEqual([
      "keep Service/web",
      "update Deployment/web",
    ]);
    expect(one?.changes[1]).toMatchObject({
      before: { spec: { replicas: 3 } },
      after: { spec: { replicas: 4 } },
    });
  });

  it("is none where only the layout differs", async () => {
    const before = object("X", "x", "spec: {a: [1, 2]}\n");
    const after = "# new\nkind: X\napiVersion: 'v1'\nspec:\n  a:\n    - 1\n    - 2\nmetadata: {name: x}\n";
    expect(await fates({ "a.yaml": before }, { "a.yaml": after.replaceAll("\n", "\r\n") })).toEqual([]);
  });

  it("is none where an object moves to another file, or its file to another name or place", async () => {
    const [a, b] = [object("X", "a"), object("X", "b")];
    const both = { "m/a.yaml": `${a}---\n${b}`, "m/c.yaml": object("X", "c") };
    expect(await fates(both, { ...both, "m/a.yaml": a, "m/b.yaml": b })).toEqual([]);
    expect(await fates({ "m/a.yaml": a }, { "m/z.yaml": a }, { "m/z.yaml": "m/a.yaml" })).toEqual([]);
    const rest = { "m/rest.yaml": object("X", "rest"), "n/here.yaml": object("X", "here") };
    const moved = { "n/a.yaml": "m/a.yaml" };
    expect(await fates({ "m/a.yaml": a, ...rest }, { "n/a.yaml": a, ...rest }, moved)).toEqual([]);
    const touched = { ...rest, "m/rest.yaml": object("X", "rest", "spec: 1\n") };
    expect(await fates({ "m/a.yaml": a, ...rest }, { "n/a.yaml": a, ...touched }, moved)).toEqual([
      "m: update X/rest",
    ]);
  });

  it("is a deletion where the file goes, whatever lies beside it", async () => {
    const files = { "m/a.yaml": object("X", "a"), "m/b.yaml": object("X", "b"), "m/package.json": "{}" };
    expect(await fates(files, { "m/b.yaml": object("X", "b"), "m/package.json": "{}" })).toEqual([
      "m: delete X/a",
    ]);
    expect(await fates({ "m/a.yaml": object("X", "a") }, {})).toEqual(["m: delete X/a"]);
    expect(await fates({ ...files, "m/c.json": "[1]" }, files)).toEqual([]);
    expect(await fates(files, { ...files, "m/b.yaml": "a: 1\n" })).toEqual(["m: delete X/b"]);
  });

  it("in other files is not looked at", async () => {
    const after = {
      "docker-compose.yaml": "services:\n\tweb: [",
      "values.yaml": "a: {{ b",
      "package-lock.json": '{"apiVersion": "v1", "kind": "X"}',
      "schema.json": '{"kind": "X"',
    };
    expect(await judge({}, after)).toEqual([]);
  });
});

describe("what is broken", () => {
  it("is said with its place, and the rest is read", async () => {
    const before = { "m/a.yaml": `${object("X", "a")}---\n${object("X", "b")}---\n${object("X", "c")}` };
    const after = {
      "m/a.yaml": `${object("X", "a", "spec: 1\n")}---\n${object("X", "b", "spec: [\n")}---\n${object("X", "c")}`,
    };
    expect(await fates(before, after)).toEqual(["m: update X/a", "m: update X/b"]);
    expect(await said(before, after)).toEqual([
      expect.stringMatching(/^error 12: m\/a\.yaml is not valid YAML: .*\.$/),
    ]);
  });

  it("is only mentioned of files that did not change", async () => {
    const broken = { "m/b.yaml": object("X", "b", "spec: 'x\n") };
    expect(await said({ ...broken }, { ...broken, "m/a.yaml": object("X", "a") })).toEqual([
      expect.stringMatching(/^warning \d+: m\/b\.yaml is not valid YAML/),
    ]);
  });
});

describe("templates", () => {
  const text = object("X", "{{ .Release.Name }}", "{{- if .Values.on }}\nspec: 1\n{{- end }}\n");
  const WARNING =
    "warning : chart/templates/x.yaml is a template and not judged: judge what `helm template` makes of it.";

  it("of a chart are not judged, and that is said of those that change", async () => {
    const chart = { "chart/Chart.yaml": "apiVersion: v2\nname: chart\n", "chart/templates/y.yaml": text };
    expect(await said(chart, { ...chart, "chart/templates/x.yaml": text })).toEqual([WARNING]);
    expect(await fates(chart, { ...chart, "chart/templates/x.yaml": text })).toEqual([]);
    const quoted = object("X", '"{{ .Release.Name }}"');
    expect(await said(chart, { ...chart, "chart/templates/x.yaml": quoted })).toEqual([WARNING]);
  });

  it("elsewhere are known by where they are broken", async () => {
    expect(await said({}, { "a.yaml": object("X", "{{ name }}") })).toEqual([
      expect.stringMatching(/^warning : a\.yaml is a template/),
    ]);
    expect(await said({}, { "a.yaml": object("X", "a", 'spec: "{{ name }}"\nother: "\n') })).toEqual([
      expect.stringMatching(/^error \d+: a\.yaml is not valid YAML/),
    ]);
    const set = object("ApplicationSet", "a", 'spec: {template: {metadata: {name: "{{name}}"}}}\n');
    expect(await fates({}, { "templates/a.yaml": set })).toEqual(["templates: create ApplicationSet/a"]);
  });
});

describe("kustomizations", () => {
  const patched = {
    "over/kustomization.yaml":
      "resources: [web.yaml]\npatches:\n  - path: web-patch.yaml\n  - path: ./patches/deep.yaml\n  - patch: |\n      - op: add\n",
    "over/web.yaml": deployment("web", "  replicas: 3\n"),
    "over/web-patch.yaml": deployment("web", "  strategy: {type: Recreate}\n"),
    "over/patches/deep.yaml": deployment("web", "  paused: true\n"),
  };

  it("are objects, by their file where they have no name", async () => {
    const after = {
      ...patched,
      "over/kustomization.yaml": "resources: [web.yaml]\nimages: [{name: a, newTag: b}]\n",
    };
    const [one] = await judge({ ...after, "over/kustomization.yaml": "resources: []\n" }, after);
    expect(one?.changes.find(({ action }) => action === "update")).toMatchObject({
      address: "Kustomization/kustomization.yaml",
      type: "kustomize.config.k8s.io/v1beta1/Kustomization",
    });
  });

  it("name the files that are patches, which are not whole and so not judged", async () => {
    const after = {
      ...patched,
      "over/web-patch.yaml": deployment("web", "  strategy: {type: RollingUpdate}\n"),
      "over/patches/deep.yaml": deployment("web", "  paused: false\n"),
    };
    expect(await fates(patched, after)).toEqual([]);
    expect(await said(patched, after)).toEqual([
      expect.stringMatching(
        /^warning : over\/patches\/deep\.yaml is a patch of over\/kustomization\.yaml and not judged/,
      ),
      expect.stringMatching(
        /^warning : over\/web-patch\.yaml is a patch of over\/kustomization\.yaml and not judged/,
      ),
    ]);
    expect(
      await fates(patched, { ...patched, "over/web.yaml": deployment("web", "  replicas: 4\n") }),
    ).toEqual(["over: update Deployment/web"]);
  });

  it("have patches that say so themselves", async () => {
    const directive = object("X", "a", "$patch: delete\n");
    expect(await fates({}, { "a.yaml": directive })).toEqual([]);
    expect(await said({}, { "a.yaml": directive })).toEqual([
      expect.stringContaining("is a patch of Kustomize"),
    ]);
  });
});

describe("edges", () => {
  it("join what names one another, and Services with what they select", async () => {
    const [one] = await judge(
      {},
      {
        "shop/web.yaml": `apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  template:
    metadata: {labels: {app: web, tier: front}}
    spec:
      serviceAccountName: runner
      priorityClassName: urgent
      volumes:
        - configMap: {name: settings}
        - persistentVolumeClaim: {claimName: disk}
      containers:
        - name: web
          envFrom: [{secretRef: {name: keys}}]
          env: [{name: A, valueFrom: {configMapKeyRef: {name: flags, key: a}}}]
`,
        "shop/rest.yaml": `apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {selector: {app: web, tier: front}}
---
apiVersion: v1
kind: Service
metadata: {name: back, namespace: shop}
spec: {selector: {app: web, tier: back}}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web, namespace: shop}
spec: {rules: [{http: {paths: [{backend: {service: {name: web}}}]}}], tls: [{secretName: cert}]}
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: web, namespace: shop}
spec: {scaleTargetRef: {kind: Deployment, name: web}}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: web, namespace: shop}
spec: {http: [{route: [{destination: {host: web}}, {destination: {host: back.other.svc.cluster.local}}]}]}
---
apiVersion: v1
kind: Pod
metadata: {name: old, namespace: shop, ownerReferences: [{kind: ReplicaSet, name: web-1}]}
`,
      },
    );
    expect(one?.edges.map(({ from, to }) => `${from} → ${to}`).sort()).toEqual([
      "Deployment/shop/web → ConfigMap/shop/flags",
      "Deployment/shop/web → ConfigMap/shop/settings",
      "Deployment/shop/web → PersistentVolumeClaim/shop/disk",
      "Deployment/shop/web → PriorityClass/urgent",
      "Deployment/shop/web → Secret/shop/keys",
      "Deployment/shop/web → ServiceAccount/shop/runner",
      "HorizontalPodAutoscaler/shop/web → Deployment/shop/web",
      "Ingress/shop/web → Secret/shop/cert",
      "Ingress/shop/web → Service/shop/web",
      "Pod/shop/old → ReplicaSet/shop/web-1",
      "Service/shop/web → Deployment/shop/web",
      "VirtualService/shop/web → Service/other/back",
      "VirtualService/shop/web → Service/shop/web",
    ]);
  });

  it("make no change of an object when another that it names comes", async () => {
    const ingress = object("Ingress", "a", "spec: {defaultBackend: {service: {name: a}}}\n");
    const files = { "m/a.yaml": ingress };
    expect(await fates(files, { ...files, "m/b.yaml": object("Service", "a") })).toEqual([
      "m: create Service/a",
    ]);
  });
});

describe("policies", () => {
  const route = (attempts: number, rest = "") =>
    object(
      "VirtualService",
      "orders",
      `spec:\n  http:\n    - name: main\n${rest}      timeout: 5s\n      retries:\n        attempts: ${attempts}\n`,
      "networking.istio.io/v1",
    );

  it("find retries of a route that changes, at the line", async () => {
    const deployments = await judge({ "mesh/a.yaml": route(2) }, { "mesh/a.yaml": route(50) });
    const { findings } = runOver(boundedRetries, deployments, { options: {} });
    expect(findings).toMatchObject([
      { address: "VirtualService/orders", path: "spec.http[0].retries.attempts", before: 2, after: 50 },
    ]);
    const [one] = deployments;
    expect(one?.locate?.(one.changes[0] as Change, "spec.http[0].retries.attempts")).toEqual({
      file: "mesh/a.yaml",
      line: 10,
      column: 9,
    });
    expect(one?.locate?.(one.changes[0] as Change, "status")).toMatchObject({ line: 1, column: 1 });
    expect(one?.locate?.({ address: "X/other" } as Change, "status")).toBeUndefined();
  });

  it("find a rollout that becomes abrupt, and nothing in what stays", async () => {
    const was = deployment("web", "  replicas: 9\n");
    const will = deployment("web", "  replicas: 9\n  strategy:\n    type: Recreate\n");
    const bad = deployment("bad", "  replicas: 9\n  strategy: {type: Recreate}\n");
    const deployments = await judge(
      { "m/a.yaml": `${was}---\n${bad}` },
      { "m/a.yaml": `${will}---\n${bad}` },
    );
    const { findings } = runOver(gradualUpdateSettings, deployments, { options: {} });
    expect(findings).toMatchObject([{ address: "Deployment/web", path: "spec.strategy.type" }]);
  });
});

describe("comments", () => {
  it("accept findings about what they stand beside", async () => {
    const note = 'firebreak:allow rollout/* until=2027-01-31 owner=ops reason="one node"';
    const text = `# ${note}\napiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a}\nspec:\n  strategy: # ${note}\n    type: Recreate\n`;
    const [one] = await judge({}, { "m/a.yaml": text });
    expect(one?.suppressions).toMatchObject([
      { policy: "rollout/*", source: { file: "m/a.yaml", line: 1, column: 1 }, lines: { from: 2, to: 7 } },
      { source: { line: 6, column: 13 }, lines: { from: 6, to: 7 } },
    ]);
  });

  it("that are wrong are problems, but only of files that change", async () => {
    const wrong = object("X", "a", "# firebreak:allow nothing\nspec: 1\n");
    expect(await said({}, { "m/a.yaml": wrong })).toHaveLength(1);
    const deployments = await judge(
      { "m/a.yaml": wrong },
      { "m/a.yaml": wrong, "m/b.yaml": object("X", "b") },
    );
    expect(deployments[0]?.suppressions).toEqual([]);
  });
});

it("a directory with too much beside the change is read in part, which is said", async () => {
  const many = Object.fromEntries(
    Array.from({ length: 250 }, (_, i) => [`m/s${i}.yaml`, object("X", `s${i}`)]),
  );
  const [one] = await judge(many, { ...many, "m/a.yaml": object("X", "a") });
  expect(one?.changes.filter(({ action }) => action === "keep")).toHaveLength(200);
  expect(one?.problems).toMatchObject([
    { severity: "warning", message: expect.stringContaining("m holds more") },
  ]);
});
