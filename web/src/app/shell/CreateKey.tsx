import { lazy, Suspense, useState } from "react";
import { useKey } from "../keys";

const CreateMenu = lazy(() => import("./CreateMenu").then((m) => ({ default: m.CreateMenu })));

/** Waits for the key that asks what is to be created. */
export function CreateKey() {
  const [open, setOpen] = useState(false);
  useKey("create.menu", () => setOpen(true));
  return <Suspense>{open && <CreateMenu onClose={() => setOpen(false)} />}</Suspense>;
}
