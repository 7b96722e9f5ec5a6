import { useQuery } from "@tanstack/react-query";
import { UserPlus } from "lucide-react";
import { useState } from "react";
import { teamsQuery } from "@/api/queries/session";
import { type UserAccess, userAccessQuery } from "@/api/queries/settings";
import { ago, moment } from "@/lib/dates";
import { ROLES } from "@/lib/words";
import { Button } from "@/ui/button";
import { Badge, Card } from "@/ui/card";
import { Monogram } from "@/ui/monogram";
import { Failure, Loading, SkeletonCard } from "@/ui/states";
import { Changes } from "./Changes";
import { InviteDialog } from "./InviteDialog";
import { Page } from "./Page";
import { TeamsCard } from "./TeamsCard";
import { UserSheet } from "./UserSheet";

/** Who may sign in, in which role, and which teams see which households. */
export function PeoplePage() {
  const access = useQuery(userAccessQuery);
  const [inviting, setInviting] = useState(false);
  const [openId, setOpenId] = useState<string | null>(null);
  const people = access.data?.items ?? [];
  const open = people.find((p) => p.id === openId);
  return (
    <Page
      title="People & teams"
      about="Who may sign in and as what. A household belongs to one team; whoever is in the team sees it."
      action={
        <Button variant="primary" onClick={() => setInviting(true)}>
          <UserPlus />
          Invite somebody
        </Button>
      }
    >
      {access.isPending && (
        <Loading label="Loading people">
          <SkeletonCard rows={5} />
        </Loading>
      )}
      <Failure of={access} />
      {access.data && (
        <Card id="people" title="People">
          <ul aria-label="People" className="pb-2">
            {people.map((person) => (
              <PersonRow key={person.id} person={person} onOpen={() => setOpenId(person.id)} />
            ))}
          </ul>
        </Card>
      )}
      {access.data && <TeamsCard people={people} />}
      <Changes about={["user", "role", "invite", "identity", "team"]} people={people} />
      {inviting && <InviteDialog onClose={() => setInviting(false)} />}
      {open && <UserSheet person={open} onClose={() => setOpenId(null)} />}
    </Page>
  );
}

function PersonRow({ person, onOpen }: { person: UserAccess; onOpen: () => void }) {
  const teams = useQuery(teamsQuery).data?.items ?? [];
  const names = teams.filter((t) => person.team_ids.includes(t.id)).map((t) => t.name);
  return (
    <li className="border-t border-line first:border-0">
      <button
        type="button"
        onClick={onOpen}
        className="flex w-full items-center gap-4 px-5 py-3 text-left hover:bg-sunken focus-visible:outline-2 focus-visible:-outline-offset-2 focus-visible:outline-[var(--mf-focus)]"
      >
        <Monogram name={person.name} />
        <span className="min-w-0 flex-1 @2xl:flex-2">
          <span className="flex flex-wrap items-center gap-x-2 gap-y-1">
            <span className="truncate font-medium">{person.name}</span>
            <StateBadge person={person} />
          </span>
          <span className="block truncate text-sm text-ink-2">{person.email}</span>
          <span className="block truncate text-sm text-ink-2 @2xl:hidden">{ROLES[person.role]}</span>
        </span>
        <span className="hidden w-32 text-ink-2 @2xl:block">{ROLES[person.role]}</span>
        <span className="hidden min-w-0 flex-1 truncate text-ink-2 @2xl:block">
          {names.join(", ") || "No team"}
        </span>
        <span className="hidden w-28 text-right text-sm text-ink-3 @2xl:block">
          {person.last_seen_at ? (
            <time dateTime={person.last_seen_at} title={moment(person.last_seen_at)}>
              {ago(person.last_seen_at)}
            </time>
          ) : (
            "Never here"
          )}
        </span>
      </button>
    </li>
  );
}

/** Only what is out of the ordinary is marked. */
function StateBadge({ person }: { person: UserAccess }) {
  if (!person.active) return <Badge>Inactive</Badge>;
  if (person.invited_until) return <Badge tone="info">Invited</Badge>;
  if (person.identities.length === 0) return <Badge tone="warn">No way in</Badge>;
  return null;
}
