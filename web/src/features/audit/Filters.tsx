import { useQuery } from "@tanstack/react-query";
import { X } from "lucide-react";
import { useDeferredValue, useEffect, useId, useState } from "react";
import { householdQuery, householdSuggestionsQuery } from "@/api/queries/households";
import { usersQuery } from "@/api/queries/session";
import { Button } from "@/ui/button";
import { Input, Labelled, Select } from "@/ui/form";
import { type AuditSearch, WHATS } from "./search";

interface Props {
  search: AuditSearch;
  onChange: (change: Partial<AuditSearch>) => void;
  onClear: () => void;
}

/** Who, what, which household, when. */
export function Filters({ search, onChange, onClear }: Props) {
  const users = useQuery(usersQuery);
  return (
    <form
      aria-label="Filters"
      className="grid grid-cols-2 gap-3 @3xl:grid-cols-[1fr_1fr_1.4fr_auto_auto_auto]"
      onSubmit={(e) => e.preventDefault()}
    >
      <Labelled label="Who">
        {({ id }) => (
          <Select
            id={id}
            value={search.who ?? ""}
            onChange={(e) => onChange({ who: e.target.value || undefined })}
          >
            <option value="">Anybody</option>
            {users.data?.items.map((user) => (
              <option key={user.id} value={user.id}>
                {user.name}
              </option>
            ))}
          </Select>
        )}
      </Labelled>
      <Labelled label="What">
        {({ id }) => (
          <Select
            id={id}
            value={search.what ?? ""}
            onChange={(e) => onChange({ what: (e.target.value || undefined) as AuditSearch["what"] })}
          >
            <option value="">Anything</option>
            {WHATS.map(([value, label]) => (
              <option key={value} value={value}>
                {label}
              </option>
            ))}
          </Select>
        )}
      </Labelled>
      <div className="col-span-2 @3xl:col-span-1">
        <HouseholdPicker
          key={search.household ?? "any"}
          household={search.household}
          onPick={(household) => onChange({ household })}
        />
      </div>
      <Labelled label="From">
        {({ id }) => (
          <Input
            id={id}
            type="date"
            value={search.from ?? ""}
            onChange={(e) => onChange({ from: e.target.value || undefined })}
          />
        )}
      </Labelled>
      <Labelled label="To">
        {({ id }) => (
          <Input
            id={id}
            type="date"
            value={search.to ?? ""}
            onChange={(e) => onChange({ to: e.target.value || undefined })}
          />
        )}
      </Labelled>
      {Object.keys(search).length > 0 && (
        <Button variant="ghost" className="col-span-2 self-end @3xl:col-span-1" onClick={onClear}>
          <X />
          Clear
        </Button>
      )}
    </form>
  );
}

/** A household by the name that is typed: the browser's own list of suggestions. */
function HouseholdPicker({
  household,
  onPick,
}: {
  household: string | undefined;
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
            placeholder="Any household"
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
