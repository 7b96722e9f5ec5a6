import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { CalendarClock } from "lucide-react";
import type { ReactNode } from "react";
import { useNames } from "@/api/queries/names";
import { todayQuery } from "@/api/queries/work";
import type { TaskLine, Today } from "@/api/types";
import { useRowKeys } from "@/app/rows";
import { useCan, useMe } from "@/features/auth";
import { MentionsCard } from "@/features/notifications";
import { LoopRow, useKept, useLoopActions } from "@/features/open-loops";
import { TaskRow, useLingering, useTaskActions } from "@/features/tasks";
import { date, dateWithWeekday, daysBetween, today } from "@/lib/dates";
import { plural } from "@/lib/words";
import { Badge, Card, CardEmpty, CardList } from "@/ui/card";
import { Monogram } from "@/ui/monogram";
import { Failure, Loading, SkeletonCard } from "@/ui/states";
import { Decisions } from "./Decisions";
import { FirstRun } from "./FirstRun";

/** What comes next, what needs a decision and what is slipping: read from the book as it is, nothing made up. */
export function TodayPage() {
  const me = useMe();
  const query = useQuery(todayQuery);
  const seen = query.data;
  useRowKeys(Boolean(seen));
  return (
    <div className="mx-auto max-w-[88rem] px-4 pt-6 pb-12 md:px-8 md:pt-9">
      <p className="eyebrow">{dateWithWeekday(seen?.today ?? today())}</p>
      <h1 className="display mt-1 text-2xl md:text-3xl">
        Today{me ? `, ${me.user.name.split(" ")[0]}` : ""}
      </h1>
      <Failure of={query} />
      {query.isPending && (
        <Loading label="Loading today">
          <div className="mt-7 grid grid-cols-1 gap-6 @4xl:grid-cols-3">
            <SkeletonCard />
            <SkeletonCard />
            <SkeletonCard />
          </div>
        </Loading>
      )}
      {seen && !seen.has_households && <FirstRun />}
      {seen?.has_households && (
        <div className="mt-7 grid grid-cols-1 items-start gap-6 @4xl:grid-cols-2 @6xl:grid-cols-3">
          <Column label="Next">
            <DueToday seen={seen} />
            <ReviewsAhead seen={seen} />
          </Column>
          <Column label="Needs your decision">
            <MentionsCard />
            <Decisions seen={seen} />
          </Column>
          <Column label="Slipping">
            <OverdueTasks seen={seen} />
            <SlippingLoops seen={seen} />
            <ReviewsLate seen={seen} />
          </Column>
        </div>
      )}
    </div>
  );
}

const Column = ({ label, children }: { label: string; children: ReactNode }) => (
  <div className="flex min-w-0 flex-col gap-4">
    <p className="eyebrow">{label}</p>
    {children}
  </div>
);

function Tasks({ tasks }: { tasks: TaskLine[] }) {
  const canWrite = useCan("book.write");
  const actions = useTaskActions();
  const nameOf = useNames();
  return (
    <CardList>
      {tasks.map((task) => (
        <TaskRow
          key={task.id}
          task={task}
          household={task.household_name ?? undefined}
          assignee={task.assignee_id ? nameOf(task.assignee_id) : undefined}
          disabled={!canWrite}
          onTick={(done, evidence) => actions.tick(task, done, evidence)}
        />
      ))}
    </CardList>
  );
}

const More = ({ children }: { children: ReactNode }) => (
  <p className="px-5 pb-4 text-sm [&_a]:rounded-sm [&_a]:font-medium [&_a]:text-brand-ink [&_a]:hover:underline">
    {children}
  </p>
);

function DueToday({ seen }: { seen: Today }) {
  const tasks = useLingering(seen.due_today);
  return (
    <Card
      id="due-today"
      title="Due today"
      action={<span className="num text-sm text-ink-3">{seen.tasks.today}</span>}
    >
      {tasks.length === 0 ? (
        <CardEmpty>
          Nothing is due today.{" "}
          {seen.tasks.tomorrow > 0 && `${plural(seen.tasks.tomorrow, "task")} tomorrow.`}
        </CardEmpty>
      ) : (
        <Tasks tasks={tasks} />
      )}
      {seen.tasks.today > tasks.length && (
        <More>
          <Link to="/tasks" search={{ view: "due" }} className="focus-ring">
            All tasks by day
          </Link>
        </More>
      )}
    </Card>
  );
}

function OverdueTasks({ seen }: { seen: Today }) {
  const tasks = useLingering(seen.overdue);
  const count = seen.tasks.overdue;
  return (
    <Card id="overdue" title="Overdue tasks" action={count > 0 && <Badge tone="warn">{count}</Badge>}>
      {tasks.length === 0 ? <CardEmpty>No task is late.</CardEmpty> : <Tasks tasks={tasks} />}
      {count > tasks.length && (
        <More>
          <Link to="/tasks" search={{ view: "due" }} className="focus-ring">
            All {count.toLocaleString("en-US")} overdue tasks
          </Link>
        </More>
      )}
    </Card>
  );
}

function SlippingLoops({ seen }: { seen: Today }) {
  const canWrite = useCan("book.write");
  const actions = useLoopActions();
  const nameOf = useNames();
  const count = seen.loops_count;
  const loops = useKept(seen.loops);
  return (
    <Card
      id="slipping-loops"
      title="Loops of 14 days and more"
      action={count > 0 && <Badge tone="warn">{count}</Badge>}
    >
      {loops.length === 0 ? (
        <CardEmpty>No loop is that old.</CardEmpty>
      ) : (
        <CardList>
          {loops.map((loop) => (
            <LoopRow
              key={loop.id}
              loop={loop}
              actions={actions}
              canWrite={canWrite}
              household={loop.household_name ?? "Household"}
              owner={loop.owner_id ? nameOf(loop.owner_id) : undefined}
              direction
            />
          ))}
        </CardList>
      )}
      {count > seen.loops.length && (
        <More>
          <Link to="/open-loops" search={{ view: "list" }} className="focus-ring">
            All loops by age
          </Link>
        </More>
      )}
    </Card>
  );
}

function ReviewsLate({ seen }: { seen: Today }) {
  const count = seen.reviews_late_count;
  return (
    <Card id="reviews-late" title="Reviews overdue" action={count > 0 && <Badge tone="warn">{count}</Badge>}>
      {seen.reviews_late.length === 0 ? (
        <CardEmpty>Every review with a date is still ahead.</CardEmpty>
      ) : (
        <Reviews
          reviews={seen.reviews_late}
          tone="text-warn"
          about={(day) => `${plural(daysBetween(day, seen.today), "day")} overdue`}
        />
      )}
      {count > seen.reviews_late.length && (
        <More>
          <Link to="/households" search={{ sort: "next_review" }} className="focus-ring">
            All households by next review
          </Link>
        </More>
      )}
    </Card>
  );
}

function ReviewsAhead({ seen }: { seen: Today }) {
  return (
    <Card
      id="reviews-ahead"
      title="Reviews ahead"
      action={<CalendarClock aria-hidden className="size-4 text-ink-3" />}
    >
      {seen.reviews_ahead.length === 0 ? (
        <CardEmpty>No review is due in the next 14 days.</CardEmpty>
      ) : (
        <Reviews
          reviews={seen.reviews_ahead}
          tone="text-ink-3"
          about={(day) => (day === seen.today ? "Today" : date(day))}
        />
      )}
    </Card>
  );
}

function Reviews({
  reviews,
  about,
  tone,
}: {
  reviews: Today["reviews_late"];
  about: (day: string) => string;
  tone: string;
}) {
  return (
    <CardList>
      {reviews.map((review) => (
        <li
          key={review.household_id}
          className="flex items-center gap-3 py-2.5"
          data-row={review.household_id}
        >
          <Monogram name={review.household_name} />
          <div className="min-w-0 flex-1">
            <Link
              to="/households/$id"
              params={{ id: review.household_id }}
              className="block truncate rounded-sm font-medium hover:text-brand-ink focus-ring"
            >
              {review.household_name}
            </Link>
            <p className={`text-xs ${tone}`}>{about(review.next_review)}</p>
          </div>
        </li>
      ))}
    </CardList>
  );
}
