import { queryOptions } from "@tanstack/react-query";
import { client, take } from "../client";
import type { components } from "../schema";
import type { Sent } from "../types";

export type View = Sent<components["schemas"]["View"]>;
type NewView = components["schemas"]["ViewCreate"];

/** One's own views, those of one's teams and the firm's: pinned ones first, then by name. */
export const viewsQuery = queryOptions({
  queryKey: ["views"],
  staleTime: 5 * 60_000,
  queryFn: ({ signal }) => take(client.GET("/api/views", { signal })),
});

/** The form's fields are the server's: what it does not take, it refuses by name. */
export const createView = (fields: Record<string, unknown>, query: object) =>
  take(client.POST("/api/views", { body: { ...fields, query } as NewView }));

/** Changes a view that has this version. */
export const changeView = (view: View, change: { query?: object; name?: string }) =>
  take(
    client.PATCH("/api/views/{id}", {
      params: { path: { id: view.id } },
      body: { version: view.version, ...change } as components["schemas"]["ViewChange"],
    }),
  );

/** Has one's own list of households begin with a view, or with all of them. */
export const beginWith = (id: string | null) =>
  take(client.PATCH("/api/me/profile", { body: { default_view_id: id } }));

export const removeView = (id: string) =>
  take(client.DELETE("/api/views/{id}", { params: { path: { id } } }));
