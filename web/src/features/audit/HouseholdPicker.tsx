import { useQuery } from "@tanstack/react-query";
import { useDeferredValue, useEffect, useId, useState } from "react";
import { householdQuery, householdSuggestionsQuery } from "@/api/queries/households";
import { Input, Labelled } from "@/ui/form";

/** A household by the name that is typed: the browser's own list of suggestions. */
export function HouseholdPicker({
  household,
  placeholder = "Any household",
  onPick,
}: {
  household: string | undefined;
  placeholder?: string;
  onPick: (id: string | undefined) => void;
}) {
  const list = useId();
  const known = useQuery({ ...householdQuery(household ?? ""), enabled: household !== undefined });
  const [typed, setTyped] = useState<string | null>(null);
  const q = useDeferredValue(typed?.trim() ?? "");
  const found = useQuery({ ...householdSuggestionsQuery(q), enabled: q.length > 1 });
  const suggestions = found.data?.items ?? [];
  const chosen = typed === null ? undefined : suggestions.find((h) => h.name === typed)?.id;
  useEffect(() => {
    if (chosen && chosen !== household) onPick(chosen);
  });
  const take = (text: string) => {
    setTyped(text);
    if (text === "") onPick(undefined);
  };
  return (
    <Labelled label="Household">
      {({ id }) => (
        <>
          <Input
            id={id}
            type="search"
            list={list}
            placeholder={placeholder}
            value={typed ?? known.data?.household.name ?? ""}
            onChange={(e) => take(e.target.value)}
          />
          <datalist id={list}>
            {suggestions.map((h) => (
              <option key={h.id} value={h.name} />
            ))}
          </datalist>
        </>
      )}
    </Labelled>
  );
}
