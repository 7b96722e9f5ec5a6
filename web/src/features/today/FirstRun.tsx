import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Circle, CircleCheck } from "lucide-react";
import type { ReactNode } from "react";
import { usersQuery } from "@/api/queries/session";
import { useCan, useMe } from "@/features/auth";
import { plural } from "@/lib/words";
import { Card, CardList } from "@/ui/card";

/** What there is to do while one sees no household yet; gone with the first of them. */
export function FirstRun() {
  const me = useMe();
  const canImport = useCan("import.read");
  const canWrite = useCan("book.write");
  const colleagues = (useQuery(usersQuery).data?.items ?? []).filter((u) => u.active).length;
  return (
    <div className="mt-7 max-w-[44rem]">
      <Card id="first-run" title="Get started">
        <p className="px-5 pb-2 text-ink-2">No household can be seen yet. These steps change that.</p>
        <CardList>
          {canImport && (
            <Step done={false} title={<Link to="/imports">Import your households</Link>}>
              From today's files, with a dry run first. An import is taken back as a whole.
            </Step>
          )}
          {canWrite && (
            <Step done={false} title={<Link to="/households">Add the first household</Link>}>
              One needs only a name.
            </Step>
          )}
          <Step done={colleagues > 1} title="Colleagues have access">
            {colleagues > 1
              ? `${plural(colleagues, "person", "people")} may sign in.`
              : "So far it is you alone."}
          </Step>
          <Step done={Boolean(me?.teams.length)} title="You belong to a team">
            {me?.teams.length
              ? `You see the households of ${me.teams.map((t) => t.name).join(", ")}.`
              : "A firm admin adds you to one; a household is seen by its team."}
          </Step>
          <Step done title="Days begin in the firm's time zone">
            {me?.time_zone.replaceAll("_", " ")}
          </Step>
        </CardList>
      </Card>
    </div>
  );
}

function Step({ done, title, children }: { done: boolean; title: ReactNode; children: ReactNode }) {
  const Icon = done ? CircleCheck : Circle;
  return (
    <li className="flex gap-3 py-3">
      <Icon aria-hidden className={`mt-0.5 size-4 shrink-0 ${done ? "text-pos" : "text-ink-3"}`} />
      <div className="min-w-0">
        <p className="font-medium [&_a]:rounded-sm [&_a]:text-brand-ink [&_a]:hover:underline">
          {title}
          <span className="sr-only">{done ? ", done" : ", to do"}</span>
        </p>
        <p className="text-sm text-ink-2">{children}</p>
      </div>
    </li>
  );
}
