import { useSyncExternalStore } from "react";

/** Below the width at which columns stand side by side; the same as `md` in the styles. */
const NARROW = "(max-width: 51.99rem)";

function subscribe(listener: () => void) {
  const query = window.matchMedia(NARROW);
  query.addEventListener("change", listener);
  return () => query.removeEventListener("change", listener);
}

/** Whether the screen is that of a phone. */
export const useNarrow = () => useSyncExternalStore(subscribe, () => window.matchMedia(NARROW).matches);
