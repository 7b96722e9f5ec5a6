import { useInfiniteQuery } from "@tanstack/react-query";
import { CircleCheck } from "lucide-react";
import { useState } from "react";
import { useNames } from "@/api/queries/names";
import { openTasksQuery } from "@/api/queries/work";
import type { TaskLine } from "@/api/types";
import { useCan, useMe } from "@/features/auth";
import { plural } from "@/lib/words";
import { Button } from "@/ui/button";
import { Card, CardList } from "@/ui/card";
import { Empty, ErrorState, Loading, SkeletonCard } from "@/ui/states";
import { groupByDue } from "./due-groups";
import { TaskRow } from "./TaskRow";
import { useTickTask } from "./useTickTask";

/** The open tasks of every household the user may see, by when they are due. */
export function TasksPage() {
  const tasks = useInfiniteQuery(openTasksQuery);
  const me = useMe();
  const [mine, setMine] = useState(false);
  const all = tasks.data?.pages.flatMap((p) => p.items) ?? [];
  const shown = mine ? all.filter((t) => t.assignee_id === me?.user.id) : all;
  const open = shown.filter((t) => !t.done_at).length;
  return (
    <div className="mx-auto max-w-[64rem] px-4 pt-6 pb-12 md:px-8 md:pt-9">
      <div className="flex flex-wrap items-end gap-4">
        <div className="mr-auto">
          <h1 className="display text-2xl md:text-3xl">Tasks</h1>
          <p className="mt-1 text-ink-2" aria-live="polite">
            {tasks.data
              ? `${plural(open, "open task")}${tasks.hasNextPage ? " shown, the earliest due first" : " in the households you see"}`
              : "Open tasks"}
          </p>
        </div>
        {/* biome-ignore lint/a11y/useSemanticElements: a pair of toggles, not a form's fieldset */}
        <div
          role="group"
          aria-label="Whose tasks"
          className="flex rounded-md border border-line-2 bg-surface p-0.5"
        >
          {[false, true].map((value) => (
            <button
              key={String(value)}
              type="button"
              aria-pressed={mine === value}
              onClick={() => setMine(value)}
              className="h-7.5 rounded-sm px-3 text-sm text-ink-2 hover:text-ink focus-ring aria-pressed:bg-brand-soft aria-pressed:font-medium aria-pressed:text-brand-ink"
            >
              {value ? "Mine" : "Everyone's"}
            </button>
          ))}
        </div>
      </div>
      <div className="mt-6 flex flex-col gap-6">
        {tasks.isPending && (
          <Loading label="Loading tasks">
            <SkeletonCard rows={5} />
          </Loading>
        )}
        {tasks.isError && <ErrorState error={tasks.error} onRetry={() => void tasks.refetch()} />}
        {tasks.data && shown.length === 0 && (
          <Empty icon={<CircleCheck aria-hidden />} title="All clear">
            {mine ? "No open task is assigned to you." : "No household has an open task."}
          </Empty>
        )}
        {groupByDue(shown).map(([title, group]) => (
          <TaskGroup key={title} title={title} tasks={group} />
        ))}
        {tasks.hasNextPage && (
          <Button
            className="self-center"
            disabled={tasks.isFetchingNextPage}
            onClick={() => void tasks.fetchNextPage()}
          >
            Load later tasks
          </Button>
        )}
      </div>
    </div>
  );
}

function TaskGroup({ title, tasks }: { title: string; tasks: TaskLine[] }) {
  const canWrite = useCan("book.write");
  const tick = useTickTask();
  const nameOf = useNames();
  return (
    <Card
      id={`due-${title.replace(/\W/g, "-")}`}
      title={title}
      action={<span className="num text-sm text-ink-3">{tasks.length}</span>}
    >
      <CardList>
        {tasks.map((task) => (
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
    </Card>
  );
}
