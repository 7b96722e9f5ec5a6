import { useQuery } from "@tanstack/react-query";
import { meQuery } from "@/api/queries/session";
import type { Permission } from "@/api/types";

/** The signed-in user, while the shell is up. */
export const useMe = () => useQuery(meQuery).data ?? null;

/** Whether the user may do something. It only decides what is offered: the server decides what is allowed. */
export const useCan = (permission: Permission) => useMe()?.permissions.includes(permission) ?? false;
