import { useQuery } from "@tanstack/react-query";
import { type Access, accessQuery } from "@/api/queries/record";
import { ROLES } from "@/lib/words";
import { Dialog } from "@/ui/overlay";
import { Failure, Loading, SkeletonCard } from "@/ui/states";

type Onlooker = Access["people"][number];

/** Who can see a household, and why: the answer of the server, which is also what it enforces. */
export function AccessDialog({
  householdId,
  name,
  onClose,
}: {
  householdId: string;
  name: string;
  onClose: () => void;
}) {
  const access = useQuery(accessQuery(householdId));
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title="Who can see this" description={name}>
      <div className="p-5">
        {access.isPending && (
          <Loading>
            <SkeletonCard rows={3} />
          </Loading>
        )}
        <Failure of={access} />
        {access.data && (
          <>
            <ul aria-label="Who can see this household" data-testid="access">
              {access.data.people.map((person) => (
                <li
                  key={person.user_id}
                  className="flex items-start gap-4 border-t border-line py-2.5 first:border-0"
                >
                  <div className="min-w-0 flex-1">
                    <p className="font-medium">{person.name}</p>
                    <p className="text-sm text-ink-2">{because(person, access.data.team?.name)}</p>
                  </div>
                  <p className="text-sm text-ink-2">{person.may_change ? "Sees and changes" : "Sees only"}</p>
                </li>
              ))}
            </ul>
            <p className="mt-4 text-sm text-ink-3">
              Nobody else: for anybody else this household does not exist. A person who also belongs to
              another household is seen from there as well.
            </p>
          </>
        )}
      </div>
    </Dialog>
  );
}

function because({ reasons, role }: Onlooker, team: string | undefined) {
  const words = {
    team_member: team ? `belongs to the team ${team}` : "belongs to its team",
    firm_admin: "firm admins see every household",
    compliance: "compliance sees every household",
  };
  return `${ROLES[role]}: ${reasons.map((reason) => words[reason]).join("; ")}`;
}
