import { X } from "lucide-react";
import { useEffect, useRef, useSyncExternalStore } from "react";
import { Button, IconButton } from "./button";

interface Toast {
  id: number;
  text: string;
  tone: "plain" | "error";
  action?: { label: string; run: () => void };
}
const LIFE_MS = 10_000;
const MOST = 3;
let toasts: readonly Toast[] = [];
let nextId = 1;
const listeners = new Set<() => void>();

function set(next: readonly Toast[]) {
  toasts = next;
  for (const listener of listeners) listener();
}
const dismiss = (id: number) => set(toasts.filter((t) => t.id !== id));

/** Tells the user what happened, for ten seconds, with at most one thing to do about it. */
export function toast(text: string, options: { action?: Toast["action"]; tone?: Toast["tone"] } = {}) {
  const id = nextId++;
  set([...toasts, { id, text, tone: options.tone ?? "plain", action: options.action }].slice(-MOST));
  return () => dismiss(id);
}

export const clearToasts = () => set([]);

/** Where toasts appear: on a phone over the top bar, so that what was acted on is seen. Rendered once, by the shell. */
export function Toaster() {
  const items = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => toasts,
  );
  return (
    <section
      aria-label="Messages"
      aria-live="polite"
      className="pointer-events-none fixed top-2 right-4 left-4 z-60 flex flex-col items-start gap-2 md:top-auto md:right-auto md:bottom-4 md:left-62 md:w-96"
    >
      {items.map((item) => (
        <ToastCard key={item.id} item={item} />
      ))}
    </section>
  );
}

function ToastCard({ item }: { item: Toast }) {
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const start = () => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => dismiss(item.id), LIFE_MS);
  };
  const hold = () => clearTimeout(timer.current);
  // biome-ignore lint/correctness/useExhaustiveDependencies: one timer per toast, started when it appears
  useEffect(() => {
    start();
    return hold;
  }, []);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: reading a message keeps it there; nothing here is pressed
    <div
      data-testid="toast"
      onPointerEnter={hold}
      onPointerLeave={start}
      onFocus={hold}
      onBlur={start}
      className="pointer-events-auto flex w-full items-center gap-2 rounded-lg border border-line bg-raised py-2 pr-2 pl-4 shadow-2 animate-[mf-in_.16s_ease-out]"
    >
      <p className={item.tone === "error" ? "flex-1 text-neg" : "flex-1"}>{item.text}</p>
      {item.action && (
        <Button
          size="sm"
          onClick={() => {
            dismiss(item.id);
            item.action?.run();
          }}
        >
          {item.action.label}
        </Button>
      )}
      <IconButton label="Dismiss message" onClick={() => dismiss(item.id)}>
        <X />
      </IconButton>
    </div>
  );
}
