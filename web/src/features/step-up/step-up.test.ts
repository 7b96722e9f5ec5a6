import { expect, test, vi } from "vitest";
import { Problem } from "@/api/problem";
import { confirmed, stepUpStore } from "./store";

const tooOld = () => new Problem(403, { code: "step_up", detail: "confirm that it is you" });
/** Refused until the person has confirmed. */
function guarded() {
  let fresh = false;
  const run = vi.fn(() => (fresh ? Promise.resolve("done") : Promise.reject(tooOld())));
  return { run, confirm: () => (fresh = true) };
}

test("AU-7 what was refused is done again once the person has confirmed", async () => {
  const { run, confirm } = guarded();
  const answer = confirmed(run);
  await vi.waitFor(() => expect(stepUpStore.isAsking()).toBe(true));
  confirm();
  stepUpStore.done();
  expect(await answer).toBe("done");
  expect(run).toHaveBeenCalledTimes(2);
  expect(stepUpStore.isAsking()).toBe(false);
});

test("AU-7 two that wait are answered by one confirmation", async () => {
  const { run, confirm } = guarded();
  const answers = Promise.all([confirmed(run), confirmed(run)]);
  await vi.waitFor(() => expect(run).toHaveBeenCalledTimes(2));
  await vi.waitFor(() => expect(stepUpStore.isAsking()).toBe(true));
  confirm();
  stepUpStore.done();
  expect(await answers).toEqual(["done", "done"]);
});

test("AU-7 who would rather not is told of the refusal, and nothing is done", async () => {
  const { run } = guarded();
  const answer = confirmed(run);
  await vi.waitFor(() => expect(stepUpStore.isAsking()).toBe(true));
  stepUpStore.cancel(null);
  await expect(answer).rejects.toMatchObject({ code: "step_up" });
  expect(run).toHaveBeenCalledTimes(1);
});

test("any other refusal is passed on without a question", async () => {
  const answer = confirmed(() => Promise.reject(new Problem(403, { code: "forbidden" })));
  await expect(answer).rejects.toMatchObject({ code: "forbidden" });
  expect(stepUpStore.isAsking()).toBe(false);
});
