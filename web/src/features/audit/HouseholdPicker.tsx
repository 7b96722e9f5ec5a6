import { useQuery } from "@tanstack/react-query";
import { useDeferredValue, useEffect, useId, useState } from "react";
import { householdQuery, householdSuggestionsQuery } from "@/api/queries/households";
import { Input, Labelled } from "@/ui/form";

interface Props {
  household: string | undefined;
  placeholder?: string;
  /** Takes a choice back as soon as something else stands in the field: for what cannot be undone. */
  strict?: boolean;
  autoFocus?: boolean;
  onPick: (id: string | undefined) => void;
}

/** A household by the name that is typed: the browser's own list of suggestions. Namesakes are told apart by their people. */
export function HouseholdPicker({
  household,
  placeholder = "Any household",
  strict,
  autoFocus,
  onPick,
}: Props) {
  const list = useId();
  const known = useQuery({ ...householdQuery(household ?? ""), enabled: household !== undefined && !strict });
  const [typed, setTyped] = useState<string | null>(null);
  const q = useDeferredValue(typed?.trim() ?? "");
  const found = useQuery({ ...householdSuggestionsQuery(q.split(" · ")[0] ?? q), enabled: q.length > 1 });
  const suggestions = labelled(found.data?.items ?? []);
  const chosen = typed === null ? undefined : suggestions.find((s) => s.label === typed)?.id;
  useEffect(() => {
    if (chosen !== household && (chosen || (strict && typed !== null))) onPick(chosen);
  });
  const take = (text: string) => {
    setTyped(text);
    if (text === "") onPick(undefined);
  };
  return (
    <Labelled
      label="Household"
      hint={strict && typed && !chosen ? "Choose one of the suggestions." : undefined}
    >
      {({ id, describedBy }) => (
        <>
          <Input
            id={id}
            type="search"
            autoFocus={autoFocus}
            list={list}
            aria-describedby={describedBy}
            placeholder={placeholder}
            value={typed ?? known.data?.household.name ?? ""}
            onChange={(e) => take(e.target.value)}
          />
          <datalist id={list}>
            {suggestions.map((s) => (
              <option key={s.id} value={s.label} />
            ))}
          </datalist>
        </>
      )}
    </Labelled>
  );
}

/** Each with a label of its own: the name, and where two share it who and where they are. */
function labelled(
  found: readonly { id: string; name: string; primary_name: string | null; city: string | null }[],
) {
  return found.map((home) => {
    const shared = found.some((other) => other.id !== home.id && other.name === home.name);
    const more = [home.primary_name, home.city, home.id.slice(-6)].filter(Boolean).join(", ");
    return { id: home.id, label: shared ? `${home.name} · ${more}` : home.name };
  });
}
