import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { usersQuery } from "./session";

/** The firm's active users as choices of a form. */
export function useUserOptions() {
  const users = useQuery(usersQuery).data?.items;
  return useMemo(() => (users ?? []).filter((u) => u.active).map((u) => [u.id, u.name] as const), [users]);
}
