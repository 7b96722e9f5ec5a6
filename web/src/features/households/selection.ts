/** Which households are chosen, by id: also such that no page has loaded yet. */
import { useCallback, useEffect, useMemo, useState } from "react";
import { asProblem } from "@/api/problem";
import { type HouseholdFilter, householdIds } from "@/api/queries/households";
import { toast } from "@/ui/toast";

const NOTHING: ReadonlySet<string> = new Set();

export interface Selection {
  ids: ReadonlySet<string>;
  /** Whether all that the filter leaves was chosen at once. */
  all: boolean;
  toggle: (id: string) => void;
  /** From the row chosen last to this one, in the order of the list. */
  range: (id: string) => void;
  selectAll: () => Promise<void>;
  clear: () => void;
}

/** Empties itself when the filter changes: what is chosen is always among what the list may show. */
export function useSelection(filter: HouseholdFilter, order: readonly string[]): Selection {
  const [ids, setIds] = useState(NOTHING);
  const [all, setAll] = useState(false);
  const [anchor, setAnchor] = useState<string | null>(null);
  const clear = useCallback(() => {
    setIds(NOTHING);
    setAll(false);
  }, []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another filter, another choice
  useEffect(() => clear(), [filter, clear]);
  const toggle = useCallback((id: string) => {
    setAll(false);
    setAnchor(id);
    setIds((before) => {
      const next = new Set(before);
      if (!next.delete(id)) next.add(id);
      return next;
    });
  }, []);
  return useMemo(
    () => ({
      ids,
      all,
      toggle,
      clear,
      range: (id) => {
        const [a, b] = [order.indexOf(anchor ?? id), order.indexOf(id)];
        const from = a < 0 ? b : a;
        setAll(false);
        setIds((before) => new Set([...before, ...order.slice(Math.min(from, b), Math.max(from, b) + 1)]));
      },
      selectAll: async () => {
        try {
          setIds(new Set(await householdIds(filter)));
          setAll(true);
        } catch (error) {
          toast(asProblem(error).message, { tone: "error" });
        }
      },
    }),
    [ids, all, toggle, clear, order, anchor, filter],
  );
}
