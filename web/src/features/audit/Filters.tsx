import { useQuery } from "@tanstack/react-query";
import { X } from "lucide-react";
import { usersQuery } from "@/api/queries/session";
import { Button } from "@/ui/button";
import { Input, Labelled, Select } from "@/ui/form";
import { isFiltered, KINDS } from "./filter";
import { HouseholdPicker } from "./HouseholdPicker";
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
            {WHATS.map((what) => (
              <option key={what} value={what}>
                {KINDS[what].name}
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
      {isFiltered(search) && (
        <Button variant="ghost" className="col-span-2 self-end @3xl:col-span-1" onClick={onClear}>
          <X />
          Clear
        </Button>
      )}
    </form>
  );
}
