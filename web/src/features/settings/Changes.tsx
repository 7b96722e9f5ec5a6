import { useQuery } from "@tanstack/react-query";
import { teamsQuery } from "@/api/queries/session";
import { type SettingsEvent, settingsChangesQuery, type UserAccess } from "@/api/queries/settings";
import { ago, moment } from "@/lib/dates";
import { plural, ROLES } from "@/lib/words";
import { Card } from "@/ui/card";

const SHOWN = 8;

/** What happened lately on this page, in words. Nothing is shown where nothing happened. */
export function Changes({ about, people = [] }: { about: string[]; people?: UserAccess[] }) {
  const changes = useQuery(settingsChangesQuery);
  const teams = useQuery(teamsQuery).data?.items ?? [];
  const nameOf = (id: unknown) =>
    people.find((p) => p.id === id)?.name ?? teams.find((t) => t.id === id)?.name ?? "somebody";
  const items = (changes.data?.items ?? []).filter((e) => about.includes(e.kind.split(".")[0] ?? ""));
  if (items.length === 0) return null;
  return (
    <Card id="changes" title="Changes">
      <ul className="px-5 pb-4">
        {items.slice(0, SHOWN).map((event) => (
          <li
            key={event.id}
            className="flex flex-wrap items-baseline gap-x-3 border-t border-line py-2 first:border-0"
          >
            <span className="min-w-0 flex-1 break-words">
              <span className="font-medium">{event.user_name ?? "Somebody"}</span> {words(event, nameOf)}
            </span>
            <time dateTime={event.at} title={moment(event.at)} className="text-sm text-ink-3">
              {ago(event.at)}
            </time>
          </li>
        ))}
      </ul>
    </Card>
  );
}

const roleOf = (value: unknown) => ROLES[value as keyof typeof ROLES] ?? "somebody";

/** An event as the end of a sentence that begins with who did it. */
export function words({ kind, entity_id, detail }: SettingsEvent, nameOf: (id: unknown) => string): string {
  const who = nameOf(entity_id);
  const households = Number(detail.households ?? 0);
  const seen = households > 0 ? ` (${plural(households, "household")})` : "";
  switch (kind) {
    case "user.created":
      return `added ${who} as ${roleOf(detail.role)}`;
    case "user.changed":
      return `changed the name or e-mail address of ${who}`;
    case "user.deactivated":
      return `deactivated ${who}`;
    case "user.activated":
      return `activated ${who}`;
    case "role.changed":
      return `made ${who} ${roleOf(detail.role)}, who was ${roleOf(detail.from)}`;
    case "invite.created":
      return `invited ${who}`;
    case "invite.revoked":
      return `took back the invitation of ${who}`;
    case "invite.accepted":
      return "joined by invitation";
    case "identity.linked":
      return `linked an identity to ${who}`;
    case "identity.removed":
      return `removed an identity of ${who}`;
    case "team.created":
      return `made the team ${who}`;
    case "team.renamed":
      return `renamed the team ${who}`;
    case "team.member_added":
      return `put ${nameOf(detail.user_id)} into ${who}${seen}`;
    case "team.member_removed":
      return `took ${nameOf(detail.user_id)} out of ${who}${seen}`;
    case "tier.created":
      return "added a tier";
    case "tier.changed":
      return `changed a tier${seen}`;
    case "tier.removed":
      return "removed a tier";
    case "api_key.created":
      return "made an API key";
    case "api_key.revoked":
      return "ended an API key";
    default:
      return "changed the firm";
  }
}
