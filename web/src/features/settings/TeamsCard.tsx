import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { teamsQuery } from "@/api/queries/session";
import { createTeam, renameTeam, type Team, teamSizesQuery, type UserAccess } from "@/api/queries/settings";
import { plural } from "@/lib/words";
import { Button } from "@/ui/button";
import { Card } from "@/ui/card";
import { Input, Labelled } from "@/ui/form";
import { Dialog } from "@/ui/overlay";
import { ProblemLine } from "@/ui/states";
import { MoveDialog } from "./MoveDialog";
import { useChange } from "./useChange";

/** The teams with who is in them and how many households they have. */
export function TeamsCard({ people }: { people: UserAccess[] }) {
  const teams = useQuery(teamsQuery).data?.items ?? [];
  const sizes = useQuery(teamSizesQuery).data?.items ?? [];
  const [naming, setNaming] = useState<Team | "new" | null>(null);
  const [moving, setMoving] = useState<Team | null>(null);
  const size = (team: Team) => sizes.find((s) => s.team_id === team.id)?.households ?? 0;
  const members = (team: Team) => people.filter((p) => team.member_ids.includes(p.id)).map((p) => p.name);
  return (
    <Card
      id="teams"
      title="Teams"
      action={
        <Button size="sm" onClick={() => setNaming("new")}>
          New team
        </Button>
      }
    >
      <ul aria-label="Teams" className="px-5 pb-4">
        {teams.map((team) => (
          <li
            key={team.id}
            className="flex flex-wrap items-center gap-x-4 gap-y-2 border-t border-line py-3 first:border-0"
          >
            <div className="min-w-48 flex-1">
              <p className="font-medium break-words">{team.name}</p>
              <p className="text-sm text-ink-2">
                {members(team).join(", ") || "Nobody yet"} · {plural(size(team), "household")}
              </p>
            </div>
            <div className="flex gap-2">
              <Button size="sm" aria-label={`Rename ${team.name}`} onClick={() => setNaming(team)}>
                Rename
              </Button>
              {size(team) > 0 && (
                <Button
                  size="sm"
                  aria-label={`Move households of ${team.name}`}
                  onClick={() => setMoving(team)}
                >
                  Move households
                </Button>
              )}
            </div>
          </li>
        ))}
      </ul>
      <p className="border-t border-line px-5 py-3 text-sm text-ink-3">
        Open a person above to put them into a team or take them out.
      </p>
      {naming && <NameDialog team={naming === "new" ? null : naming} onClose={() => setNaming(null)} />}
      {moving && <MoveDialog from={moving} teams={teams} onClose={() => setMoving(null)} />}
    </Card>
  );
}

function NameDialog({ team, onClose }: { team: Team | null; onClose: () => void }) {
  const { run, busy, problem } = useChange();
  const [name, setName] = useState(team?.name ?? "");
  const [key] = useState(() => crypto.randomUUID());
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const done = team
      ? await run(() => renameTeam(team.id, name), "Team renamed.")
      : await run(() => createTeam(name, key), `Team ${name} made. Put people into it.`);
    if (done) onClose();
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={team ? `Rename ${team.name}` : "New team"}
    >
      <form onSubmit={(e) => void submit(e)} className="flex flex-col gap-4 p-5">
        <ProblemLine error={problem} />
        <Labelled label="Name" required error={problem?.fieldErrors.name}>
          {({ id }) => (
            <Input
              id={id}
              required
              maxLength={200}
              autoFocus
              value={name}
              onChange={(e) => setName(e.target.value)}
            />
          )}
        </Labelled>
        <div className="flex justify-end gap-2">
          <Button variant="ghost" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" variant="primary" disabled={busy}>
            {team ? "Rename" : "Make team"}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
