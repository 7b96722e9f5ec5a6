import { useQuery } from "@tanstack/react-query";
import { useEffect, useSyncExternalStore } from "react";
import { onSignedOut } from "@/api/client";
import { draftsQuery, readDrafts, removeDraft, writeDraft } from "@/api/queries/notes";
import { askMe } from "@/api/queries/session";
import type { Note } from "@/api/types";
import { onAnotherUser } from "@/api/user";
import { type Content, DraftKeeper } from "./draft";

/** What is being written on this page, by place: a household and one of its notes, or `new`. */
const keepers = new Map<string, DraftKeeper>();
function forget() {
  for (const keeper of keepers.values()) keeper.stop();
  keepers.clear();
}
onSignedOut(forget);
onAnotherUser(forget);

const EMPTY: Content & { base: null } = { body: "", privacy: "team", base: null };

/** The keeper of a new note of a household, or of a note that is being rewritten. */
export function draftOf(householdId: string, note?: Note): DraftKeeper {
  const place = `${householdId}/${note?.id ?? "new"}`;
  const known = keepers.get(place);
  if (known) return known;
  const noteId = note?.id ?? null;
  const server = {
    write: writeDraft.bind(null, householdId),
    read: async () => (await readDrafts(householdId)).items.find((d) => d.note_id === noteId),
    remove: removeDraft,
    check: () => askMe(),
  };
  const start = note ? { body: note.body, privacy: note.privacy, base: note.version } : EMPTY;
  const keeper = new DraftKeeper(server, noteId, start);
  keepers.set(place, keeper);
  return keeper;
}

/** The writing of a rewritten note is over: the next one begins with the note as it is then. */
export function forgetDraft(householdId: string, noteId: string) {
  keepers.delete(`${householdId}/${noteId}`);
}

/** What is written here, restored from the server when this page begins. Sent before the page or the screen goes away. */
export function useDraft(householdId: string, note?: Note) {
  const keeper = draftOf(householdId, note);
  const state = useSyncExternalStore(keeper.subscribe, keeper.get);
  const drafts = useQuery(draftsQuery(householdId));
  const noteId = note?.id ?? null;
  const kept = drafts.isFetchedAfterMount ? drafts.data?.items.find((d) => d.note_id === noteId) : undefined;
  useEffect(() => {
    if (kept) keeper.adopt(kept);
  }, [keeper, kept]);
  useEffect(() => {
    const leave = () => void keeper.flush(true);
    const hidden = () => document.visibilityState === "hidden" && leave();
    const again = () => void keeper.flush();
    const ask = (event: BeforeUnloadEvent) => {
      const { kind } = keeper.get().status;
      if (keeper.unsaved && (kind === "waiting" || kind === "contested")) event.preventDefault();
    };
    window.addEventListener("pagehide", leave);
    document.addEventListener("visibilitychange", hidden);
    window.addEventListener("online", again);
    window.addEventListener("beforeunload", ask);
    return () => {
      window.removeEventListener("pagehide", leave);
      document.removeEventListener("visibilitychange", hidden);
      window.removeEventListener("online", again);
      window.removeEventListener("beforeunload", ask);
      void keeper.flush();
    };
  }, [keeper]);
  return { keeper, state };
}
