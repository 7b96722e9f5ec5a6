import { useSyncExternalStore } from "react";

export interface WhyTarget {
  entity: string;
  id: string;
  field: string;
  anchor: Element;
}
/** Several marked values in one place. */
export interface WhyRow {
  name: string;
  choices: WhyTarget[];
  anchor: Element;
}
let target: WhyTarget | WhyRow | null = null;
const listeners = new Set<() => void>();
export function setTarget(next: WhyTarget | WhyRow | null) {
  target = next;
  for (const listener of listeners) listener();
}
/** The value that is asked about. */
export const useWhyTarget = () =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => target,
  );

/** Marks an element as the place of one stored value, so the key `w` knows what is focused. */
export const whyMark = (entity: string, id: string, field: string) => ({
  "data-why": `${entity}/${id}/${field}`,
});

/** Marks what holds several values, so that `w` on anything in it asks which of them is meant. */
export const whyRow = (name: string) => ({ "data-why-row": name });

function targetOf(marked: Element | null | undefined): WhyTarget | null {
  const [entity, id, field] = marked?.getAttribute("data-why")?.split("/") ?? [];
  return marked && entity && id && field ? { entity, id, field, anchor: marked } : null;
}

let asker: Element | null = null;
/** Asks about the value that has the focus. */
export function openFocused() {
  asker = document.activeElement;
  openFor(asker);
}
/** What had the focus when somebody asked by key, told once. */
export function takeAsker() {
  const was = asker;
  asker = null;
  return was?.isConnected && was !== document.body ? was : null;
}

/** Asks about the value that the element is, or belongs to. */
export function openFor(element: Element | null) {
  const one = targetOf(element?.closest("[data-why]"));
  if (one) return setTarget(one);
  const row = element?.closest("[data-why-row]");
  if (row) {
    const marks = [...row.querySelectorAll("[data-why]")];
    const choices = marks.map(targetOf).filter((t) => t !== null);
    const [only] = choices;
    if (choices.length > 1 && row)
      return setTarget({ name: row.getAttribute("data-why-row") ?? "", choices, anchor: row });
    if (only) return setTarget(only);
  }
  // Nothing in focus has an answer: what the pointer rests on may have.
  if (!row) setTarget(targetOf([...document.querySelectorAll("[data-why]:hover")].at(-1)));
}
