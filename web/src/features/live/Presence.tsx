import { useEffect, useRef } from "react";
import { client, take } from "@/api/client";
import type { Present } from "@/api/types";
import { usePresent } from "./store";

/** Presence lasts 30 s on the server. */
const REPEAT_MS = 15_000;

function say(household_id: string | null, focus: string | null) {
  // Whether it arrives does not matter to whoever says it.
  // `keepalive`: the last word is sent by a page that is going away.
  take(client.PUT("/api/presence", { body: { household_id, focus }, keepalive: true })).catch(
    () => undefined,
  );
}

/** What the caret is in, such as `households/ID/stage`; null when nothing is being edited. */
function focusOf(element: Element | null): string | null {
  if (!element?.matches("input, textarea, select")) return null;
  if (element.closest("form[aria-label='New note']")) return "notes/new";
  return element.closest("[data-why]")?.getAttribute("data-why")?.slice(0, 80) ?? null;
}

/** Tells colleagues that this household is open here, and what is being edited in it. */
export function useAppear(householdId: string) {
  const said = useRef<string | null>(null);
  useEffect(() => {
    const tell = () => {
      if (document.visibilityState !== "visible") return;
      said.current = focusOf(document.activeElement);
      say(householdId, said.current);
    };
    const moved = () => {
      if (focusOf(document.activeElement) !== said.current) tell();
    };
    const hidden = () => (document.visibilityState === "visible" ? tell() : say(null, null));
    tell();
    const timer = setInterval(tell, REPEAT_MS);
    // Focus settles after the event that moves it.
    const later = () => setTimeout(moved);
    document.addEventListener("focusin", later);
    document.addEventListener("focusout", later);
    document.addEventListener("visibilitychange", hidden);
    const gone = () => say(null, null);
    window.addEventListener("pagehide", gone);
    return () => {
      clearInterval(timer);
      document.removeEventListener("focusin", later);
      document.removeEventListener("focusout", later);
      document.removeEventListener("visibilitychange", hidden);
      window.removeEventListener("pagehide", gone);
      say(null, null);
    };
  }, [householdId]);
}

/** `Matt Kestrel is writing a note`, as a sentence. */
export function presenceLine({ user_name, focus }: Pick<Present, "user_name" | "focus">) {
  if (!focus) return `${user_name} is here`;
  if (focus === "notes/new") return `${user_name} is writing a note`;
  if (focus.startsWith("notes/")) return `${user_name} is editing a note`;
  const field = focus.split("/")[2]?.replaceAll("_", " ");
  return field ? `${user_name} is editing ${field}` : `${user_name} is editing`;
}

/** Who else has this household open. */
export function Presence({ householdId }: { householdId: string }) {
  useAppear(householdId);
  const here = usePresent().filter((p) => p.household_id === householdId);
  return (
    <ul
      aria-live="polite"
      aria-label="Also here"
      className="flex flex-wrap gap-x-4 gap-y-1 text-sm text-ink-2"
    >
      {here.map((p) => (
        <li key={p.user_id} className="flex items-center gap-2">
          <span aria-hidden className="size-1.5 rounded-full bg-brand" />
          {presenceLine(p)}
        </li>
      ))}
    </ul>
  );
}
