import { type RefObject, useEffect, useRef } from "react";

/**
 * Gives an element the focus where what had it is gone: whenever `step` changes, and as it appears unless `later` is set. A focus
 * that is somewhere stays there, and a page that has just been opened by its address begins at its top.
 */
export function useLostFocus<T extends HTMLElement>(step?: unknown, later = false): RefObject<T | null> {
  const target = useRef<T>(null);
  const skip = useRef(later);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new step is what takes the focus from where it was
  useEffect(() => {
    const lost = document.activeElement === null || document.activeElement === document.body;
    if (lost && !skip.current && navigator.userActivation?.hasBeenActive) target.current?.focus();
    skip.current = false;
  }, [step]);
  return target;
}

/** For the first of the rows that somebody asked for: it gets the focus as it appears. */
export const focusNew = (row: HTMLElement | null) => row?.focus();
