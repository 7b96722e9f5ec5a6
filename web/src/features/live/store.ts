/** What the screens show of the stream: whether it is up, who else is present, and which values have just come in. */
import { useSyncExternalStore } from "react";
import type { Change, Present } from "@/api/types";
import type { Status } from "./stream";

interface LiveState {
  status: Status;
  present: readonly Present[];
  /** `table/row/field` → who changed it. */
  fresh: ReadonlyMap<string, string>;
}
/** How long a value that somebody else changed is marked. */
const FRESH_MS = 4_000;

const nothing: LiveState = { status: { live: true }, present: [], fresh: new Map() };
let state = nothing;
const listeners = new Set<() => void>();

function set(next: Partial<LiveState>) {
  state = { ...state, ...next };
  for (const listener of listeners) listener();
}
const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

export const liveStore = {
  status: (status: Status) => set({ status }),
  present: (present: readonly Present[]) => set({ present }),
  /** Marks what others changed; one's own changes were seen when they were made. */
  changed(changes: readonly Change[], me: string) {
    const others = changes.filter((c) => c.user_id !== me);
    if (others.length === 0) return;
    const keys = others.flatMap((c) =>
      c.fields.map((field) => [`${c.entity}/${c.entity_id}/${field}`, c.user_name] as const),
    );
    set({ fresh: new Map([...state.fresh, ...keys]) });
    setTimeout(() => {
      const fresh = new Map(state.fresh);
      for (const [key] of keys) fresh.delete(key);
      set({ fresh });
    }, FRESH_MS);
  },
  clear: () => set(nothing),
};

export const useLiveStatus = () => useSyncExternalStore(subscribe, () => state.status);
export const usePresent = () => useSyncExternalStore(subscribe, () => state.present);
/** Who is editing something of this row, by name. */
export const useEditing = (entity: string, id: string) =>
  usePresent()
    .filter(({ focus }) => focus?.startsWith(`${entity}/${id}/`))
    .map(({ user_name }) => user_name)
    .join(", ");
/** Who has just changed this value, while it is marked. */
export const useFresh = (entity: string, id: string, field: string) =>
  useSyncExternalStore(subscribe, () => state.fresh.get(`${entity}/${id}/${field}`));
