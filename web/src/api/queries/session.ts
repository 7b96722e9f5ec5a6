import { queryOptions } from "@tanstack/react-query";
import { setTimeZone } from "@/lib/dates";
import { client, take } from "../client";
import { Problem } from "../problem";
import { hearOf } from "../user";

const FIVE_MINUTES = 5 * 60_000;

/** Asks the server who is signed in; null when nobody is. */
export const askMe = (signal?: AbortSignal) =>
  take(client.GET("/api/me", { signal }))
    .then((me) => {
      setTimeZone(me.time_zone);
      hearOf(me.user.id);
      return me;
    })
    .catch((error: unknown) => {
      if (error instanceof Problem && error.status === 401) return null;
      throw error;
    });

/** Who is signed in. Asked again whenever somebody comes back to the page: in another tab it may be somebody else by now. */
export const meQuery = queryOptions({
  queryKey: ["me"],
  staleTime: FIVE_MINUTES,
  refetchOnWindowFocus: "always",
  queryFn: ({ signal }) => askMe(signal),
});

export const sessionsQuery = queryOptions({
  queryKey: ["sessions"],
  queryFn: ({ signal }) => take(client.GET("/api/sessions", { signal })),
});

export const usersQuery = queryOptions({
  queryKey: ["users"],
  staleTime: FIVE_MINUTES,
  queryFn: ({ signal }) => take(client.GET("/api/users", { signal })),
});

export const tiersQuery = queryOptions({
  queryKey: ["tiers"],
  staleTime: FIVE_MINUTES,
  queryFn: ({ signal }) => take(client.GET("/api/tiers", { signal })),
});
export const teamsQuery = queryOptions({
  queryKey: ["teams"],
  staleTime: FIVE_MINUTES,
  queryFn: ({ signal }) => take(client.GET("/api/teams", { signal })),
});

export const revokeSession = (id: string) =>
  take(client.DELETE("/api/sessions/{id}", { params: { path: { id } } }));
export const signOut = () => take(client.POST("/api/auth/logout"));
/** After the session has ended here: signs out of the identity provider too, where it can. */
export const PROVIDER_SIGN_OUT = "/api/auth/provider-logout";
/** Proves again who one is; the session goes on. */
export const confirmUrl = (returnTo: string) => `${signInUrl(returnTo)}&confirm=true`;
/** Begins the sign-in that uses an invitation; answers where to go. */
export const join = (code: string) => take(client.POST("/api/auth/join", { body: { code } }));
export const signInUrl = (returnTo: string) => `/api/auth/login?return_to=${encodeURIComponent(returnTo)}`;
