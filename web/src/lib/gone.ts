import { useEffect, useRef } from "react";

/** Whether the component has left the screen: asked once an answer is there, which may come after that. */
export function useGone() {
  const gone = useRef(false);
  useEffect(() => {
    gone.current = false;
    return () => {
      gone.current = true;
    };
  }, []);
  return gone;
}
