/** Rows that can be led to: a hint, a line of the timeline or a node of the map brings the focus to them. */
import type { FactSpec } from "./editor";

export const rowMark = (id: string) => ({ "data-row": id, tabIndex: -1 });

/** How long a row may take to appear, such as a tab that is still being loaded. */
const WAIT_MS = 3_000;

/** Brings the row with this id into view and gives it the focus. */
export const focusRow = (id: string) => focusSoon(`[data-row="${CSS.escape(id)}"]`);

/** The same for whatever is looked for, as soon as it is there. */
export function focusSoon(selector: string) {
  const until = performance.now() + WAIT_MS;
  const look = () => {
    const row = document.querySelector<HTMLElement>(selector);
    if (!row) {
      if (performance.now() < until) requestAnimationFrame(look);
      return;
    }
    row.scrollIntoView({ block: "center" });
    row.focus({ preventScroll: true });
  };
  requestAnimationFrame(look);
}

/** The same form with some fields filled in already. */
export function withInitial(spec: FactSpec, initial: Record<string, string>): FactSpec {
  const fields: FactSpec["fields"] = (record, nameOf) =>
    spec.fields(record, nameOf).map((f) => (f.name in initial ? { ...f, initial: initial[f.name] } : f));
  return { ...spec, fields };
}
