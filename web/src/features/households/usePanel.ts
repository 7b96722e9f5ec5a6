import { useNavigate, useRouter, useSearch } from "@tanstack/react-router";
import { useEffect } from "react";
import { useNarrow } from "@/lib/narrow";
import type { TabId } from "./record-search";

declare module "@tanstack/react-router" {
  interface HistoryState {
    /** The list was on screen before this address: closing the panel goes back to it. */
    overList?: boolean;
  }
}

/** The household whose panel stands over the list, as the address says, and the ways in and out. */
export function usePanel() {
  const { open: asked, ...search } = useSearch({ from: "/households" });
  const navigate = useNavigate({ from: "/households" });
  const router = useRouter();
  const narrow = useNarrow();
  const full = (id: string, tab?: TabId) =>
    void navigate({ to: "/households/$id", params: { id }, search: { tab } });
  // There is no room beside a panel on a phone: an address that was shared leads to the page itself.
  useEffect(() => {
    if (asked && narrow) void navigate({ to: "/households/$id", params: { id: asked }, replace: true });
  }, [asked, narrow, navigate]);
  return {
    search,
    id: narrow ? undefined : asked,
    /** Opens it, or goes on to another: one step in the history, however many are looked at. */
    open: (id: string) =>
      void navigate({
        search: (s) => ({ ...s, open: id }),
        replace: asked !== undefined,
        state: asked === undefined ? { overList: true } : true,
      }),
    close: () => {
      if (router.state.location.state.overList) router.history.back();
      else void navigate({ search: (s) => ({ ...s, open: undefined }), replace: true });
    },
    full,
  };
}
