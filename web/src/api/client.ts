import createClient from "openapi-fetch";
import { Problem } from "./problem";
import type { ProblemBody } from "./types";

// biome-ignore lint/suspicious/noExplicitAny: replaced by the generated paths
const client = createClient<any>({ baseUrl: "", credentials: "same-origin" });

const signedOutListeners = new Set<() => void>();
/** Calls `listener` whenever the server no longer knows the session. Returns the way to stop. */
export function onSignedOut(listener: () => void) {
  signedOutListeners.add(listener);
  return () => signedOutListeners.delete(listener);
}

type Method = "get" | "post" | "patch" | "delete";
interface CallOptions {
  path?: Record<string, string>;
  query?: Record<string, string | number | boolean | undefined>;
  body?: unknown;
  signal?: AbortSignal;
  /** Makes a repeated POST answer with the first result instead of acting twice. */
  idempotencyKey?: string;
}

/** One request. Answers the parsed body, or throws a `Problem`. */
export async function call<T>(method: Method, path: string, options: CallOptions = {}): Promise<T> {
  const { path: pathParams, query, body, signal, idempotencyKey } = options;
  const result = await client
    .request(
      method,
      path as never,
      {
        params: { path: pathParams, query },
        body,
        signal,
        headers: idempotencyKey ? { "Idempotency-Key": idempotencyKey } : undefined,
      } as never,
    )
    .catch((error: unknown) => {
      if (signal?.aborted) throw error;
      throw new Problem(0);
    });
  const { data, error, response } = result as { data?: unknown; error?: unknown; response: Response };
  if (response.ok) return data as T;
  if (response.status === 401) for (const listener of signedOutListeners) listener();
  throw new Problem(response.status, isBody(error) ? error : {});
}

function isBody(error: unknown): error is ProblemBody {
  return typeof error === "object" && error !== null;
}
