import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Trash2 } from "lucide-react";
import { useState } from "react";
import { declineErasure, type Erasure, erasuresQuery, requestErasure } from "@/api/queries/retention";
import { useMe } from "@/features/auth";
import { date, moment } from "@/lib/dates";
import { Button } from "@/ui/button";
import { Badge, Card, CardEmpty, CardList } from "@/ui/card";
import { ErrorState, Loading, SkeletonCard } from "@/ui/states";
import { ApproveDialog } from "./ApproveDialog";
import { CertificateDialog } from "./CertificateDialog";
import type { Reasoned } from "./ReasonDialog";
import { useDecision } from "./useDecision";

/** Households that are to be erased, and the certificates of those that were. */
export function Erasures({ onAsk }: { onAsk: (of: Reasoned) => void }) {
  const erasures = useQuery(erasuresQuery);
  const me = useMe();
  const decide = useDecision();
  const [approving, setApproving] = useState<Erasure | null>(null);
  const [shown, setShown] = useState<Erasure | null>(null);
  const ask = () => {
    const key = crypto.randomUUID();
    onAsk({
      title: "Ask for an erasure",
      about:
        "A second person has to approve it. Then everything the firm knows of the household is gone for good: the record, its history, and the keys of its brain files.",
      submit: "Ask for it",
      asksHousehold: true,
      danger: true,
      send: (reason, household) =>
        decide(() => requestErasure(household, reason, key), "It waits for a second person."),
    });
  };
  const decline = (erasure: Erasure) =>
    onAsk({
      title: `Keep ${erasure.household_name ?? "this household"}`,
      about: `Asked for by ${erasure.requested_by_name ?? "somebody"}: ${erasure.reason}`,
      submit: "Decline",
      send: (reason) => decide(() => declineErasure(erasure.id, reason), "It was declined."),
    });
  return (
    <Card
      id="erasures"
      title="Erasures"
      action={
        <Button onClick={ask}>
          <Trash2 />
          Ask for an erasure
        </Button>
      }
    >
      {erasures.isPending && (
        <Loading label="Loading erasures">
          <SkeletonCard />
        </Loading>
      )}
      {erasures.isError && <ErrorState error={erasures.error} onRetry={() => void erasures.refetch()} />}
      {erasures.data?.items.length === 0 && <CardEmpty>Nothing was erased, and nothing waits.</CardEmpty>}
      <CardList className="empty:hidden">
        {erasures.data?.items.map((erasure) => (
          <li
            key={erasure.id}
            className="flex flex-wrap items-center gap-x-3 gap-y-2 py-3"
            data-testid="erasure"
          >
            <What erasure={erasure} />
            <Standing erasure={erasure} />
            {erasure.state === "requested" && erasure.requested_by !== me?.user.id && (
              <>
                <Button size="sm" onClick={() => decline(erasure)}>
                  Decline
                </Button>
                <Button size="sm" variant="danger" onClick={() => setApproving(erasure)}>
                  Approve
                </Button>
              </>
            )}
            {erasure.state === "done" && (
              <Button size="sm" onClick={() => setShown(erasure)}>
                Certificate
              </Button>
            )}
          </li>
        ))}
      </CardList>
      {approving && <ApproveDialog erasure={approving} onClose={() => setApproving(null)} />}
      {shown && <CertificateDialog erasure={shown} onClose={() => setShown(null)} />}
    </Card>
  );
}

const What = ({ erasure }: { erasure: Erasure }) => (
  <div className="min-w-0 flex-1 basis-60">
    <p className="font-medium break-words">
      {erasure.household_name ? (
        <Link
          to="/households/$id"
          params={{ id: erasure.household_id }}
          className="rounded-sm text-brand-ink hover:underline focus-ring"
        >
          {erasure.household_name}
        </Link>
      ) : (
        <>
          Household <span className="font-mono text-sm">{erasure.household_id.slice(-12)}</span>
        </>
      )}
    </p>
    <p className="text-sm break-words text-ink-2">{erasure.reason}</p>
    <p className="text-sm text-ink-3">
      Asked for by {erasure.requested_by_name ?? "somebody unknown here"}, {moment(erasure.requested_at)}
      {erasure.decided_at &&
        ` · ${erasure.state === "done" ? "erased" : "declined"} by ${erasure.decided_by_name ?? "the restored database"}, ${moment(erasure.decided_at)}`}
      {erasure.decision_reason && `: ${erasure.decision_reason}`}
    </p>
  </div>
);

/** What stands in its way, or how it ended. */
function Standing({ erasure }: { erasure: Erasure }) {
  if (erasure.state === "done") return <Badge tone="neg">Erased</Badge>;
  if (erasure.state === "declined") return <Badge>Declined</Badge>;
  if (erasure.held) return <Badge tone="warn">Under legal hold</Badge>;
  if (!erasure.due_on) return <Badge tone="warn">No class counts for it</Badge>;
  if (erasure.due_on > new Date().toISOString().slice(0, 10))
    return <Badge tone="warn">To be kept until {date(erasure.due_on)}</Badge>;
  return <Badge tone="info">Waits for a second person</Badge>;
}
