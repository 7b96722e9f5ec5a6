import type { FieldConflict, ProblemBody } from "./types";

/**
 * A refusal of the server, or no answer at all (status 0). The text is fit to show: the server writes what went wrong and
 * what to do, and never personal data.
 */
export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  readonly requestId: string | undefined;
  readonly fieldErrors: Record<string, string>;
  readonly conflicts: FieldConflict[];
  readonly currentVersion: number | undefined;

  constructor(status: number, body: ProblemBody = {}) {
    super(sentence(contested(body) || body.detail || body.title || fallback(status)));
    this.name = "Problem";
    this.status = status;
    this.code = body.code ?? (status === 0 ? "offline" : "internal");
    this.requestId = body.request_id ?? undefined;
    this.fieldErrors = Object.fromEntries((body.errors ?? []).map((e) => [topField(e.pointer), e.message]));
    this.conflicts = body.conflicts ?? [];
    this.currentVersion = body.current_version ?? undefined;
  }

  /**
   * No answer, an answer of somebody in between, or of a server that has had enough or knows nobody: it may have been done, and may
   * go better later. Anything else is a refusal, after which nothing was done.
   */
  get isUnanswered() {
    return [0, 401, 408, 429].includes(this.status) || this.status >= 500;
  }

  /** Another person changed the same field since it was read. */
  get isConflict() {
    return this.status === 409 && this.conflicts.length > 0 && this.currentVersion !== undefined;
  }
}

/** What stands in the way of a change, for screens that cannot show both values side by side. */
function contested({ conflicts = [] }: ProblemBody) {
  const [first] = conflicts;
  if (!first) return "";
  const fields = conflicts.map((c) => c.field.replaceAll("_", " ")).join(", ");
  return `${first.changed_by} changed ${fields} meanwhile, so this was not saved. Look at the new value and try again.`;
}

const sentence = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

function topField(pointer: string) {
  return pointer.replace(/^#?\//, "").split("/")[0] ?? "";
}

function fallback(status: number) {
  if (status === 0) return "The server did not answer. Check your connection and try again.";
  if (status === 429) return "Too many requests. Wait a moment and try again.";
  if (status >= 500) return "The server could not finish this. Try again.";
  return "The request was refused.";
}

/** Any thrown value as a `Problem`, so screens have one thing to show. */
export function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  return new Problem(0);
}
