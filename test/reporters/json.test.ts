import { readFileSync } from "node:fs";
import Ajv2020 from "ajv/dist/2020.js";
import { expect, it } from "vitest";
import { reportJsonSchema } from "../../scripts/generate/schemas.ts";
import json from "../../src/reporters/json.ts";
import { finding, HOSTILE, outage, report } from "./sample.ts";

const schema = readFileSync(new URL("../../schemas/report.schema.json", import.meta.url), "utf8");
const validate = new Ajv2020.default({ strict: false }).compile(JSON.parse(schema));

it.each([
  ["the outage", outage()],
  ["an empty report", report()],
  [
    "hostile names",
    report([finding({ address: HOSTILE, message: HOSTILE, before: { [HOSTILE]: [HOSTILE, 1, null] } })]),
  ],
])("%s comes back as it was and fits the published schema", (_, of) => {
  const written = JSON.parse(json(of));
  expect(written).toEqual(of);
  expect(validate(written), JSON.stringify(validate.errors)).toBe(true);
});

it("the schema refuses what is no report", () => {
  expect(validate({ ...outage(), verdict: "fine" })).toBe(false);
  expect(validate({ ...outage(), extra: 1 })).toBe(false);
});

it("the published schema is the model's", () => {
  expect(schema).toBe(reportJsonSchema());
});

it("is indented by two and ends with a newline", () => {
  expect(json(report())).toMatch(/^\{\n {2}"schemaVersion": 1,\n/);
  expect(json(report())).toMatch(/\n\}\n$/);
});
