import { queryOptions } from "@tanstack/react-query";
import { call } from "../client";
import { Problem } from "../problem";
import type { All, Me, Session, Team, User } from "../types";

/** Who is signed in; null when nobody is. */
export const meQuery = queryOptions({
  queryKey: ["me"],
  staleTime: 5 * 60_000,
  queryFn: ({ signal }) =>
    call<Me>("get", "/api/me", { signal }).catch((error: unknown) => {
      if (error instanceof Problem && error.status === 401) return null;
      throw error;
    }),
});

export const sessionsQuery = queryOptions({
  queryKey: ["sessions"],
  queryFn: ({ signal }) => call<All<Session>>("get", "/api/sessions", { signal }),
});

export const usersQuery = queryOptions({
  queryKey: ["users"],
  staleTime: 5 * 60_000,
  queryFn: ({ signal }) => call<All<User>>("get", "/api/users", { signal }),
});

export const teamsQuery = queryOptions({
  queryKey: ["teams"],
  staleTime: 5 * 60_000,
  queryFn: ({ signal }) => call<All<Team>>("get", "/api/teams", { signal }),
});

export const revokeSession = (id: string) => call<void>("delete", "/api/sessions/{id}", { path: { id } });
export const signOut = () => call<void>("post", "/api/auth/logout");
export const signInUrl = (returnTo: string) => `/api/auth/login?return_to=${encodeURIComponent(returnTo)}`;
