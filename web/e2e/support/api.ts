import type { BrowserContext } from "@playwright/test";
import type { HouseholdRecord } from "../../src/api/types";

/** The API as the person of this browser: with their session and nothing else. */
export class Api {
  constructor(
    private readonly context: BrowserContext,
    private readonly origin: string,
  ) {}

  /** The answer's status and body, whatever it is. */
  async ask(method: string, path: string, data?: unknown) {
    const headers = { origin: this.origin };
    const answer = await this.context.request.fetch(this.origin + path, { method, data, headers });
    const text = await answer.text();
    return { status: answer.status(), body: text ? JSON.parse(text) : null };
  }

  private async done<T>(method: string, path: string, data?: unknown): Promise<T> {
    const { status, body } = await this.ask(method, path, data);
    if (status >= 300) throw new Error(`${method} ${path}: ${status} ${JSON.stringify(body)}`);
    return body;
  }

  get = <T>(path: string) => this.done<T>("GET", path);
  post = <T>(path: string, data?: unknown) => this.done<T>("POST", path, data ?? {});
  put = <T>(path: string, data: unknown) => this.done<T>("PUT", path, data);
  patch = <T>(path: string, data: unknown) => this.done<T>("PATCH", path, data);

  /** All households this person sees, as id and name. */
  async households(
    filter: object = {},
  ): Promise<{ id: string; name: string; team_id: string; team_name: string }[]> {
    const all = [];
    let cursor: string | null = null;
    do {
      const body = { ...filter, limit: 200, ...(cursor ? { cursor } : {}) };
      const page: {
        items: { id: string; name: string; team_id: string; team_name: string }[];
        next_cursor: string | null;
      } = await this.post("/api/households/search", body);
      all.push(...page.items);
      cursor = page.next_cursor;
    } while (cursor);
    return all;
  }

  record = (id: string) => this.get<HouseholdRecord>(`/api/households/${id}`);

  /** What this person has begun to write about a household and not saved. */
  drafts = async (householdId: string) =>
    (await this.get<{ items: object[] }>(`/api/households/${householdId}/drafts`)).items;

  me = () =>
    this.get<{ user: { id: string; name: string; email: string }; teams: { id: string; name: string }[] }>(
      "/api/me",
    );

  /** A household of this person's own team, so that no two tests touch the same rows. */
  async newHousehold(
    name: string,
    fields: object = {},
  ): Promise<{ id: string; version: number; name: string }> {
    const { teams, user } = await this.me();
    const own = teams.find((team) => team.name === user.name);
    return this.post("/api/households", { name, type: "client", team_id: own?.id, ...fields });
  }

  /** A person in it, for tests that need one. */
  newPerson = (household: string, fields: object) =>
    this.post<{ person: { id: string } }>(`/api/households/${household}/people`, fields);

  /** A version of a brain file; the first where `seen` is left out. */
  writeBrain = (household: string, write: { path: string; body: string; seen?: number; reason?: string }) =>
    this.put<{ id: string; version: number }>(`/api/households/${household}/brain`, write);
}
