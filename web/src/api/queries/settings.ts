import { queryOptions } from "@tanstack/react-query";
import { client, take } from "../client";
import type { components } from "../schema";
import type { Role, Sent } from "../types";

type Schemas = components["schemas"];
export type Profile = Sent<Schemas["Profile"]>;
export type ProfileChange = Schemas["ProfileChange"];
export type Firm = Sent<Schemas["Firm"]>;
export type UserAccess = Sent<Schemas["UserAccess"]>;
export type Team = Sent<Schemas["Team"]>;
export type Tier = Sent<Schemas["Tier"]>;
export type ApiKey = Sent<Schemas["ApiKey"]>;
export type SettingsEvent = Sent<Omit<Schemas["SettingsEvent"], "detail">> & {
  detail: Record<string, unknown>;
};

/** Keys begin with `settings`, so that one call renews every page of them. */
export const SETTINGS_KEY = ["settings"] as const;

export const profileQuery = queryOptions({
  queryKey: [...SETTINGS_KEY, "profile"],
  queryFn: ({ signal }) => take(client.GET("/api/me/profile", { signal })),
});
export const changeProfile = (change: ProfileChange) =>
  take(client.PATCH("/api/me/profile", { body: change }));

export const firmQuery = queryOptions({
  queryKey: [...SETTINGS_KEY, "firm"],
  queryFn: ({ signal }) => take(client.GET("/api/firm", { signal })),
});
export const changeFirm = (change: Schemas["FirmChange"]) =>
  take(client.PATCH("/api/firm", { body: change }));

export const userAccessQuery = queryOptions({
  queryKey: [...SETTINGS_KEY, "access"],
  queryFn: ({ signal }) => take(client.GET("/api/users/access", { signal })),
});
export const createUser = (fields: Record<string, unknown>, idempotencyKey: string) =>
  take(
    client.POST("/api/users", {
      body: fields as Schemas["UserCreate"],
      params: { header: { "Idempotency-Key": idempotencyKey } },
    }),
  );
export const changeUser = (id: string, change: Schemas["UserChange"]) =>
  take(client.PATCH("/api/users/{id}", { params: { path: { id } }, body: change }));
export const inviteUser = (id: string) =>
  take(client.POST("/api/users/{id}/invite", { params: { path: { id } } }));
export const uninviteUser = (id: string) =>
  take(client.DELETE("/api/users/{id}/invite", { params: { path: { id } } }));
export const linkIdentity = (id: string, issuer: string, subject: string) =>
  take(client.POST("/api/users/{id}/identities", { params: { path: { id } }, body: { issuer, subject } }));
export const removeIdentity = (id: string, identity: string) =>
  take(
    client.DELETE("/api/users/{id}/identities/{identity_id}", {
      params: { path: { id, identity_id: identity } },
    }),
  );

export const teamSizesQuery = queryOptions({
  queryKey: [...SETTINGS_KEY, "team-sizes"],
  queryFn: ({ signal }) => take(client.GET("/api/teams/sizes", { signal })),
});
export const createTeam = (name: string, idempotencyKey: string) =>
  take(
    client.POST("/api/teams", {
      body: { name },
      params: { header: { "Idempotency-Key": idempotencyKey } },
    }),
  );
export const renameTeam = (id: string, name: string) =>
  take(client.PATCH("/api/teams/{id}", { params: { path: { id } }, body: { name } }));
/** Puts a user into a team or takes them out; a dry run only says how many households they would see more or fewer. */
export const changeMember = (team: string, user: string, member: boolean, dryRun: boolean) => {
  const params = { path: { id: team, user_id: user }, query: { dry_run: dryRun } };
  return take(
    member
      ? client.PUT("/api/teams/{id}/members/{user_id}", { params })
      : client.DELETE("/api/teams/{id}/members/{user_id}", { params }),
  );
};
/** Moves households to a team: one request, which `undoRequest` takes back as a whole. */
export const moveHouseholds = (ids: string[], team: string) =>
  take(client.POST("/api/households/bulk", { body: { ids, change: { team_id: team }, dry_run: false } }));
export const undoRequest = (requestId: string) =>
  take(client.POST("/api/edits/undo-request", { body: { request_id: requestId } }));
/** The households of a team, as many as one request may move. */
export const householdsOfTeam = (team: string, cursor?: string) =>
  take(client.POST("/api/households/search", { body: { team_id: team, limit: 200, cursor } }));

export const createTier = (name: string, months: number | null) =>
  take(client.POST("/api/tiers", { body: { name, review_cadence_months: months } }));
export const changeTier = (id: string, change: Schemas["TierChange"]) =>
  take(client.PATCH("/api/tiers/{id}", { params: { path: { id } }, body: change }));
export const removeTier = (id: string) =>
  take(client.DELETE("/api/tiers/{id}", { params: { path: { id } } }));

export const apiKeysQuery = queryOptions({
  queryKey: [...SETTINGS_KEY, "api-keys"],
  queryFn: ({ signal }) => take(client.GET("/api/api-keys", { signal })),
});
export const createApiKey = (label: string, role: Role | null, days: number) =>
  take(client.POST("/api/api-keys", { body: { label, role, expires_in_days: days } }));
export const revokeApiKey = (id: string) =>
  take(client.DELETE("/api/api-keys/{id}", { params: { path: { id } } }));

export const settingsChangesQuery = queryOptions({
  queryKey: [...SETTINGS_KEY, "changes"],
  queryFn: ({ signal }): Promise<{ items: SettingsEvent[] }> =>
    take(client.GET("/api/settings/changes", { signal })) as Promise<{ items: SettingsEvent[] }>,
});
