import { useQuery } from "@tanstack/react-query";
import { useLocation } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { viewsQuery } from "@/api/queries/views";

declare module "@tanstack/react-router" {
  interface HistoryState {
    /** The reader chose how to look at the list at this address: coming back to it changes nothing. */
    chosen?: boolean;
  }
}

/** Begins with the reader's own view where they come to the list and its address asks for nothing. */
export function useDefaultView(asksForNothing: boolean, onLook: (look: Record<string, unknown>) => void) {
  const chosen = useLocation({ select: ({ state }) => state.chosen === true });
  const views = useQuery(viewsQuery).data?.items;
  const begins = asksForNothing && !chosen;
  const waiting = useRef(begins);
  useEffect(() => {
    waiting.current &&= begins;
    if (!waiting.current || !views) return;
    waiting.current = false;
    const first = views.find((view) => view.is_default);
    if (first) onLook(first.query);
  });
}
