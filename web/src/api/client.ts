import createClient from "openapi-fetch";
import { hearTime } from "./clock";
import { Problem } from "./problem";
import type { paths } from "./schema";
import type { ProblemBody, Sent } from "./types";
import { pageUser } from "./user";

/** Typed by the server's description of itself. Relative addresses: the app and the API share an origin. */
export const client = createClient<paths>({ baseUrl: "", credentials: "same-origin" });

// The cookie may be another user's by now: the server answers nobody but the user of this page. Who that is, is asked without it.
client.use({
  onRequest({ request, schemaPath }) {
    const user = pageUser();
    if (user && schemaPath !== "/api/me") request.headers.set("x-page-user", user);
  },
});

let lastFailed: string | undefined;
/** The id of the last request that the server refused or could not finish, for support. */
export const lastFailedRequest = () => lastFailed;

const signedOutListeners = new Set<() => void>();
/** Calls `listener` whenever the server no longer knows the session. Returns the way to stop. */
export function onSignedOut(listener: () => void) {
  signedOutListeners.add(listener);
  return () => signedOutListeners.delete(listener);
}

interface Answer<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** The body of an answer, or a thrown `Problem`. A request that was called off throws what the browser threw. */
export async function take<T>(request: Promise<Answer<T>>): Promise<Sent<T>> {
  const { data, error, response } = await request.catch((failure: unknown) => {
    if (failure instanceof DOMException && failure.name === "AbortError") throw failure;
    throw new Problem(0);
  });
  hearTime(response.headers.get("date"));
  if (response.ok) return data as Sent<T>;
  if (response.status === 401) for (const listener of signedOutListeners) listener();
  const problem = new Problem(response.status, isBody(error) ? error : {});
  lastFailed = problem.requestId ?? lastFailed;
  throw problem;
}

function isBody(error: unknown): error is ProblemBody {
  return typeof error === "object" && error !== null;
}

interface AnyCall {
  path?: Record<string, string>;
  body?: unknown;
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

/** For addresses that are put together at run time, one per noun; the caller names the answer's type. */
export function call<T>(method: "get" | "post" | "patch" | "delete", address: string, options: AnyCall = {}) {
  const { path, ...rest } = options;
  const init = { params: { path }, ...rest };
  return take<T>(client.request(method, address as never, init as never) as Promise<Answer<T>>) as Promise<T>;
}
