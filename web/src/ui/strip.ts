import { useEffect, useRef } from "react";

/**
 * For a strip of tabs that scrolls where the screen is narrow: brings the chosen one into sight whichever way it was chosen, and
 * again when it moves because the others have become wider. Whoever scrolls the strip themselves is let.
 */
export function useStrip<T extends HTMLElement>(chosen: string) {
  const strip = useRef<T>(null);
  const place = useRef("");
  useEffect(() => {
    const list = strip.current;
    if (!list) return;
    const look = () => {
      const tab = list.querySelector<HTMLElement>(chosen);
      if (!tab) return;
      const left = tab.offsetLeft - list.offsetLeft;
      const now = [left, tab.offsetWidth, list.clientWidth].join();
      if (now === place.current) return;
      place.current = now;
      const over = left + tab.offsetWidth - list.clientWidth;
      // In the middle, so that it is seen that others follow.
      if (left < list.scrollLeft || over > list.scrollLeft) list.scrollLeft = (left + over) / 2;
    };
    look();
    // A font that comes late makes tabs wider, and nothing is drawn anew.
    const sizes = new ResizeObserver(look);
    for (const tab of [list, ...list.children]) sizes.observe(tab);
    return () => sizes.disconnect();
  });
  return strip;
}
