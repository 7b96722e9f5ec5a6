import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { teamsQuery } from "@/api/queries/session";
import { changeMember, changeUser, inviteUser, type UserAccess, uninviteUser } from "@/api/queries/settings";
import type { Role } from "@/api/types";
import { useMe } from "@/features/auth";
import { ago, moment } from "@/lib/dates";
import { plural, ROLES } from "@/lib/words";
import { Button } from "@/ui/button";
import { Checkbox, Labelled, Select } from "@/ui/form";
import { Sheet } from "@/ui/overlay";
import { ProblemLine } from "@/ui/states";
import { IdentityList } from "./IdentityList";
import { InviteLink } from "./InviteLink";
import { useChange } from "./useChange";

/** One colleague: role, teams, ways in. Each change is made at once. */
export function UserSheet({ person, onClose }: { person: UserAccess; onClose: () => void }) {
  const me = useMe();
  const self = me?.user.id === person.id;
  const { run, busy, problem } = useChange();
  const setRole = (role: Role) =>
    run(() => changeUser(person.id, { role }), `${person.name} is ${ROLES[role]} now.`);
  const setActive = (active: boolean) =>
    run(
      () => changeUser(person.id, { active }),
      active ? `${person.name} may sign in again.` : `${person.name} is signed out everywhere.`,
    );
  return (
    <Sheet open onOpenChange={(open) => !open && onClose()} title={person.name} description={person.email}>
      <div className="flex flex-col gap-6 p-5">
        <ProblemLine error={problem} />
        <p className="text-sm text-ink-2">
          {person.last_seen_at ? (
            <>
              Last here{" "}
              <time dateTime={person.last_seen_at} title={moment(person.last_seen_at)}>
                {ago(person.last_seen_at)}
              </time>
              .
            </>
          ) : (
            "Never signed in."
          )}
        </p>
        <Labelled
          label="Role"
          hint={self ? "Another firm admin changes your own role." : "Counts from their next request on."}
        >
          {({ id, describedBy }) => (
            <Select
              id={id}
              aria-describedby={describedBy}
              disabled={self || busy}
              value={person.role}
              onChange={(e) => void setRole(e.target.value as Role)}
            >
              {Object.entries(ROLES).map(([value, label]) => (
                <option key={value} value={value}>
                  {label}
                </option>
              ))}
            </Select>
          )}
        </Labelled>
        <TeamChoices person={person} />
        <WayIn person={person} />
        {!self && (
          <section aria-label="Access" className="border-t border-line pt-5">
            <Button
              variant={person.active ? "danger" : "outline"}
              disabled={busy}
              onClick={() => void setActive(!person.active)}
            >
              {person.active ? "Deactivate" : "Activate"}
            </Button>
            <p className="mt-2 text-sm text-ink-2">
              {person.active
                ? "Ends their sessions, API keys and invitations at once. What they wrote stays theirs; open tasks stay assigned to them until somebody takes them over."
                : "They may sign in again with the ways in below their name. Old sessions and keys stay ended."}
            </p>
          </section>
        )}
      </div>
    </Sheet>
  );
}

/** The teams, each with what joining or leaving it means before it is done. */
function TeamChoices({ person }: { person: UserAccess }) {
  const teams = useQuery(teamsQuery).data?.items ?? [];
  const { run, busy, problem } = useChange();
  const [asked, setAsked] = useState<{
    team: string;
    name: string;
    member: boolean;
    households: number;
  } | null>(null);
  const ask = async (team: string, name: string, member: boolean) => {
    const would = await run(() => changeMember(team, person.id, member, true));
    if (would) setAsked({ team, name, member, households: would.households });
  };
  const change = async () => {
    if (!asked) return;
    await run(
      () => changeMember(asked.team, person.id, asked.member, false),
      asked.member ? `${person.name} is in ${asked.name} now.` : `${person.name} has left ${asked.name}.`,
    );
    setAsked(null);
  };
  return (
    <fieldset>
      <legend className="mb-2 text-sm font-medium">Teams</legend>
      <ProblemLine error={problem} />
      <ul className="flex flex-col gap-1">
        {teams.map((team) => (
          <li key={team.id}>
            {/* biome-ignore lint/a11y/noLabelWithoutControl: the control inside is a component */}
            <label className="flex min-h-8 items-center gap-2.5">
              <Checkbox
                checked={person.team_ids.includes(team.id)}
                disabled={busy}
                onChange={(e) => void ask(team.id, team.name, e.target.checked)}
              />
              {team.name}
            </label>
          </li>
        ))}
      </ul>
      {asked && (
        <div role="alertdialog" aria-label="Confirm the change" className="mt-3 rounded-md bg-warn-soft p-3">
          <p className="text-sm text-warn">
            {asked.member ? "In" : "Without"} {asked.name}, {person.name} sees{" "}
            {asked.households === 0
              ? "the same households as now"
              : `${plural(asked.households, "household")} ${asked.member ? "more" : "fewer"}`}
            , from their next click on.
          </p>
          <div className="mt-3 flex gap-2">
            <Button size="sm" variant="primary" disabled={busy} onClick={() => void change()}>
              {asked.member ? "Add to the team" : "Take out of the team"}
            </Button>
            <Button size="sm" variant="ghost" onClick={() => setAsked(null)}>
              Cancel
            </Button>
          </div>
        </div>
      )}
    </fieldset>
  );
}

function WayIn({ person }: { person: UserAccess }) {
  const { run, busy, problem } = useChange();
  const [link, setLink] = useState<{ code: string; expires_at: string } | null>(null);
  const invite = async () => {
    const made = await run(() => inviteUser(person.id));
    if (made) setLink(made);
  };
  const uninvite = async () => {
    setLink(null);
    await run(() => uninviteUser(person.id), "The invitation is good no more.");
  };
  return (
    <section aria-label="Ways in" className="flex flex-col gap-3">
      <h3 className="text-sm font-medium">Ways in</h3>
      <ProblemLine error={problem} />
      <IdentityList person={person} />
      {link && <InviteLink code={link.code} expiresAt={link.expires_at} />}
      {person.active && (
        <div className="flex flex-wrap items-center gap-2">
          <Button size="sm" disabled={busy} onClick={() => void invite()}>
            {person.invited_until || person.identities.length > 0 ? "Make a new link" : "Make a link"}
          </Button>
          {person.invited_until && (
            <>
              <Button size="sm" variant="ghost" disabled={busy} onClick={() => void uninvite()}>
                Take the invitation back
              </Button>
              <p className="w-full text-sm text-ink-2">Invited until {moment(person.invited_until)}.</p>
            </>
          )}
        </div>
      )}
    </section>
  );
}
