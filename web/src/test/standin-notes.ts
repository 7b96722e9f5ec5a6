/** The stand-in's part of notes: drafts, colleagues, templates, and what users are told. */
import type { HouseholdRecord } from "@/api/types";
import { newId, USERS } from "./seed";
import type { Reply } from "./standin";

interface DraftRow {
  id: string;
  household_id: string;
  note_id: string | null;
  body: string;
  version: number;
  written_in: string;
  updated_at: string;
}
const TEMPLATES = ["Annual review", "Onboarding", "Phone call"].map((name) => ({
  id: `template-${name}`,
  name,
  body: `## ${name}\n\n- `,
  version: 1,
}));
const ok = (body: unknown): Reply => ({ status: 200, body });
const list = (items: unknown[]) => ok({ items, next_cursor: null });

export class StandInNotes {
  readonly drafts: DraftRow[] = [];

  /** The answer, if the request is about any of these. */
  handle(method: string, parts: string[], body: Record<string, unknown>): Reply | null {
    const [noun, id = "", sub] = parts;
    if (noun === "notifications" || noun === "feedback") return list([]);
    if (noun === "note-templates") return list(TEMPLATES);
    if (noun === "drafts") {
      const at = this.drafts.findIndex((d) => d.id === id);
      if (at >= 0) this.drafts.splice(at, 1);
      return { status: 204 };
    }
    if (noun !== "households") return null;
    if (sub === "colleagues") return list(USERS);
    if (sub === "drafts")
      return method === "GET" ? list(this.drafts.filter((d) => d.household_id === id)) : this.write(id, body);
    return null;
  }

  private write(household_id: string, body: Record<string, unknown>): Reply {
    const note_id = (body.note_id ?? null) as string | null;
    const known = this.drafts.find((d) => d.household_id === household_id && d.note_id === note_id);
    const base = known ?? { id: newId(), version: 0 };
    const draft: DraftRow = {
      ...base,
      body: String(body.body),
      written_in: String(body.written_in),
      household_id,
      note_id,
      version: base.version + 1,
      updated_at: "2026-11-22T14:03:00Z",
    };
    if (known) Object.assign(known, draft);
    else this.drafts.push(draft);
    return ok(structuredClone(draft));
  }

  /** The notes of a household that say this, by this author. */
  search({ notes }: HouseholdRecord, body: Record<string, unknown>): Reply {
    const words = String(body.q ?? "").toLowerCase();
    return list(
      notes.filter(
        (n) =>
          !n.deleted_at &&
          n.body.toLowerCase().includes(words) &&
          (!body.author_id || n.author_id === body.author_id),
      ),
    );
  }
}
