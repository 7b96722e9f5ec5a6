import { type RefObject, useEffect, useState } from "react";

/** The width of an element, as it changes. */
export function useWidth(ref: RefObject<HTMLElement | null>, initial = 640) {
  const [width, setWidth] = useState(initial);
  useEffect(() => {
    const element = ref.current;
    if (!element) return;
    setWidth(element.clientWidth || initial);
    const observer = new ResizeObserver(() => setWidth(element.clientWidth || initial));
    observer.observe(element);
    return () => observer.disconnect();
  }, [ref, initial]);
  return width;
}
