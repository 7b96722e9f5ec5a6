import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { approveClass, classesQuery, proposeClass, type RetentionClass } from "@/api/queries/retention";
import { useMe } from "@/features/auth";
import { moment } from "@/lib/dates";
import type { FormField, Values } from "@/lib/fields";
import { plural } from "@/lib/words";
import { Button } from "@/ui/button";
import { Badge, Card, CardList } from "@/ui/card";
import { FormDialog } from "@/ui/FormDialog";
import { ErrorState, Loading, ProblemLine, SkeletonCard } from "@/ui/states";
import { useDecision } from "./useDecision";

const RECORDS = { former: "Former clients", prospect: "Prospects" } as const;
const FIELDS: FormField[] = [
  {
    name: "record",
    label: "Of whom",
    kind: "select",
    required: true,
    initial: "former",
    options: Object.entries(RECORDS),
  },
  {
    name: "years",
    label: "Years",
    kind: "number",
    required: true,
    initial: "5",
    hint: "Whole years after the year of the last entry; 0 lets it go at once.",
  },
  {
    name: "basis",
    label: "Rule that it rests on",
    kind: "text",
    required: true,
    hint: "Such as 17 CFR 275.204-2(e)(1).",
  },
];

/** How long records are kept: proposed by one person, approved by another. */
export function Classes() {
  const classes = useQuery(classesQuery);
  const me = useMe();
  const decide = useDecision();
  const [proposing, setProposing] = useState<string | null>(null);
  const [problem, setProblem] = useState<unknown>(null);
  const propose = async (values: Values, key: string) => {
    const body = {
      record: values.record as "former" | "prospect",
      years: Number(values.years),
      basis: String(values.basis),
    };
    await decide(() => proposeClass(body, key), "Proposed. It counts when somebody else approves it.");
    setProposing(null);
  };
  const approve = (of: RetentionClass) =>
    decide(() => approveClass(of.id), "Approved. It counts from now on.").then(
      () => setProblem(null),
      setProblem,
    );
  return (
    <Card
      id="classes"
      title="Retention classes"
      action={<Button onClick={() => setProposing(crypto.randomUUID())}>Propose a class</Button>}
    >
      <p className="px-5 pb-3 text-sm text-ink-2">
        Clients are kept for as long as they are that. Nothing is ever removed by age alone: a class only says
        from when on an erasure may be approved.
      </p>
      <div className="px-5 empty:hidden">
        <ProblemLine error={problem} />
      </div>
      {classes.isPending && (
        <Loading label="Loading retention classes">
          <SkeletonCard />
        </Loading>
      )}
      {classes.isError && <ErrorState error={classes.error} onRetry={() => void classes.refetch()} />}
      <CardList className="empty:hidden">
        {classes.data?.items.map((of) => (
          <li key={of.id} className="flex flex-wrap items-center gap-x-3 gap-y-1 py-3" data-testid="class">
            <div className="min-w-0 flex-1 basis-60">
              <p className="font-medium">
                {RECORDS[of.record as keyof typeof RECORDS]}:{" "}
                {of.years === 0
                  ? "may go at once"
                  : `${plural(of.years, "year")} after the year of the last entry`}
              </p>
              <p className="text-sm break-words text-ink-2">{of.basis}</p>
              <p className="text-sm text-ink-3">
                Proposed by {of.proposed_by_name}, {moment(of.proposed_at)}
                {of.approved_at && ` · approved by ${of.approved_by_name}, ${moment(of.approved_at)}`}
              </p>
            </div>
            {of.counts && <Badge tone="pos">Counts</Badge>}
            {!of.approved_at && <Badge tone="info">Waits for a second person</Badge>}
            {of.approved_at && !of.counts && <Badge>Replaced</Badge>}
            {!of.approved_at && of.proposed_by !== me?.user.id && (
              <Button size="sm" onClick={() => void approve(of)}>
                Approve
              </Button>
            )}
          </li>
        ))}
      </CardList>
      {proposing && (
        <FormDialog
          title="Propose a retention class"
          submit="Propose"
          fields={FIELDS}
          onSubmit={(values) => propose(values, proposing)}
          onClose={() => setProposing(null)}
        />
      )}
    </Card>
  );
}
