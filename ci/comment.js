// @ts-check
/**
 * Writes the Markdown report into the pull request that a CI job is about: one comment for each key, updated by later
 * runs. A program of its own, so that the one that reads plans and loads policies never holds a token.
 *
 *   node ci/comment.js --file firebreak.md [--key NAME] [--exit-code N]
 *
 * The token is GITHUB_TOKEN, GITLAB_TOKEN or SYSTEM_ACCESSTOKEN. Exit code 0: written, or there was nowhere to write or
 * the host was down, which is said; 1: the host refused; 2: wrong usage.
 */
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { bodyOf, markerOf } from "./comment/body.js";
import { hostOf } from "./comment/host.js";
import { isLast, pause, RefusedError, UnavailableError } from "./comment/http.js";

/** @typedef {import("./comment/host.js").Host} Host */

process.exitCode = await main();

async function main() {
  const given = usage();
  if (typeof given === "string") return failed(given, 2);
  const host = hostOf(process.env);
  if (host === undefined) {
    return failed(
      "this is no job of GitHub Actions, GitLab CI or Azure Pipelines, so there is nowhere to comment",
      2,
    );
  }
  if (typeof host === "string") return notWritten("notice", host);
  const body = bodyOf({ ...host, ...given });
  try {
    const done = await write(host, given.key, body, given.exitCode === "0");
    console.log(`firebreak: the comment is ${done}`);
    return 0;
  } catch (error) {
    if (error instanceof UnavailableError) return notWritten("warning", error.message);
    if (!(error instanceof RefusedError)) throw error;
    if (error.status === 403) return notWritten("warning", `${error.message}. To have it, ${host.advice}`);
    return failed(`there is no comment: ${error.message}`, 1);
  }
}

/** @returns {{ key: string, report: string | undefined, exitCode: string | undefined } | string} */
function usage() {
  let values;
  try {
    ({ values } = parseArgs({
      options: { file: { type: "string" }, key: { type: "string" }, "exit-code": { type: "string" } },
    }));
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  const { file, key = "report", "exit-code": exitCode } = values;
  if (file === undefined)
    return "--file names the Markdown report, as `firebreak check --format markdown=FILE` writes it";
  if (!/^[\w./-]{1,100}$/.test(key) || key.includes("--")) {
    return `the key ${JSON.stringify(key)} cannot be used: take letters, digits, dots, underscores, slashes and single hyphens`;
  }
  return { key, report: textOf(file), exitCode };
}

/** The report; undefined where the check ended before it wrote one. @param {string} file */
function textOf(file) {
  try {
    return readFileSync(file, "utf8") || undefined;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}

/**
 * Updates the comment that is there, or creates it. What failed half-way may have created it after all, so each try looks
 * again. Jobs that started together may have written two; one is kept.
 *
 * @param {Host} host
 * @param {string} key
 * @param {string} body
 * @param {boolean} passed
 * @returns {Promise<"updated" | "new">}
 */
async function write(host, key, body, passed) {
  for (let attempt = 1; ; attempt++) {
    const [first, ...doubles] = await host.find(markerOf(key));
    if (first !== undefined) {
      await host.update(first, body, passed);
      for (const id of doubles) await host.remove(id);
      return "updated";
    }
    try {
      await host.create(body, passed);
      return "new";
    } catch (error) {
      if (!(error instanceof UnavailableError && error.uncertain) || isLast(attempt)) throw error;
      await pause(attempt);
    }
  }
}

/**
 * The verdict is the exit code of the check; that nobody could be told of it in a comment does not change it.
 *
 * @param {"notice" | "warning"} kind
 * @param {string} why
 */
function notWritten(kind, why) {
  say(kind, `there is no comment: ${why}`);
  return 0;
}

/**
 * @param {string} why
 * @param {1 | 2} code
 */
function failed(why, code) {
  say("error", why);
  return code;
}

/**
 * In the words of the CI system's log. The text may quote a server, so it must begin no command of its own.
 *
 * @param {"notice" | "warning" | "error"} kind
 * @param {string} text on one line
 */
function say(kind, text) {
  const clean = text.replace(/##(?=[a-z]*\[)/gi, "# #");
  if (process.env.GITHUB_ACTIONS === "true") {
    console.log(`::${kind} title=firebreak::${clean.replaceAll("%", "%25")}`);
  } else if (process.env.TF_BUILD !== undefined && kind !== "notice") {
    console.log(`##vso[task.logissue type=${kind}]firebreak: ${clean.replaceAll("%", "%AZP25")}`);
  } else {
    console.error(`firebreak: ${kind === "warning" ? "warning: " : ""}${clean}`);
  }
}
