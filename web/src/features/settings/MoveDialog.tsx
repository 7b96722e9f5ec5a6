import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { householdsOfTeam, moveHouseholds, type Team, undoRequest } from "@/api/queries/settings";
import { offerUndo } from "@/features/edits/shell";
import { plural } from "@/lib/words";
import { Button } from "@/ui/button";
import { Checkbox, Labelled, Select } from "@/ui/form";
import { Dialog } from "@/ui/overlay";
import { ErrorState, Loading, ProblemLine, Skeleton } from "@/ui/states";
import { useChange } from "./useChange";

/** One request moves at most so many. */
const MOST = 1_000;

async function all(team: string) {
  const found: { id: string; name: string }[] = [];
  let cursor: string | undefined;
  do {
    const page = await householdsOfTeam(team, cursor);
    found.push(...page.items.map(({ id, name }) => ({ id, name })));
    cursor = page.next_cursor ?? undefined;
  } while (cursor && found.length < MOST);
  return found.slice(0, MOST);
}

/** Moves households from one team to another. Says before who sees them then; one undo takes all of it back. */
export function MoveDialog({ from, teams, onClose }: { from: Team; teams: Team[]; onClose: () => void }) {
  const { run, busy, problem, renew } = useChange();
  const households = useQuery({
    queryKey: ["households", "of-team", from.id],
    queryFn: () => all(from.id),
    staleTime: 0,
  });
  const others = teams.filter((t) => t.id !== from.id);
  const [to, setTo] = useState(others[0]?.id ?? "");
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const ids = (households.data ?? []).map((h) => h.id).filter((id) => !left.has(id));
  const target = others.find((t) => t.id === to);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const done = await run(() => moveHouseholds(ids, to));
    if (!done) return;
    offerUndo(`${plural(done.changed, "household")} moved to ${target?.name}.`, async () => {
      await undoRequest(done.request_id);
      await renew();
    });
    onClose();
  };
  const toggle = (id: string) => {
    const next = new Set(left);
    if (!next.delete(id)) next.add(id);
    setLeft(next);
  };
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={`Move households of ${from.name}`}>
      <form onSubmit={(e) => void submit(e)} className="flex flex-col gap-4 p-5">
        <ProblemLine error={problem} />
        <Labelled label="To the team">
          {({ id }) => (
            <Select id={id} value={to} onChange={(e) => setTo(e.target.value)}>
              {others.map((team) => (
                <option key={team.id} value={team.id}>
                  {team.name}
                </option>
              ))}
            </Select>
          )}
        </Labelled>
        {households.isPending && (
          <Loading label="Loading households">
            <Skeleton className="h-24 w-full" />
          </Loading>
        )}
        {households.isError && <ErrorState error={households.error} />}
        {households.data && (
          <fieldset>
            <legend className="mb-1 text-sm font-medium">
              {ids.length} of {plural(households.data.length, "household")}
            </legend>
            <ul className="max-h-64 overflow-y-auto rounded-md border border-line px-3 py-1">
              {households.data.map((household) => (
                <li key={household.id}>
                  {/* biome-ignore lint/a11y/noLabelWithoutControl: the control inside is a component */}
                  <label className="flex min-h-8 items-center gap-2.5">
                    <Checkbox checked={!left.has(household.id)} onChange={() => toggle(household.id)} />
                    {household.name}
                  </label>
                </li>
              ))}
            </ul>
          </fieldset>
        )}
        {target && (
          <p className="rounded-md bg-warn-soft px-3 py-2 text-sm text-warn">
            Who is in {target.name} sees {ids.length === 1 ? "it" : "them"} from now on; who is only in{" "}
            {from.name} does not any more.
          </p>
        )}
        <div className="flex justify-end gap-2">
          <Button variant="ghost" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" variant="primary" disabled={busy || ids.length === 0 || !target}>
            Move {plural(ids.length, "household")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
