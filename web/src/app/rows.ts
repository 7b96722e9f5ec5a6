/** Rows that `j` and `k` walk through: elements marked `data-row` with the id of what they show. */
import { useKey } from "./keys";

const rows = () => [...document.querySelectorAll<HTMLElement>("#main [data-row]")];
const control = (row: HTMLElement) => row.querySelector<HTMLElement>("input[type=checkbox], a, button");

/** The id of the row that holds the focus. */
export const focusedRow = () =>
  document.activeElement?.closest("[data-row]")?.getAttribute("data-row") ?? null;

function move(step: 1 | -1) {
  const all = rows();
  const at = all.findIndex((row) => row.contains(document.activeElement));
  const next = all[at < 0 ? 0 : Math.max(0, Math.min(all.length - 1, at + step))];
  if (!next) return;
  control(next)?.focus();
  next.scrollIntoView({ block: "nearest" });
}

/** Lets `j` and `k` move the focus from row to row of this page. */
export function useRowKeys(enabled: boolean) {
  useKey("list.next", () => move(1), enabled);
  useKey("list.previous", () => move(-1), enabled);
}
