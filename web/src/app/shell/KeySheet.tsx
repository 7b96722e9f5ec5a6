import { lazy, Suspense, useState } from "react";
import { useKey } from "../keys";

const KeyList = lazy(() => import("./KeyList").then((m) => ({ default: m.KeyList })));

/** Waits for the key that shows the keys. */
export function KeySheet() {
  const [open, setOpen] = useState(false);
  useKey("help", () => setOpen(true));
  return <Suspense>{open && <KeyList onClose={() => setOpen(false)} />}</Suspense>;
}
