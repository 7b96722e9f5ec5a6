import { Search } from "lucide-react";
import { useState } from "react";
import type { EditsFilter } from "@/api/queries/record";
import { useUserOptions } from "@/api/queries/user-options";
import { useKey } from "@/app/keys";
import { endOfDay, startOfDay } from "@/lib/dates";
import { Input, Select } from "@/ui/form";

/** What is chosen above a timeline; days as they are typed. */
export interface Choice {
  user: string;
  from: string;
  to: string;
  text: string;
  oldest: boolean;
}
export const NOTHING: Choice = { user: "", from: "", to: "", text: "", oldest: false };

/** The order stays as it was chosen until the app is left. */
let oldestFirst = false;

export function useChoice() {
  const [choice, setChoice] = useState<Choice>({ ...NOTHING, oldest: oldestFirst });
  const set = (change: Partial<Choice>) => {
    if (change.oldest !== undefined) oldestFirst = change.oldest;
    setChoice((c) => ({ ...c, ...change }));
  };
  return [choice, set] as const;
}

/** The part of the choice that the server is asked for. Text stays here: it names clients, and addresses are kept in logs. */
export function wire({ user, from, to, oldest }: Choice): EditsFilter {
  return {
    ...(user ? { user_id: user } : {}),
    ...(from ? { from: startOfDay(from) } : {}),
    ...(to ? { until: endOfDay(to) } : {}),
    ...(oldest ? { oldest_first: true } : {}),
  };
}

/** Who, when, which words, and the order. */
export function EditFilters({
  choice,
  onChange,
}: {
  choice: Choice;
  onChange: (change: Partial<Choice>) => void;
}) {
  const users = useUserOptions();
  const [box, setBox] = useState<HTMLInputElement | null>(null);
  useKey("search", () => box?.focus());
  const day = (label: string, name: "from" | "to") => (
    // biome-ignore lint/a11y/noLabelWithoutControl: the control inside is a component
    <label className="flex items-center gap-2 text-sm text-ink-2">
      {label}
      <Input
        type="date"
        className="w-38"
        value={choice[name]}
        onChange={(e) => onChange({ [name]: e.target.value })}
      />
    </label>
  );
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
      <label className="flex h-9 min-w-44 flex-1 items-center gap-2 rounded-md border border-control bg-surface px-3 focus-within:outline-2 focus-within:outline-offset-1 focus-within:outline-[var(--mf-focus)]">
        <Search aria-hidden className="size-4 shrink-0 text-ink-3" />
        <input
          ref={setBox}
          type="search"
          autoComplete="off"
          aria-label="Search the timeline"
          placeholder="Search the timeline"
          maxLength={200}
          value={choice.text}
          onChange={(e) => onChange({ text: e.target.value })}
          className="min-w-0 flex-1 bg-transparent outline-none placeholder:text-ink-3"
        />
      </label>
      <Select
        aria-label="Who"
        className="w-auto"
        value={choice.user}
        onChange={(e) => onChange({ user: e.target.value })}
      >
        <option value="">Everyone</option>
        {users.map(([id, name]) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </Select>
      {day("From", "from")}
      {day("To", "to")}
      <Select
        aria-label="Order"
        className="w-auto"
        value={choice.oldest ? "oldest" : "newest"}
        onChange={(e) => onChange({ oldest: e.target.value === "oldest" })}
      >
        <option value="newest">Newest first</option>
        <option value="oldest">Oldest first</option>
      </Select>
    </div>
  );
}
