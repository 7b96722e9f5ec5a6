import { type RefObject, useState } from "react";
import type { HouseholdListItem } from "@/api/types";
import { useKey } from "@/app/keys";
import type { Selection } from "./selection";

interface RowKeys {
  scroller: RefObject<HTMLDivElement | null>;
  rows: readonly HouseholdListItem[];
  selection: Selection;
  tiers: readonly string[];
  canWrite: boolean;
  scrollTo: (index: number) => void;
  onEdit: (household: HouseholdListItem) => void;
  onSet: (household: HouseholdListItem, fields: Record<string, unknown>) => void;
  onTier: (tier: string) => void;
  onFull: (id: string) => void;
}

/**
 * What keys do with a row: `j` and `k` move the focus from one to the next, Enter presses its link, `o` goes to its page, the
 * others act on the focused one or, a tier, on all that are selected. Answers the way to put the focus on a row.
 */
export function useRowKeys(keys: RowKeys) {
  const { scroller, rows, selection, tiers, canWrite, scrollTo } = keys;
  const [at, setAt] = useState(-1);
  const link = (index: number) =>
    scroller.current?.querySelector<HTMLElement>(`[data-index="${index}"] [data-row-link]`);
  const place = () => {
    const focused = document.activeElement?.closest("[data-index]")?.getAttribute("data-index");
    return focused === null || focused === undefined ? at : Number(focused);
  };
  const focusRow = (index: number) => {
    if (index < 0) return;
    setAt(index);
    const there = link(index);
    // At once where the row is drawn: the next key may come before the next frame.
    if (there) return there.focus();
    scrollTo(index);
    requestAnimationFrame(() => link(index)?.focus());
  };
  const move = (step: 1 | -1) => {
    const next = Math.max(0, Math.min(rows.length - 1, place() + step));
    focusRow(next);
    scrollTo(next);
  };
  const withRow = (act: (household: HouseholdListItem) => void) => () => {
    const row = rows[place()];
    if (row) act(row);
  };
  const any = rows.length > 0;
  useKey("list.next", () => move(1), any);
  useKey("list.previous", () => move(-1), any);
  useKey(
    "list.open",
    withRow((h) => keys.onFull(h.id)),
    any,
  );
  useKey(
    "list.select",
    withRow((h) => selection.toggle(h.id)),
    any,
  );
  useKey(
    "list.range",
    withRow((h) => selection.range(h.id)),
    any,
  );
  useKey("list.all", () => void selection.selectAll(), any);
  useKey("list.clear", selection.clear, selection.ids.size > 0);
  useKey("list.edit", withRow(keys.onEdit), any && canWrite);
  const setTier = (index: number) => {
    const tier = tiers[index];
    if (tier === undefined) return;
    if (selection.ids.size > 0) keys.onTier(tier);
    else withRow((h) => h.tier !== tier && keys.onSet(h, { tier }))();
  };
  useKey("list.tier1", () => setTier(0), canWrite && tiers.length > 0);
  useKey("list.tier2", () => setTier(1), canWrite && tiers.length > 1);
  useKey("list.tier3", () => setTier(2), canWrite && tiers.length > 2);
  useKey("list.tier4", () => setTier(3), canWrite && tiers.length > 3);
  return focusRow;
}
