/**
 * One small client for `/api/v1/` and allauth's headless routes, used by both apps and by the service worker.
 * Every failure is an `ApiError`: with the server's own sentences, or with status 0 when no answer came at all.
 */
import { ts } from "../i18n/shared";

export interface ErrorItem {
  readonly code: string;
  readonly detail: string;
  readonly attr: string | null;
}

/** `status` 0 means silence: no network, no server, an aborted request. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly errors: readonly ErrorItem[],
    /** The parsed answer, e.g. the current document of a 412 or the conflicts of a 409. */
    readonly body: unknown = null,
    /** Seconds the server asked us to wait (429, 503), else null. */
    readonly retryAfter: number | null = null,
  ) {
    super(errors[0]?.detail ?? `HTTP ${status}`);
    this.name = "ApiError";
  }

  has(code: string): boolean {
    return this.errors.some((error) => error.code === code);
  }

  /** The sentence for one field of a form, or null. */
  forField(attr: string): string | null {
    return this.errors.find((error) => error.attr === attr)?.detail ?? null;
  }
}

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
export type Query = Readonly<Record<string, string | number | boolean | null | undefined | readonly string[]>>;

export interface RequestOptions {
  readonly query?: Query;
  readonly body?: unknown;
  /** A document's version, sent as If-Match. */
  readonly version?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

export interface ApiResponse<T> {
  readonly status: number;
  readonly data: T;
  readonly headers: Headers;
}

/** Where the CSRF token is kept. The page reads the cookie; the service worker has none and keeps its own. */
export interface CsrfStore {
  read(): Promise<string | null>;
  write(token: string): Promise<void>;
}

/** The service worker runs this module too, and has no document. */
const page = globalThis as { document?: { cookie: string } };

export const cookieCsrf: CsrfStore = {
  async read() {
    const match = /(?:^|;\s*)csrftoken=([^;]+)/.exec(page.document?.cookie ?? "");
    return match?.[1] ? decodeURIComponent(match[1]) : null;
  },
  async write() {
    // The server's Set-Cookie has already done it.
  },
};

let csrf: CsrfStore = cookieCsrf;

export function setCsrfStore(store: CsrfStore): void {
  csrf = store;
}

export const API = "/api/v1";
const AUTH = "/_allauth/browser/v1";

/** A call to `/api/v1`; resolves with the parsed body. 204 and 304 resolve with null. */
export async function api<T>(method: Method, path: string, options: RequestOptions = {}): Promise<T> {
  return (await apiResponse<T>(method, path, options)).data;
}

/** Like `api`, for callers that need status or headers (ETag, 201 against 200). */
export function apiResponse<T>(method: Method, path: string, options: RequestOptions = {}): Promise<ApiResponse<T>> {
  return send<T>(method, `${API}${path}`, options);
}

/** allauth headless. 401 is a normal answer there ("more steps needed"), so it resolves with status 401. */
export async function auth<T>(method: Method, path: string, body?: unknown): Promise<ApiResponse<T>> {
  return send<T>(method, `${AUTH}${path}`, { body }, [401]);
}

/** Asks `/me` for a fresh token; called once when the server says the one we had is stale. */
async function refreshCsrf(): Promise<void> {
  const me = await api<{ csrf_token: string }>("GET", "/me");
  await csrf.write(me.csrf_token);
}

async function send<T>(
  method: Method,
  path: string,
  options: RequestOptions,
  accepted: readonly number[] = [],
): Promise<ApiResponse<T>> {
  const first = await attempt(method, path, options);
  if (!(await isStaleToken(first, method))) return read<T>(first, accepted);
  await refreshCsrf();
  return read<T>(await attempt(method, path, options), accepted);
}

async function attempt(method: Method, path: string, options: RequestOptions): Promise<Response> {
  const headers: Record<string, string> = { Accept: "application/json", ...options.headers };
  // A form with a file says its own type, with the boundary that only the browser knows.
  const form = options.body instanceof FormData ? options.body : null;
  if (options.body !== undefined && !form) headers["Content-Type"] = "application/json";
  if (options.version !== undefined) headers["If-Match"] = `"${options.version}"`;
  if (method !== "GET") headers["X-CSRFToken"] = (await csrf.read()) ?? "";
  try {
    return await fetch(path + queryString(options.query), {
      method,
      headers,
      credentials: "same-origin",
      body: form ?? (options.body === undefined ? null : JSON.stringify(options.body)),
      signal: options.signal ?? null,
    });
  } catch {
    throw new ApiError(0, [{ code: "network", detail: ts("error.network"), attr: null }]);
  }
}

async function isStaleToken(response: Response, method: Method): Promise<boolean> {
  if (response.status !== 403 || method === "GET") return false;
  return errorsOf(await parse(response.clone()), 403).some((error) => error.code === "csrf_failed");
}

async function read<T>(response: Response, accepted: readonly number[]): Promise<ApiResponse<T>> {
  const body = await parse(response);
  if (response.ok || response.status === 304 || accepted.includes(response.status)) {
    return { status: response.status, data: body as T, headers: response.headers };
  }
  throw new ApiError(response.status, errorsOf(body, response.status), body, retryAfter(response));
}

async function parse(response: Response): Promise<unknown> {
  if (response.headers.get("Content-Type") === "application/pdf") return response.blob();
  const text = await response.text().catch(() => "");
  if (text === "") return null;
  if (response.headers.get("Content-Type")?.startsWith("text/plain")) return text;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}

/** Both shapes: drf-standardized-errors' `{type, errors}` and allauth's `{status, errors: [{message, code, param}]}`. */
function errorsOf(body: unknown, status: number): readonly ErrorItem[] {
  const list = (body as { errors?: unknown } | null)?.errors;
  if (!Array.isArray(list) || list.length === 0) {
    return [{ code: "error", detail: ts(status >= 500 ? "error.server" : "error.unknown"), attr: null }];
  }
  return (list as Partial<ErrorItem & { message: string; param: string }>[]).map((item) => ({
    code: item.code ?? "error",
    detail: item.detail ?? item.message ?? ts("error.unknown"),
    attr: item.attr ?? item.param ?? null,
  }));
}

function retryAfter(response: Response): number | null {
  const header = response.headers.get("Retry-After");
  if (header === null) return null;
  const seconds = Number(header);
  if (Number.isFinite(seconds)) return Math.max(0, seconds);
  const at = Date.parse(header);
  return Number.isNaN(at) ? null : Math.max(0, Math.round((at - Date.now()) / 1000));
}

function queryString(query: Query | undefined): string {
  if (query === undefined) return "";
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value === null || value === undefined || value === "") continue;
    for (const one of Array.isArray(value) ? (value as readonly string[]) : [String(value)]) params.append(name, one);
  }
  const text = params.toString();
  return text === "" ? "" : `?${text}`;
}
