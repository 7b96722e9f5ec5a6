import { Link, linkOptions } from "@tanstack/react-router";
import { FileCheck2 } from "lucide-react";
import type { Evidence, Task } from "@/api/types";
import { plainText } from "@/lib/markdown";
import { EVIDENCE_NAMES } from "./names";

/** The longest quote that the server keeps. */
const LONGEST = 1_000;

/** Where what shows it stands. A done task leaves its household's list after a week. */
function placeOf(kind: Evidence["kind"], household: string, id: string) {
  if (kind === "task") return linkOptions({ to: "/tasks", search: { view: "done" } });
  const to = { to: "/households/$id", params: { id: household } } as const;
  if (kind === "edit") return linkOptions({ ...to, search: { tab: "history", edit: id } });
  return linkOptions({ ...to, search: { tab: "notes" }, hash: `note-${id}` });
}

export type Row = Pick<Task, "household_id" | "evidence_kind" | "evidence_id" | "evidence_quote">;

/** Loaded by `ShownEvidence` once there is something to show. */
export default function Shown({ row }: { row: Row }) {
  if (!row.evidence_id || !row.household_id) return null;
  const kind = row.evidence_kind ?? "note";
  return (
    <p className="mt-1.5 flex items-start gap-2 text-sm text-ink-2" data-testid="evidence">
      <FileCheck2 aria-hidden className="mt-0.5 size-4 shrink-0 text-pos" />
      <span className="min-w-0 break-words">
        {row.evidence_quote && <q className="mr-2">{plainText(row.evidence_quote, LONGEST)}</q>}
        <Link
          {...placeOf(kind, row.household_id, row.evidence_id)}
          className="rounded-sm font-medium text-brand-ink hover:underline focus-ring"
        >
          Open the {EVIDENCE_NAMES[kind]}
        </Link>
      </span>
    </p>
  );
}
