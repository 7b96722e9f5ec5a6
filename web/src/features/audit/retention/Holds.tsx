import { useQuery } from "@tanstack/react-query";
import { Lock } from "lucide-react";
import { holdsQuery, type LegalHold, placeHold, releaseHold } from "@/api/queries/retention";
import { moment } from "@/lib/dates";
import { Button } from "@/ui/button";
import { Badge, Card, CardEmpty, CardList } from "@/ui/card";
import { ErrorState, Loading, SkeletonCard } from "@/ui/states";
import type { Reasoned } from "./ReasonDialog";
import { useDecision } from "./useDecision";

/** Households that may be neither hidden nor erased, and those that were held. */
export function Holds({ onAsk }: { onAsk: (of: Reasoned) => void }) {
  const holds = useQuery(holdsQuery);
  const decide = useDecision();
  const place = () => {
    const key = crypto.randomUUID();
    onAsk({
      title: "Hold a household",
      about:
        "Until the hold is released the household can be neither hidden nor erased. What is hidden of it stays in its history.",
      submit: "Place the hold",
      asksHousehold: true,
      send: (reason, household) => decide(() => placeHold(household, reason, key), "It is held."),
    });
  };
  const release = (hold: LegalHold) =>
    onAsk({
      title: `Release the hold on ${hold.household_name ?? "this household"}`,
      about: `Placed by ${hold.placed_by_name}: ${hold.reason}`,
      submit: "Release",
      send: (reason) => decide(() => releaseHold(hold.id, reason), "The hold is released."),
    });
  return (
    <Card
      id="holds"
      title="Legal holds"
      action={
        <Button onClick={place}>
          <Lock />
          Hold a household
        </Button>
      }
    >
      {holds.isPending && (
        <Loading label="Loading legal holds">
          <SkeletonCard />
        </Loading>
      )}
      {holds.isError && <ErrorState error={holds.error} onRetry={() => void holds.refetch()} />}
      {holds.data?.items.length === 0 && <CardEmpty>Nothing is held.</CardEmpty>}
      <CardList className="empty:hidden">
        {holds.data?.items.map((hold) => (
          <li key={hold.id} className="flex flex-wrap items-center gap-x-4 gap-y-1 py-3" data-testid="hold">
            <div className="min-w-0 flex-1 basis-60">
              <p className="font-medium break-words">
                {hold.household_name ?? "A household that was erased"}
              </p>
              <p className="text-sm break-words text-ink-2">{hold.reason}</p>
              <p className="text-sm text-ink-3">
                {hold.placed_by_name}, {moment(hold.placed_at)}
                {hold.released_at &&
                  ` · released by ${hold.released_by_name}, ${moment(hold.released_at)}: ${hold.release_reason}`}
              </p>
            </div>
            {hold.released_at ? (
              <Badge>Released</Badge>
            ) : (
              <>
                <Badge tone="warn">Held</Badge>
                <Button size="sm" onClick={() => release(hold)}>
                  Release
                </Button>
              </>
            )}
          </li>
        ))}
      </CardList>
    </Card>
  );
}
