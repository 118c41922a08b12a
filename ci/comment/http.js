// @ts-check
import { setTimeout as sleep } from "node:timers/promises";

/** The host understood the request and will not do it: asking again changes nothing. */
export class RefusedError extends Error {
  /**
   * @param {string} message
   * @param {number} status
   */
  constructor(message, status) {
    super(message);
    this.status = status;
  }
}

/** The host could not be reached, or could not answer now. */
export class UnavailableError extends Error {
  /**
   * @param {string} message
   * @param {boolean} uncertain the request may have been carried out all the same, and was not sent again
   */
  constructor(message, uncertain) {
    super(message);
    this.uncertain = uncertain;
  }
}

const TRIES = 4;
const FIRST_PAUSE = 500;
const REQUEST_LIMIT = 20_000;
/** A job that waits longer costs more than a comment is worth. */
const LONGEST_PAUSE = 60_000;
/** No request has more pages of comments than this. */
const PAGES = 100;

/**
 * @typedef {object} Answer
 * @property {unknown} json
 * @property {Headers} headers
 *
 * @typedef {(method: string, url: string, body?: unknown) => Promise<Answer>} Send
 */

/**
 * Makes a sender of requests that are tried up to four times. A POST that may have been carried out (5xx, a broken
 * connection) is not sent again, since that could write a second comment: whoever sends it looks first.
 *
 * @param {string} host as messages call it
 * @param {Readonly<Record<string, string>>} headers
 * @returns {Send} throws RefusedError or UnavailableError
 */
export function sender(host, headers) {
  return async (method, url, body) => {
    for (let attempt = 1; ; attempt++) {
      const { answer, failure, wait, untouched } = await attempted(host, headers, method, url, body);
      if (answer !== undefined) return answer;
      const uncertain = method === "POST" && !untouched;
      if (uncertain || attempt === TRIES || (wait ?? 0) > LONGEST_PAUSE) {
        throw new UnavailableError(failure, uncertain);
      }
      await pause(attempt, wait);
    }
  };
}

/**
 * Waits before the next try: as long as the host asks for, otherwise twice as long each time. The random part keeps jobs
 * that failed together from coming back together.
 *
 * @param {number} attempt the one that failed, from 1
 * @param {number} [asked] milliseconds
 */
export async function pause(attempt, asked) {
  const longest = FIRST_PAUSE * 2 ** (attempt - 1);
  await sleep((asked ?? longest / 2) + (Math.random() * longest) / 2);
}

/** Whether another try of the whole is left after this one. @param {number} attempt */
export function isLast(attempt) {
  return attempt >= TRIES;
}

/**
 * @typedef {object} Attempt
 * @property {Answer} [answer]
 * @property {string} failure
 * @property {number} [wait] what the host asks for, in milliseconds
 * @property {boolean} untouched the request was certainly not carried out
 *
 * @param {string} host
 * @param {Readonly<Record<string, string>>} headers
 * @param {string} method
 * @param {string} url
 * @param {unknown} body
 * @returns {Promise<Attempt>}
 */
async function attempted(host, headers, method, url, body) {
  const what = `${method} ${new URL(url).pathname}`;
  let response;
  let text;
  try {
    response = await fetch(url, {
      method,
      headers: { ...headers, "user-agent": "firebreak", "content-type": "application/json" },
      signal: AbortSignal.timeout(REQUEST_LIMIT),
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    text = await response.text();
  } catch (error) {
    return { failure: `${host} could not be reached (${what}: ${reasonOf(error)})`, untouched: false };
  }
  const { status } = response;
  const said = `${host} answered ${what} with ${status}${quoted(text)}`;
  const limited = isRateLimit(status, response.headers);
  if (limited || status === 408 || status >= 500) {
    const wait = waitOf(response.headers);
    const asked = wait === undefined ? "" : `; it asks to wait for ${Math.ceil(wait / 1000)} s`;
    return {
      failure: `${said}${asked}`,
      untouched: limited,
      ...(wait !== undefined && { wait }),
    };
  }
  if (!response.ok) throw new RefusedError(said, status);
  return {
    answer: { json: parsed(text, `${host} answered ${what}`), headers: response.headers },
    failure: "",
    untouched: false,
  };
}

/**
 * GitHub answers 403 both for what is forbidden and for its rate limits; only the latter say when to come back
 * (docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api).
 *
 * @param {number} status
 * @param {Headers} headers
 */
function isRateLimit(status, headers) {
  if (status === 429) return true;
  return status === 403 && (headers.has("retry-after") || headers.get("x-ratelimit-remaining") === "0");
}

/** Milliseconds until the host wants to be asked again. @param {Headers} headers */
function waitOf(headers) {
  const after = headers.get("retry-after");
  if (after !== null) {
    const wait = /^\d+$/.test(after) ? Number(after) * 1000 : Date.parse(after) - Date.now();
    return Number.isNaN(wait) ? undefined : Math.max(0, wait);
  }
  const reset = headers.get("x-ratelimit-reset");
  if (headers.get("x-ratelimit-remaining") !== "0" || reset === null || !/^\d+$/.test(reset))
    return undefined;
  return Math.max(0, Number(reset) * 1000 - Date.now());
}

/**
 * @param {string} text
 * @param {string} what
 * @returns {unknown}
 */
function parsed(text, what) {
  if (text === "") return undefined;
  try {
    return JSON.parse(text);
  } catch {
    // Azure DevOps shows a sign-in page to a token that it does not know, with the status of a success.
    throw new RefusedError(`${what} with something that is not JSON: the token is not accepted there`, 401);
  }
}

/** What the host says of an error, on one line. @param {string} text */
function quoted(text) {
  let message;
  try {
    message = at(JSON.parse(text), "message") ?? at(JSON.parse(text), "error");
  } catch {
    // A proxy's page says nothing that the status does not.
    return "";
  }
  if (typeof message !== "string")
    return message === undefined ? "" : `: ${oneLine(JSON.stringify(message))}`;
  return `: ${oneLine(message)}`;
}

/** @param {string} text */
function oneLine(text) {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, " ").slice(0, 300);
}

/** @param {unknown} error */
function reasonOf(error) {
  const cause = at(error, "cause");
  const code = at(cause, "code") ?? at(error, "name");
  return code === "TimeoutError" ? `no answer within ${REQUEST_LIMIT / 1000} s` : String(code);
}

/**
 * Every item of a list that comes in pages, by the `Link` header (RFC 8288) that GitHub and GitLab send. The token goes
 * to no other origin than the one that was asked.
 *
 * @param {Send} send
 * @param {string} first
 * @returns {Promise<unknown[]>}
 */
export async function pages(send, first) {
  const items = [];
  /** @type {string | undefined} */
  let url = first;
  for (let page = 0; url !== undefined && page < PAGES; page++) {
    /** @type {Answer} */
    const { json, headers } = await send("GET", url);
    if (!Array.isArray(json)) throw new RefusedError(`no list stands at ${new URL(url).pathname}`, 200);
    items.push(...json);
    const next = /<([^>]*)>\s*;[^,]*\brel="?next\b/i.exec(headers.get("link") ?? "")?.[1];
    url = next === undefined ? undefined : new URL(next, url).href;
    if (url !== undefined && new URL(url).origin !== new URL(first).origin) {
      throw new RefusedError(
        `the next page of ${new URL(first).pathname} is said to be on another host`,
        200,
      );
    }
  }
  return items;
}

/**
 * What stands at a path of keys in JSON, whatever it is.
 *
 * @param {unknown} value
 * @param {...string} keys
 * @returns {unknown}
 */
export function at(value, ...keys) {
  let found = value;
  for (const key of keys) {
    if (typeof found !== "object" || found === null) return undefined;
    found = Object.hasOwn(found, key) ? Reflect.get(found, key) : undefined;
  }
  return found;
}
