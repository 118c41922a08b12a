import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { describe, it } from "vitest";
import { executable, type Located, locate, OPENTOFU, TERRAFORM_PROVIDERS } from "../../../scripts/tools.ts";

/** A program that makes plans. */
export interface Binary {
  readonly name: "terraform" | "tofu";
  /** The file to start. */
  readonly path: string;
}

const tofu = locate(OPENTOFU);
const providers = locate(TERRAFORM_PROVIDERS);

/** The programs that are there: Terraform from PATH, OpenTofu from there or built by `npm run tools`. */
const binaries: readonly Binary[] = [
  found("terraform", pathOf("terraform")),
  found("tofu", tofuPath()),
].flat();

function found(name: Binary["name"], path: string | undefined): readonly Binary[] {
  return path === undefined ? [] : [{ name, path }];
}

function tofuPath(): string | undefined {
  return tofu.from === "built" && tofu.directory !== undefined
    ? join(tofu.directory, executable("tofu"))
    : pathOf("tofu");
}

function pathOf(name: string): string | undefined {
  return (process.env.PATH ?? "")
    .split(delimiter)
    .map((folder) => join(folder, executable(name)))
    .find((file) => {
      try {
        accessSync(file, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

/** The folder of the provider plugins that `npm run tools` built; undefined where it did not. */
export function providerFolder(): string | undefined {
  return providers.directory;
}

interface Needs {
  /** Whether the built provider plugins are needed too. */
  readonly providers: boolean;
  /** The one program that can do it, where the other cannot. */
  readonly only?: Binary["name"];
}

/** Tests with each program that is there; where none is, and none could be, they are skipped and say so. */
export function describeWithEach(title: string, needs: Needs, tests: (binary: Binary) => void): void {
  const able = binaries.filter(({ name }) => needs.only === undefined || name === needs.only);
  if (!has(title, able.length > 0 ? [] : [tofu], needs)) return;
  for (const binary of able) describe(`${title}: ${binary.name}`, () => tests(binary));
}

/** Tests that compare Terraform with OpenTofu. */
export function describeWithBoth(
  title: string,
  needs: Needs,
  tests: (terraform: Binary, tofu: Binary) => void,
): void {
  const [first, second] = binaries;
  // Terraform is under the Business Source License since 1.6 and so is not built here.
  if (tofu.from !== "none" && first?.name === "tofu") {
    return void describe.skip(`${title} (SKIPPED: terraform is not on PATH)`, () => {
      it("needs both", () => undefined);
    });
  }
  if (!has(title, [tofu], needs) || first === undefined || second === undefined) return;
  describe(title, () => tests(first, second));
}

/** Whether what is needed is there. Where it could be and is not, a test fails; where it cannot be, one is skipped. */
function has(title: string, tools: readonly Located[], needs: Needs): boolean {
  const missing = [...tools, ...(needs.providers ? [providers] : [])].find(({ from }) => from === "none");
  if (missing === undefined) return true;
  const because = `${title}: ${missing.why}`;
  if (process.env.CI === undefined) it.skip(`${because} SKIPPED`, () => undefined);
  else {
    it(title, () => {
      throw new Error(because);
    });
  }
  return false;
}
