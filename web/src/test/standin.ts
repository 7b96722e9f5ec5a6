/**
 * A stand-in for the server, kept in memory: enough of the contract to try the screens and the editing rules without one.
 * It makes edits as the server does, so history, undo and conflicts can be exercised.
 */

import type { Edit, HouseholdListItem, HouseholdRecord } from "@/api/types";
import { ME, makeEdit, newId, USERS } from "./seed";
import { whitfield } from "./seed-family";
import { listed } from "./seed-list";
import { StandInNotes } from "./standin-notes";
import { createdRow, type Doc, emptyRecord, findRow, totalsOf, visible } from "./standin-rows";
import { loopLines, pageOf, quickAdded, taskCounts, taskLines, todayOf } from "./standin-work";

export interface Reply {
  status: number;
  body?: unknown;
}
const ok = (body: unknown, status = 200): Reply => ({ status, body });
const problem = (status: number, code: string, detail: string, more: object = {}): Reply => ({
  status,
  body: { type: "about:blank", title: code, status, code, detail, request_id: "req-0001", ...more },
});
const notFound = () => problem(404, "not_found", "There is nothing here that you may see.");

export class StandIn {
  readonly records = new Map<string, HouseholdRecord>();
  readonly lines: HouseholdListItem[] = [];
  readonly edits: Edit[] = [];
  readonly notes = new StandInNotes();
  signedIn = true;
  /** Who is signed in. */
  me = ME;
  /** The next change of this field is answered as if Matt had changed it a moment before. */
  contested: { field: string; theirs: unknown } | null = null;
  /** In the order of the firm, which is not that of the alphabet. */
  readonly tiers = ["Platinum", "A", "Gold", "C"].map((name, at) => ({
    id: `tier-${name}`,
    name,
    position: at + 1,
    review_cadence_months: null,
    households: 0,
  }));
  readonly requests: string[] = [];
  /** The name of the request that is being answered. */
  private request: string | null = null;

  constructor(households = 40) {
    const first = whitfield();
    this.add(first, { city: "Charlotte", state: "NC", phone: "(704) 555-0112" });
    for (let n = 0; n < households - 1; n += 1) {
      const l = listed(n);
      const record = emptyRecord(l.household);
      record.totals.aum_usd = l.aum;
      this.add(record, {
        city: l.city,
        state: l.state,
        phone: l.phone,
        primary: l.primary,
        loops: l.loops,
        tasks: l.tasks,
      });
    }
    this.seedEdits(first);
  }

  get first(): HouseholdRecord {
    return [...this.records.values()][0] as HouseholdRecord;
  }

  private add(
    r: HouseholdRecord,
    about: { city: string; state: string; phone: string; primary?: string; loops?: number; tasks?: number },
  ) {
    this.records.set(r.household.id, r);
    const h = r.household;
    this.lines.push({
      id: h.id,
      version: h.version,
      name: h.name,
      type: h.type,
      tier: h.tier,
      stage: h.stage,
      tags: h.tags,
      team_id: h.team_id,
      team_name: h.team_id === "team-a" ? "Arden" : "Ferro",
      primary_person_id: r.people[0]?.person.id ?? null,
      primary_name: about.primary ?? "Eleanor Whitfield",
      primary_phone: about.phone,
      city: about.city,
      state: about.state,
      aum_usd: r.totals.aum_usd,
      held_away_usd: r.totals.held_away_usd,
      oldest_as_of: r.totals.oldest_as_of,
      next_review: h.next_review,
      last_touch_on: "2026-11-02",
      last_touch_kind: "note",
      review_cadence_months: h.review_cadence_months,
      client_since: h.client_since,
      missing_beneficiaries: 0,
      open_tasks: about.tasks ?? r.tasks.length,
      open_loops: about.loops ?? r.open_loops.length,
    });
  }

  private seedEdits({ household: h, notes, goals }: HouseholdRecord) {
    const matt = { user_id: "u-matt", user_name: "Matt Ferro" };
    const at = (minute: string) => `2026-11-21T14:${minute}:00Z`;
    this.edits.push(
      makeEdit({
        at: at("31"),
        entity_id: h.id,
        field: "risk_profile",
        old: "Growth",
        new: "Balanced",
        ...matt,
      }),
      makeEdit({ at: at("30"), entity_id: h.id, field: "tier", old: "B", new: "A", ...matt }),
      makeEdit({
        at: at("29"),
        entity: "goals",
        entity_id: goals[1]?.id ?? "",
        field: "status",
        old: "open",
        new: "reached",
        ...matt,
      }),
      ...notes.map((n) =>
        makeEdit({
          at: n.occurred_at ?? n.created_at,
          op: "create",
          entity: "notes",
          entity_id: n.id,
          new: n,
        }),
      ),
      makeEdit({
        at: "2026-10-01T08:00:00Z",
        op: "create",
        entity: "people",
        entity_id: "p",
        new: { first_name: "Eleanor", last_name: "Whitfield", birth_date: { masked: "•• ••• 1959" } },
        source: "import",
        import_id: "i1",
      }),
      makeEdit({
        at: "2026-10-01T08:00:00Z",
        op: "create",
        entity: "households",
        entity_id: h.id,
        new: { name: h.name, type: h.type },
        source: "import",
        import_id: "i1",
      }),
    );
  }

  /** Answers one request as the server would; `request` is the name that it bears. */
  handle(method: string, path: string, body: Record<string, unknown> = {}, request?: string | null): Reply {
    this.requests.push(`${method} ${path}`);
    this.request = request ?? null;
    const [url = "", query = ""] = path.split("?");
    const parts = url.replace(/^\/api\//, "").split("/");
    if (!this.signedIn) return problem(401, "unauthenticated", "Sign in to continue.");
    const written = this.notes.handle(method, parts, body);
    if (written) return written;
    const route = `${method} ${parts[0]}`;
    if (route === "GET me") return ok(this.me);
    if (route === "GET users") return ok({ items: USERS, next_cursor: null });
    if (route === "GET teams")
      return ok({ items: ME.teams.map((t) => ({ ...t, member_ids: [] })), next_cursor: null });
    if (parts[0] === "sessions") return this.sessions(method);
    if (parts[0] === "auth") return this.signOut();
    if (parts[0] === "imports") return this.imports(method);
    if (route === "GET why") return this.why(parts);
    if (url.endsWith("/undo-request")) return this.undoRequest(String(body.request_id));
    if (route === "POST edits") return this.undo(parts[1] ?? "");
    if (parts[2] === "reveal")
      return ok({ field: body.field, value: body.field === "birth_date" ? "1959-04-02" : "123-45-4412" });
    if (route === "GET today") return ok(todayOf(this.records.values()));
    if (url.endsWith("/tasks/counts")) return ok(taskCounts(taskLines(this.records.values())));
    if (url.endsWith("/quick-add")) return ok(quickAdded(body), body.preview ? 200 : 201);
    if (url.endsWith("/evidence")) return ok({ items: [] });
    if (url.endsWith("/tasks/reminders"))
      return ok({ items: taskLines(this.records.values()).filter((t) => t.remind_at) });
    if (route === "GET tasks") return ok(pageOf(taskLines(this.records.values()), query));
    if (route === "GET open-loops") return ok(pageOf(loopLines(this.records.values()), query));
    if (route === "GET tiers") return ok({ items: this.tiers, unlisted: [] });
    if (route === "GET views") return ok({ items: [] });
    if (route === "POST families") return this.family(body.household as Record<string, unknown>);
    if (parts[0] === "households") return this.households(method, parts, body, query);
    return this.facts(method, parts, body);
  }

  private signOut(): Reply {
    this.signedIn = false;
    return { status: 204 };
  }
  private sessions(method: string): Reply {
    if (method === "DELETE") return { status: 204 };
    const s = (id: string, current: boolean, created_at: string) => ({
      id,
      current,
      created_at,
      last_seen_at: "2026-11-22T21:40:00Z",
      expires_at: "2026-11-23T09:00:00Z",
      provider: "oidc",
    });
    return ok({ items: [s("s1", true, "2026-11-22T08:02:00Z"), s("s2", false, "2026-11-20T17:45:00Z")] });
  }
  private imports(method: string): Reply {
    if (method === "POST") return ok({ job_id: newId() }, 202);
    const section = (imported: number, refused: object[] = []) => ({ imported, refused });
    const run = {
      id: "i1",
      kind: "legacy",
      label: "export of 1 October",
      user_name: "Will Arden",
      started_at: "2026-10-01T08:00:00Z",
      finished_at: "2026-10-01T08:01:00Z",
      reverted_at: null,
      report: {
        households: section(42),
        people: section(118),
        accounts: section(96, [{ id: "ac_orphan1", reason: "household_unknown" }]),
      },
    };
    return ok({ items: [run] });
  }

  private households(method: string, parts: string[], body: Record<string, unknown>, query: string): Reply {
    const [, id, sub] = parts;
    if (method === "POST" && id === "search") return this.search(body);
    if (method === "POST" && id === "ids") return ok({ ids: this.matching(body).map((h) => h.id) });
    if (method === "POST" && id === "possible-duplicates") return ok({ items: [] });
    if (method === "POST" && id === "count") {
      const found = this.matching(body);
      return ok({
        households: found.length,
        aum_usd: String(found.reduce((sum, h) => sum + Number(h.aum_usd), 0)),
      });
    }
    const record = this.records.get(id ?? "");
    if (!record || (record.household.deleted_at && sub !== "restore")) return notFound();
    if (method === "GET" && !sub) return ok(visible(record));
    if (sub === "totals") return ok(totalsOf(record));
    if (sub === "edits")
      return ok({
        items: record === this.first ? this.edits : [],
        next_cursor: query.includes("cursor=") ? null : null,
      });
    if (sub === "notes" && parts[3] === "search") return this.notes.search(record, body);
    if (method === "POST" && sub && sub !== "restore") return this.create(record, sub, body);
    return this.facts(method, parts, body);
  }

  private family(household: Record<string, unknown>): Reply {
    const record = emptyRecord({
      ...listed(0).household,
      id: newId(),
      tags: [],
      ...household,
    } as HouseholdRecord["household"]);
    this.add(record, { city: "", state: "", phone: "" });
    return ok(record.household, 201);
  }

  private matching(f: Record<string, unknown>) {
    const words = String(f.q ?? "").toLowerCase();
    return this.lines.filter(
      (h) =>
        (!f.type || (f.type as string[]).includes(h.type)) &&
        (!f.tier || (f.tier as (string | null)[]).includes(h.tier)) &&
        (!f.team_id || h.team_id === f.team_id) &&
        (!words || `${h.name} ${h.primary_name} ${h.city}`.toLowerCase().includes(words)),
    );
  }
  private search(body: Record<string, unknown>): Reply {
    const by = {
      name: (a: HouseholdListItem, b: HouseholdListItem) => a.name.localeCompare(b.name),
      "-aum": (a: HouseholdListItem, b: HouseholdListItem) => Number(b.aum_usd) - Number(a.aum_usd),
      next_review: (a: HouseholdListItem, b: HouseholdListItem) =>
        (a.next_review ?? "9").localeCompare(b.next_review ?? "9"),
    }[String(body.sort ?? "name")];
    const found = this.matching(body).sort(by);
    const start = Number(body.cursor ?? 0);
    const end = start + Number(body.limit ?? 50);
    return ok({ items: found.slice(start, end), next_cursor: end < found.length ? String(end) : null });
  }

  private create(record: HouseholdRecord, noun: string, body: Record<string, unknown>): Reply {
    const row = createdRow(record, noun, body);
    if (!row) return problem(422, "invalid", "That noun is not kept here.");
    this.edits.unshift(
      makeEdit({
        at: new Date().toISOString(),
        op: "create",
        entity: noun.replaceAll("-", "_"),
        entity_id: String(row.id ?? ""),
        new: body,
      }),
    );
    return ok(row, 201);
  }

  private facts(method: string, [noun = "", id = "", sub]: string[], body: Record<string, unknown>): Reply {
    const found = this.find(id);
    if (!found) return notFound();
    const { row, record } = found;
    if (method === "DELETE" || sub === "restore") {
      const at = method === "DELETE" ? new Date().toISOString() : null;
      this.note(noun, row, "deleted_at", at);
      return method === "DELETE" ? { status: 204 } : ok(row);
    }
    const { version: _seen, ...fields } = body;
    if (this.contested && this.contested.field in fields) {
      const { field, theirs } = this.contested;
      this.contested = null;
      row.version = Number(row.version) + 1;
      row[field] = theirs;
      const conflict = {
        field,
        yours: fields[field],
        theirs,
        changed_by: "Matt Ferro",
        changed_at: new Date().toISOString(),
        edit_id: newId(),
      };
      return problem(409, "conflict", "Somebody changed this since.", {
        conflicts: [conflict],
        current_version: row.version,
      });
    }
    const same = (field: string) =>
      JSON.stringify(row[field] ?? null) === JSON.stringify(fields[field] ?? null);
    const changed = Object.keys(fields).filter((field) => !same(field));
    for (const field of changed) this.note(noun, row, field, fields[field]);
    if (changed.length > 0) row.version = Number(row.version) + 1;
    if (record.household === (row as unknown))
      Object.assign(this.lines.find((l) => l.id === id) ?? {}, fields);
    return ok(row);
  }
  private note(noun: string, row: Doc, field: string, value: unknown) {
    this.edits.unshift(
      makeEdit({
        at: new Date().toISOString(),
        entity: noun.replaceAll("-", "_"),
        entity_id: String(row.id),
        field,
        old: row[field] ?? null,
        new: value,
        request_id: this.request,
        user_id: this.me.user.id,
        user_name: this.me.user.name,
      }),
    );
    row[field] = value;
  }
  private find(id: string) {
    for (const record of this.records.values()) {
      const row = findRow(record, id);
      if (row) return { row, record };
    }
    return null;
  }

  private why([, entity, id, field]: string[]): Reply {
    const trail = this.edits.filter(
      (e) => e.entity === entity && e.entity_id === id && (e.field === field || e.op === "create"),
    );
    return trail.length ? ok({ edit: trail[0], trail }) : notFound();
  }
  /** What the user's own request changed, but for what somebody else has changed since. */
  private undoRequest(request: string): Reply {
    const own = (e: Edit) => e.request_id === request && e.user_id === this.me.user.id && !e.undoes;
    const found = this.edits.filter(own);
    if (found.length === 0) return notFound();
    const kept = found.flatMap((e) => {
      const later = this.edits.slice(0, this.edits.indexOf(e));
      const other = later.find(
        (l) => l.entity_id === e.entity_id && l.field === e.field && l.user_id !== e.user_id,
      );
      return other ? [{ edit_id: e.id, reason: `${other.user_name} changed it since` }] : [];
    });
    const back = found.filter((e) => !kept.some((k) => k.edit_id === e.id));
    for (const e of back) this.undo(e.id);
    return ok({ undone: back.length, kept });
  }
  private undo(id: string): Reply {
    const edit = this.edits.find((e) => e.id === id);
    const found = edit && this.find(edit.entity_id);
    if (!edit?.field || !found) return notFound();
    this.note(edit.entity.replaceAll("_", "-"), found.row, edit.field, edit.old);
    const made = this.edits[0] as Edit;
    Object.assign(made, { undoes: edit.id, source: "undo" });
    edit.undone_by = made.id;
    return ok(made);
  }
}
