import { type InfiniteData, type QueryClient, useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type DragEvent, type ReactNode, useEffect, useRef, useState } from "react";
import { type TaskFilter, tasksQuery } from "@/api/queries/work";
import type { TaskCounts, TaskLine } from "@/api/types";
import { useKey } from "@/app/keys";
import { focusedRow } from "@/app/rows";
import { useCan } from "@/features/auth";
import { cn } from "@/lib/cn";
import { label } from "@/lib/words";
import { Card, CardEmpty, CardList } from "@/ui/card";
import { beside, COLUMNS, type Column, columnOf, columnsOf, countOf, fieldsOf, LATELY } from "./board";
import { type Over, TaskItem } from "./TaskItem";
import { asksEvidence } from "./TaskTick";
import { useTaskActions } from "./useTaskActions";

const CARD = "application/x-magfin-task";

/** Open tasks by how far they have come, and what was done lately. A card goes on by its menu, by `<` and `>`, or by the mouse. */
export function TaskBoard({
  tasks,
  filter,
  counts,
  onOver,
}: {
  tasks: TaskLine[];
  /** Of the done ones. */
  filter: TaskFilter;
  counts?: TaskCounts;
  onOver: (over: Over) => void;
}) {
  const canWrite = useCan("book.write");
  const done = useInfiniteQuery(tasksQuery(filter)).data?.pages[0]?.items ?? [];
  const columns = columnsOf(tasks, done);
  const move = useMove((task) => onOver({ kind: "evidence", task }));
  const onFocused = (step: 1 | -1) => () => {
    const id = focusedRow();
    const task = Object.values(columns)
      .flat()
      .find((t) => t.id === id);
    if (task) move(task, beside(task, step));
  };
  useKey("task.back", onFocused(-1), canWrite);
  useKey("task.on", onFocused(1), canWrite);
  // What a colleague does moves cards as well, also between the press and the drag: never another one than was pressed.
  const pressed = useRef<string | undefined>(undefined);
  const beginDrag = (event: DragEvent, task: TaskLine) => {
    if (pressed.current === task.id) event.dataTransfer.setData(CARD, task.id);
    else event.preventDefault();
  };
  const onDrop = (id: string, to: Column) => {
    const task = [...tasks, ...done].find((t) => t.id === id);
    if (task) move(task, to);
  };
  return (
    <div
      className="grid grid-cols-1 items-start gap-4 @2xl:grid-cols-2 @5xl:grid-cols-4"
      onPointerDown={({ target }) => {
        pressed.current = (target as Element).closest<HTMLElement>("[data-row]")?.dataset.row;
      }}
    >
      {COLUMNS.map(([column, name]) => (
        <BoardColumn
          key={column}
          name={name}
          count={countOf(column, counts) ?? columns[column].length}
          onDrop={canWrite ? (id) => onDrop(id, column) : undefined}
        >
          {columns[column].length === 0 && <CardEmpty>Nothing here.</CardEmpty>}
          <CardList className={columns[column].length === 0 ? "hidden" : undefined}>
            {columns[column].map((task) => (
              <TaskItem
                key={task.id}
                task={task}
                onOver={onOver}
                moves={COLUMNS.filter(([id]) => id !== column).map(([id, to]) => [to, () => move(task, id)])}
                onDragStart={(event) => beginDrag(event, task)}
              />
            ))}
          </CardList>
          {column === "done" && columns.done.length === LATELY && (
            <p className="px-5 pb-4 text-sm">
              <Link to="/tasks" search={{ view: "done" }} className="underline underline-offset-2 focus-ring">
                All done tasks
              </Link>
            </p>
          )}
        </BoardColumn>
      ))}
    </div>
  );
}

/** The newest that is known of a task, in whichever list it stands. */
function newest(client: QueryClient, task: TaskLine) {
  const lists = client.getQueriesData<InfiniteData<{ items: TaskLine[] }>>({ queryKey: ["tasks", "list"] });
  const rows = lists.flatMap(([, list]) => list?.pages.flatMap((page) => page.items) ?? []);
  return rows.reduce((best, row) => (row.id === best.id && row.version > best.version ? row : best), task);
}

/** Puts a task into another column, and the focus on it there. One that wants evidence is done by saying what shows it. */
function useMove(askEvidence: (task: TaskLine) => void) {
  const client = useQueryClient();
  const { change } = useTaskActions();
  const moved = useRef<string | null>(null);
  // One after the other: the next starts from the version that the one before has made.
  const going = useRef<Promise<unknown>>(Promise.resolve());
  useEffect(() => {
    if (!moved.current || document.activeElement !== document.body) return;
    document.querySelector<HTMLElement>(`[data-row="${moved.current}"] input`)?.focus();
  });
  return (task: TaskLine, to: Column) => {
    if (to === columnOf(task)) return;
    moved.current = task.id;
    if (to === "done" && asksEvidence(task)) return askEvidence(task);
    const now = new Date().toISOString();
    going.current = going.current.then(() => {
      const row = newest(client, task);
      return change(row, fieldsOf(row, to, now), `Moved to ${label(COLUMNS, to)}.`);
    });
  };
}

function BoardColumn({
  name,
  count,
  onDrop,
  children,
}: {
  name: string;
  count: number;
  /** Takes a card; without it none can be put here. */
  onDrop?: (id: string) => void;
  children: ReactNode;
}) {
  const [over, setOver] = useState(false);
  const takes = (event: DragEvent) => Boolean(onDrop) && event.dataTransfer.types.includes(CARD);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the mouse's way; keys and the menu of a card are the others
    <div
      onDragOver={(event) => {
        if (!takes(event)) return;
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        setOver(false);
        if (!takes(event)) return;
        event.preventDefault();
        onDrop?.(event.dataTransfer.getData(CARD));
      }}
    >
      <Card
        id={`column-${name.replace(/\W/g, "-")}`}
        title={name}
        className={cn(over && "border-brass")}
        action={<span className="num text-sm text-ink-3">{count}</span>}
      >
        {children}
      </Card>
    </div>
  );
}
