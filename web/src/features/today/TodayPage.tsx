import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { householdsQuery } from "@/api/queries/households";
import { useNames } from "@/api/queries/names";
import { openTasksQuery } from "@/api/queries/work";
import { useCan, useMe } from "@/features/auth";
import { TaskRow, useTickTask } from "@/features/tasks";
import { dateWithWeekday, daysBetween, isOverdue, today } from "@/lib/dates";
import { plural } from "@/lib/words";
import { Badge, Card, CardList } from "@/ui/card";
import { Monogram } from "@/ui/monogram";
import { CardBody } from "./CardBody";
import { LoopsByAge } from "./LoopsByAge";

const SHOWN = 8;

/** What is late or due: read from the book as it is, nothing made up. */
export function TodayPage() {
  const me = useMe();
  return (
    <div className="mx-auto max-w-[76rem] px-4 pt-6 pb-12 md:px-8 md:pt-9">
      <p className="eyebrow">{dateWithWeekday(today())}</p>
      <h1 className="display mt-1 text-2xl md:text-3xl">
        Today{me ? `, ${me.user.name.split(" ")[0]}` : ""}
      </h1>
      <div className="mt-7 grid grid-cols-1 items-start gap-6 @4xl:grid-cols-[minmax(0,1fr)_24rem]">
        <div className="flex min-w-0 flex-col gap-6">
          <DueTasks />
          <LoopsByAge />
        </div>
        <OverdueReviews />
      </div>
    </div>
  );
}

function DueTasks() {
  const tasks = useInfiniteQuery(openTasksQuery);
  const canWrite = useCan("book.write");
  const tick = useTickTask();
  const nameOf = useNames();
  const now = today();
  const dueNow = (tasks.data?.pages[0]?.items ?? [])
    .filter((t) => t.due_on !== null && t.due_on <= now)
    .sort((a, b) => (a.due_on ?? "").localeCompare(b.due_on ?? "") || a.priority - b.priority);
  const late = dueNow.filter((t) => !t.done_at && isOverdue(t.due_on, now)).length;
  return (
    <Card id="due" title="Due and overdue" action={late > 0 && <Badge tone="warn">{late} overdue</Badge>}>
      <CardBody query={tasks} empty={dueNow.length === 0} text="Nothing is due today. Well done.">
        <CardList>
          {dueNow.map((task) => (
            <TaskRow
              key={task.id}
              task={task}
              household={task.household_name ?? undefined}
              assignee={task.assignee_id ? nameOf(task.assignee_id) : undefined}
              disabled={!canWrite}
              onTick={(done) => tick(task, done)}
            />
          ))}
        </CardList>
      </CardBody>
    </Card>
  );
}

function OverdueReviews() {
  const reviews = useInfiniteQuery(householdsQuery({}, "next_review"));
  const now = today();
  const late = (reviews.data?.pages[0]?.items ?? []).filter((h) => isOverdue(h.next_review, now));
  const all = reviews.data?.pages[0]?.items.length ?? 0;
  // A whole page of overdue reviews means that there may be more.
  const count = reviews.hasNextPage && late.length === all ? `${late.length} or more` : late.length;
  return (
    <Card id="reviews" title="Reviews overdue" action={late.length > 0 && <Badge tone="warn">{count}</Badge>}>
      <CardBody query={reviews} empty={late.length === 0} text="Every review with a date is still ahead.">
        <CardList>
          {late.slice(0, SHOWN).map((h) => (
            <li key={h.id} className="flex items-center gap-3 py-2.5">
              <Monogram name={h.name} />
              <div className="min-w-0 flex-1">
                <Link
                  to="/households/$id"
                  params={{ id: h.id }}
                  className="block truncate rounded-sm font-medium hover:text-brand-ink focus-ring"
                >
                  {h.name}
                </Link>
                <p className="text-xs text-warn">
                  {h.next_review && `${plural(daysBetween(h.next_review, now), "day")} overdue`}
                </p>
              </div>
            </li>
          ))}
        </CardList>
        {late.length > SHOWN && (
          <p className="px-5 pb-4">
            <Link
              to="/households"
              search={{ sort: "next_review" }}
              className="rounded-sm text-sm font-medium text-brand-ink hover:underline focus-ring"
            >
              All households by next review
            </Link>
          </p>
        )}
      </CardBody>
    </Card>
  );
}
