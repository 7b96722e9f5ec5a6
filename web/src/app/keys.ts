/**
 * The one list of keys. It makes the bindings, the `?` sheet and the tests. A binding acts only while some screen has
 * registered a handler for it, and never while the user types.
 */
import { useLayoutEffect, useRef } from "react";

export const CHORD_MS = 1500;
/** How long a screen may take to open before a command that waits for it is forgotten. */
const WANTED_MS = 5000;

const ANYWHERE = "Anywhere";

export const KEYS = [
  { id: "go.today", keys: "g t", label: "Today", group: "Go to" },
  { id: "go.households", keys: "g h", label: "Households", group: "Go to" },
  { id: "go.tasks", keys: "g k", label: "Tasks", group: "Go to" },
  { id: "go.loops", keys: "g l", label: "Open loops", group: "Go to" },
  { id: "go.imports", keys: "g i", label: "Imports", group: "Go to" },
  { id: "go.settings", keys: "g s", label: "Settings", group: "Go to" },
  { id: "go.audit", keys: "g u", label: "Audit", group: "Go to" },
  {
    id: "palette",
    keys: "Ctrl+k",
    label: "Search everything, and commands",
    group: "Anywhere",
    inDialog: true,
    whileTyping: true,
  },
  { id: "search", keys: "/", label: "Filter this page", group: "Anywhere" },
  { id: "create.menu", keys: "c", label: "Create a household, a task or a loop", group: "Anywhere" },
  { id: "actions", keys: ".", label: "Actions of the focused item", group: "Anywhere", inDialog: true },
  { id: "notifications", keys: "g n", label: "Notifications", group: "Go to" },
  { id: "feedback", keys: "F", label: "Send feedback", group: "Anywhere" },
  { id: "undo", keys: "u", label: "Undo my last change", group: "Anywhere" },
  { id: "why", keys: "w", label: "Why is the focused value what it is?", group: "Anywhere", inDialog: true },
  { id: "help", keys: "?", label: "Show the keys", group: "Anywhere" },
  // Before the rows' own keys: while a panel stands over the list, it is what moves.
  { id: "panel.next", keys: "j", label: "Next household", group: "Household panel", inDialog: true },
  { id: "panel.previous", keys: "k", label: "Previous household", group: "Household panel", inDialog: true },
  { id: "panel.after", keys: "]", label: "Next household", group: "Household panel", inDialog: true },
  { id: "panel.before", keys: "[", label: "Previous household", group: "Household panel", inDialog: true },
  { id: "panel.full", keys: "o", label: "Open the full page", group: "Household panel", inDialog: true },
  { id: "list.next", keys: "j", label: "Next row", group: "Lists" },
  { id: "list.previous", keys: "k", label: "Previous row", group: "Lists" },
  { id: "list.open", keys: "o", label: "Open the full page of the focused row", group: "Lists" },
  { id: "list.select", keys: "x", label: "Select the focused row", group: "Lists" },
  {
    id: "list.range",
    keys: "X",
    label: "Select from the last selected row to the focused one",
    group: "Lists",
  },
  { id: "list.all", keys: "Ctrl+a", label: "Select all that the filter leaves", group: "Lists" },
  { id: "list.clear", keys: "Escape", label: "Select nothing", group: "Lists" },
  { id: "create", keys: "c", label: "New household", group: "Households" },
  { id: "list.filter", keys: "f", label: "Build a filter", group: "Households" },
  { id: "list.views", keys: "v", label: "Go to the saved views", group: "Households" },
  { id: "list.edit", keys: "e", label: "Edit the focused household in the list", group: "Households" },
  { id: "list.tier1", keys: "1", label: "Set the first tier", group: "Households" },
  { id: "list.tier2", keys: "2", label: "Set the second tier", group: "Households" },
  { id: "list.tier3", keys: "3", label: "Set the third tier", group: "Households" },
  { id: "list.tier4", keys: "4", label: "Set the fourth tier", group: "Households" },
  { id: "record.note", keys: "n", label: "Write a note", group: "Household" },
  { id: "record.task", keys: "t", label: "Add a task", group: "Household" },
  { id: "record.loop", keys: "l", label: "Add an open loop", group: "Household" },
  { id: "record.edit", keys: "e", label: "Edit the focused value", group: "Household", inDialog: true },
  { id: "record.family", keys: "p", label: "The family: map and people", group: "Household" },
  { id: "record.more", keys: "m", label: "More actions", group: "Household" },
  { id: "record.known", keys: "y", label: "Show the household as it was known", group: "Household" },
  { id: "record.now", keys: "Escape", label: "Leave the past: back to now", group: "Household" },
  { id: "record.previous", keys: "[", label: "Previous household of the list", group: "Household" },
  { id: "record.next", keys: "]", label: "Next household of the list", group: "Household" },
  { id: "task.high", keys: "1", label: "High priority", group: "Tasks" },
  { id: "task.normal", keys: "2", label: "Normal priority", group: "Tasks" },
  { id: "task.low", keys: "3", label: "Low priority", group: "Tasks" },
  { id: "task.due", keys: "D", label: "When the task is due", group: "Tasks" },
  { id: "task.assign", keys: "a", label: "Who does the task", group: "Tasks" },
  { id: "task.snooze", keys: "z", label: "Put the task off", group: "Tasks" },
  { id: "task.remind", keys: "r", label: "When to be reminded of the task", group: "Tasks" },
  { id: "task.back", keys: "<", label: "A column back on the board", group: "Tasks" },
  { id: "task.on", keys: ">", label: "A column on, on the board", group: "Tasks" },
  { id: "loop.done", keys: "d", label: "Close the loop", group: "Open loops" },
  { id: "loop.waiting", keys: "w", label: "Waiting, or no longer", group: "Open loops" },
  { id: "loop.merge", keys: "m", label: "Merge with another loop", group: "Open loops" },
  { id: "audit.verify", keys: "v", label: "Verify the audit log", group: "Audit" },
  { id: "tab.1", keys: "1", label: "Overview", group: "Household" },
  { id: "tab.2", keys: "2", label: "Timeline", group: "Household" },
  { id: "tab.3", keys: "3", label: "Notes", group: "Household" },
  { id: "tab.4", keys: "4", label: "Tasks and loops", group: "Household" },
  { id: "tab.5", keys: "5", label: "Accounts", group: "Household" },
  { id: "tab.6", keys: "6", label: "Brain", group: "Household" },
  { id: "tab.7", keys: "7", label: "History", group: "Household" },
] as const satisfies readonly Binding[];

interface Binding {
  id: string;
  keys: string;
  label: string;
  group: string;
  /** Also acts inside a dialog or side panel. */
  inDialog?: boolean;
  /** Also acts while the user types. */
  whileTyping?: boolean;
}
export type KeyId = (typeof KEYS)[number]["id"];
type Handler = () => void;

interface KeyPress {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  target: EventTarget | null;
  defaultPrevented: boolean;
  isComposing?: boolean;
  preventDefault(): void;
}

function isTyping(target: EventTarget | null) {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target.closest("[contenteditable=true]")) return true;
  if (target instanceof HTMLInputElement) return target.type !== "checkbox" && target.type !== "radio";
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement;
}
const isInOverlay = (target: EventTarget | null) =>
  target instanceof Element && target.closest("[role=dialog],[role=menu],[role=alertdialog]") !== null;

/** Turns key presses into actions. The newest handler of a binding wins, so a panel can take a key over. */
export class KeyRouter {
  private readonly handlers = new Map<KeyId, Handler[]>();
  private wanted: { id: KeyId; until: number } | null = null;
  private pending: { prefix: string; until: number } | null = null;

  constructor(private readonly now: () => number = () => performance.now()) {}

  register(id: KeyId, handler: Handler) {
    const stack = this.handlers.get(id) ?? [];
    this.handlers.set(id, [...stack, handler]);
    if (this.wanted?.id === id) {
      if (this.now() <= this.wanted.until) queueMicrotask(handler);
      this.wanted = null;
    }
    return () => {
      const rest = (this.handlers.get(id) ?? []).filter((h) => h !== handler);
      if (rest.length > 0) this.handlers.set(id, rest);
      else this.handlers.delete(id);
    };
  }

  /** The bindings that would act now, for the key sheet. */
  active(): Binding[] {
    return KEYS.filter((binding) => this.handlers.has(binding.id));
  }

  /** Does what a key would do; answers whether somebody handles it. */
  run(id: KeyId) {
    const handler = this.handlers.get(id)?.at(-1);
    handler?.();
    return handler !== undefined;
  }

  /** Does it as soon as a screen that is about to open handles it. */
  runOnceHandled(id: KeyId) {
    this.wanted = { id, until: this.now() + WANTED_MS };
  }

  /** Answers whether the press was used. */
  press(event: KeyPress): boolean {
    if (event.defaultPrevented || event.altKey || event.isComposing) return false;
    if (event.key === "Shift") return false;
    const typing = isTyping(event.target);
    const prefix = this.pending && this.now() <= this.pending.until ? `${this.pending.prefix} ` : "";
    this.pending = null;
    // Ctrl, or Cmd on a Mac, belongs to the browser but for the bindings that name it.
    const held = event.ctrlKey || event.metaKey ? "Ctrl+" : "";
    const typed = held ? held + event.key.toLowerCase() : prefix + event.key;
    const usable = this.active().filter(
      (b) => (b.inDialog || !isInOverlay(event.target)) && (b.whileTyping || !typing),
    );
    // What a page does with a key comes before what the key does anywhere.
    const hits = usable.filter((b) => b.keys === typed);
    const hit = hits.find((b) => b.group !== ANYWHERE) ?? hits[0];
    if (hit) {
      event.preventDefault();
      this.handlers.get(hit.id as KeyId)?.at(-1)?.();
      return true;
    }
    if (usable.some((b) => b.keys.startsWith(`${typed} `))) {
      this.pending = { prefix: typed, until: this.now() + CHORD_MS };
      event.preventDefault();
      return true;
    }
    return false;
  }
}

export const keyRouter = new KeyRouter();

// In layout effects: a key that is pressed as soon as something is on screen acts on it.

/** Listens on the window. Mounted once, by the shell. */
export function useKeyListener() {
  useLayoutEffect(() => {
    const listener = (event: KeyboardEvent) => void keyRouter.press(event);
    window.addEventListener("keydown", listener);
    return () => window.removeEventListener("keydown", listener);
  }, []);
}

/** Binds `handler` to a key of the registry while the calling component is mounted and `enabled`. */
export function useKey(id: KeyId, handler: Handler, enabled = true) {
  const latest = useRef(handler);
  useLayoutEffect(() => {
    latest.current = handler;
  });
  useLayoutEffect(() => {
    if (!enabled) return;
    return keyRouter.register(id, () => latest.current());
  }, [id, enabled]);
}
