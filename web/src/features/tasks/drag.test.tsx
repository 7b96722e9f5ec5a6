import { createEvent, fireEvent, screen } from "@testing-library/react";
import { expect, test } from "vitest";
import type { Task } from "@/api/types";
import { openApp } from "@/test/app";
import { StandIn } from "@/test/standin";

const WAIT = { timeout: 12_000 };

test("ST-1 the card that is dragged is the one that was pressed, also when the list moves in between", async () => {
  const standIn = new StandIn(1);
  const [pattern] = standIn.first.tasks as [Task];
  const task = (id: string, title: string): Task => ({ ...pattern, id, title, done_at: null });
  standIn.first.tasks = [task("mine", "Send the form"), task("other", "Call the bank")];
  openApp("/tasks?view=board&who=anybody", standIn);
  const card = async (title: string) =>
    (await screen.findByRole("checkbox", { name: `Done: ${title}` }, WAIT)).closest("li") as HTMLElement;
  const [mine, other] = [await card("Send the form"), await card("Call the bank")];

  const carried = new Map<string, string>();
  const drag = (row: HTMLElement) => {
    const event = createEvent.dragStart(row);
    const dataTransfer = { setData: (kind: string, id: string) => carried.set(kind, id), types: [] };
    Object.defineProperty(event, "dataTransfer", { value: dataTransfer });
    fireEvent(row, event);
    return event;
  };
  fireEvent.pointerDown(mine);
  expect(drag(other).defaultPrevented).toBe(true);
  expect([...carried.values()]).toEqual([]);
  expect(drag(mine).defaultPrevented).toBe(false);
  expect([...carried.values()]).toEqual(["mine"]);
});
