import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { CircleCheck } from "lucide-react";
import { lazy, Suspense, useRef, useState } from "react";
import { useNames } from "@/api/queries/names";
import { useUserOptions } from "@/api/queries/user-options";
import { type TaskFilter, taskCountsQuery, tasksQuery } from "@/api/queries/work";
import type { TaskCounts, TaskLine } from "@/api/types";
import { useCan } from "@/features/auth";
import { Coming, useComing } from "@/features/edits";
import { cn } from "@/lib/cn";
import { due } from "@/lib/dates";
import { lowerFirst, plural } from "@/lib/words";
import { Button } from "@/ui/button";
import { Card, CardList } from "@/ui/card";
import { Select } from "@/ui/form";
import { Empty, Failure, Loading, SkeletonCard } from "@/ui/states";
import { useStrip } from "@/ui/strip";
import { type DueGroup, groupByDue, groupByName } from "./due-groups";
import { useLingering } from "./linger";
import { QuickAdd } from "./QuickAdd";
import { ReminderDialog } from "./ReminderDialog";
import { SnoozeDialog } from "./SnoozeDialog";
import type { TasksSearch, TaskView } from "./search";
import { TaskBoard } from "./TaskBoard";
import { TaskDialog } from "./TaskDialog";
import { type Over, TaskItem } from "./TaskItem";
import { useTaskActions } from "./useTaskActions";
import { useTaskKeys } from "./useTaskKeys";

const EvidenceDialog = lazy(() => import("./EvidenceDialog"));
const ANYBODY = "Anybody";
const FIRM = "The firm";

/** The tasks of every household the user may see, in the view that the address names. */
export function TasksPage() {
  const search = useSearch({ from: "/tasks" });
  const view: TaskView = search.view ?? "my-day";
  const query = useInfiniteQuery(tasksQuery(filterOf(view, search)));
  const counts = useQuery(taskCountsQuery).data;
  const canWrite = useCan("book.write");
  const add = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState<Over | null>(null);
  const actions = useTaskActions();
  const coming = useComing("tasks");
  const loaded = query.data?.pages.flatMap((p) => p.items) ?? [];
  const lingering = useLingering(loaded);
  const shown = view === "done" ? loaded : lingering;
  const groups = useGroups(view, shown);
  const board = view === "board";
  useTaskKeys(shown, canWrite, {
    newTask: () => add.current?.focus(),
    priority: (task, priority) => void actions.priority(task, priority),
    edit: (task, field) => setOver({ kind: "edit", task, field }),
    snooze: (task) => setOver({ kind: "snooze", task }),
    remind: (task) => setOver({ kind: "remind", task }),
  });
  return (
    <div className={cn("mx-auto px-4 pt-6 pb-12 md:px-8 md:pt-9", board ? "max-w-[88rem]" : "max-w-[64rem]")}>
      <Head view={view} search={search} counts={counts} />
      {canWrite && (
        <div className="mt-5">
          <QuickAdd ref={add} />
        </div>
      )}
      <Coming rows={coming} className="mt-4" />
      <div className="mt-6 flex flex-col gap-6">
        {query.isPending && (
          <Loading label="Loading tasks">
            <SkeletonCard rows={5} />
          </Loading>
        )}
        <Failure of={query} />
        {query.data && shown.length + coming.length === 0 && (
          <Nothing view={view} filtered={Boolean(search.who)} />
        )}
        {board && shown.length > 0 && (
          <TaskBoard
            tasks={shown}
            filter={filterOf("done", search)}
            counts={search.who ? undefined : counts}
            onOver={setOver}
          />
        )}
        {groups.map(([title, tasks]) => (
          <Group
            key={title}
            title={title}
            tasks={tasks}
            total={query.hasNextPage && !search.who ? totalOf(counts, view, title) : undefined}
            onOver={setOver}
          />
        ))}
        {query.hasNextPage && (
          <Button
            className="self-center"
            disabled={query.isFetchingNextPage}
            onClick={() => void query.fetchNextPage()}
          >
            {view === "done" ? "Load earlier tasks" : "Load later tasks"}
          </Button>
        )}
      </div>
      {over && <OverList over={over} onClose={() => setOver(null)} />}
    </div>
  );
}

/** What was asked for of one task. */
function OverList({ over, onClose }: { over: Over; onClose: () => void }) {
  const { task } = over;
  const actions = useTaskActions();
  if (over.kind === "edit") return <TaskDialog task={task} focus={over.field} onClose={onClose} />;
  if (over.kind === "snooze")
    return (
      <SnoozeDialog task={task} onSnooze={(until) => void actions.snooze(task, until)} onClose={onClose} />
    );
  if (over.kind === "remind")
    return <ReminderDialog task={task} onRemind={(at) => void actions.remind(task, at)} onClose={onClose} />;
  return (
    <Suspense fallback={null}>
      <EvidenceDialog
        task={task}
        onShown={(evidence) => void actions.tick(task, true, evidence)}
        onClose={onClose}
      />
    </Suspense>
  );
}

function filterOf(view: TaskView, { who }: TasksSearch): TaskFilter {
  const about = who === "anybody" ? { unassigned: true } : who ? { assignee_id: who } : {};
  if (view === "my-day") return { view: "my_day" };
  return { view: view === "done" ? "done" : "open", ...about };
}

function useGroups(view: TaskView, tasks: TaskLine[]): [string, TaskLine[]][] {
  const nameOf = useNames();
  if (view === "board") return [];
  if (view === "done") return tasks.length > 0 ? [["Done", tasks]] : [];
  if (view === "team")
    return groupByName(
      tasks,
      (t) => (t.assignee_id ? (nameOf(t.assignee_id) ?? "A colleague") : ANYBODY),
      ANYBODY,
    );
  if (view === "household") return groupByName(tasks, (t) => t.household_name ?? FIRM, FIRM);
  return groupByDue(tasks);
}

/** The whole number of a group of which only a part is loaded. */
function totalOf(counts: TaskCounts | undefined, view: TaskView, title: string) {
  if (!counts || view !== "due") return undefined;
  const fields: Record<DueGroup, keyof TaskCounts> = {
    Overdue: "overdue",
    Today: "today",
    Tomorrow: "tomorrow",
    "This week": "week",
    Later: "later",
    "No date": "undated",
    Snoozed: "snoozed",
  };
  return counts[fields[title as DueGroup]];
}

const TABS: [TaskView, string][] = [
  ["my-day", "My day"],
  ["due", "By due"],
  ["team", "Team"],
  ["household", "By household"],
  ["board", "Board"],
  ["done", "Done"],
];

function Head({ view, search, counts }: { view: TaskView; search: TasksSearch; counts?: TaskCounts }) {
  const navigate = useNavigate();
  const users = useUserOptions();
  const strip = useStrip<HTMLElement>("[aria-current]");
  const go = (next: TaskView, who: string | undefined) =>
    void navigate({
      to: "/tasks",
      search: { ...(next === "my-day" ? {} : { view: next }), ...(who && next !== "my-day" ? { who } : {}) },
    });
  const number: Partial<Record<TaskView, number>> = { "my-day": counts?.my_day, due: counts?.open };
  return (
    <>
      <div className="flex flex-wrap items-end gap-x-4 gap-y-3">
        <div className="mr-auto">
          <h1 className="display text-2xl md:text-3xl">Tasks</h1>
          <p className="mt-1 text-ink-2" aria-live="polite">
            {counts
              ? `${plural(counts.open, "open task")} in the households you see${counts.overdue ? `, ${counts.overdue} overdue` : ""}`
              : "Open tasks"}
          </p>
        </div>
        {view !== "my-day" && (
          <Select
            aria-label="Whose tasks"
            className="w-auto"
            value={search.who ?? ""}
            onChange={(event) => go(view, event.target.value || undefined)}
          >
            <option value="">Everyone's</option>
            <option value="anybody">Anybody's</option>
            {users.map(([id, name]) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </Select>
        )}
      </div>
      <nav
        ref={strip}
        aria-label="Views of tasks"
        className="mt-4 flex gap-1 overflow-x-auto border-b border-line"
      >
        {TABS.map(([id, name]) => (
          <button
            key={id}
            type="button"
            aria-current={view === id ? "page" : undefined}
            onClick={() => go(id, search.who)}
            className="-mb-px shrink-0 rounded-t-md border-b-2 border-transparent px-3 py-2 text-ink-2 hover:text-ink focus-ring aria-[current=page]:border-brass aria-[current=page]:font-medium aria-[current=page]:text-ink"
          >
            {name}
            {number[id] !== undefined && <span className="num ml-1.5 text-sm text-ink-3">{number[id]}</span>}
          </button>
        ))}
      </nav>
    </>
  );
}

/** An empty view: what comes next, where something does. */
function Nothing({ view, filtered }: { view: TaskView; filtered: boolean }) {
  const ahead = useInfiniteQuery(tasksQuery({ view: "open" })).data?.pages[0]?.items.find(
    (t) => !t.done_at && t.due_on,
  );
  if (view === "done") return <Empty icon={<CircleCheck aria-hidden />} title="Nothing is done yet" />;
  return (
    <Empty icon={<CircleCheck aria-hidden />} title="All clear">
      {ahead?.due_on && !filtered
        ? `Next: ${ahead.title}, ${lowerFirst(due(ahead.due_on))}.`
        : "Type a line above to plan something."}
    </Empty>
  );
}

function Group({
  title,
  tasks,
  total,
  onOver,
}: {
  title: string;
  tasks: TaskLine[];
  /** How many there are, where not all are loaded. */
  total?: number;
  onOver: (over: Over) => void;
}) {
  const open = tasks.filter((t) => !t.done_at).length;
  return (
    <Card
      id={`group-${title.replace(/\W/g, "-")}`}
      title={title}
      action={<span className="num text-sm text-ink-3">{total ?? (open || tasks.length)}</span>}
    >
      <CardList>
        {tasks.map((task) => (
          <TaskItem key={task.id} task={task} onOver={onOver} />
        ))}
      </CardList>
    </Card>
  );
}
