import { QueryObserver } from "@tanstack/react-query";
import { expect, test, vi } from "vitest";
import { NeverOldClient } from "./query";

const KEY = ["household", "h"];

/** A client that is asking for something the first time. `answer` is what the question that was asked as the nth is told. */
function asking() {
  const client = new NeverOldClient();
  const answers: ((value: string) => void)[] = [];
  const queryFn = () => new Promise<string>((done) => answers.push(done));
  return { client, answers, queryFn };
}
const asked = (answers: unknown[], times: number) => vi.waitFor(() => expect(answers).toHaveLength(times));

test("ST-6 what changes while it is asked for the first time is shown, and then asked for again", async () => {
  const { client, answers, queryFn } = asking();
  const shown: (string | undefined)[] = [];
  const stop = new QueryObserver(client, { queryKey: KEY, queryFn }).subscribe(({ data }) =>
    shown.push(data),
  );
  await asked(answers, 1);
  let renewed = false;
  const renewal = client.invalidateQueries({ queryKey: ["household"] }).then(() => {
    renewed = true;
  });
  answers[0]?.("as it was");
  await asked(answers, 2);
  expect([shown.at(-1), renewed]).toEqual(["as it was", false]);
  answers[1]?.("as it is");
  await renewal;
  expect(client.getQueryData(KEY)).toBe("as it is");
  stop();
});

test("ST-6 what changes often while it is asked for the first time is asked for once more", async () => {
  const { client, answers, queryFn } = asking();
  const stop = new QueryObserver(client, { queryKey: KEY, queryFn }).subscribe(() => {});
  await asked(answers, 1);
  const renewals = [KEY, ["household"], KEY].map((queryKey) => client.invalidateQueries({ queryKey }));
  answers[0]?.("as it was");
  await asked(answers, 2);
  answers[1]?.("as it is");
  await Promise.all(renewals);
  expect(answers).toHaveLength(2);
  expect(client.getQueryData(KEY)).toBe("as it is");
  stop();
});

test("ST-6 what changes while nobody looks at it yet is old when it comes", async () => {
  const { client, answers, queryFn } = asking();
  const loaded = client.fetchQuery({ queryKey: KEY, queryFn });
  await asked(answers, 1);
  const renewal = client.invalidateQueries({ queryKey: KEY, refetchType: "none" });
  answers[0]?.("as it was");
  expect(await loaded).toBe("as it was");
  await renewal;
  await vi.waitFor(() => expect(client.getQueryState(KEY)?.isInvalidated).toBe(true));
  expect(answers).toHaveLength(1);
});

test("what fails meanwhile stays failed", async () => {
  const client = new NeverOldClient();
  const queryFn = vi.fn(() => Promise.reject(new Error("no")));
  const watching = new QueryObserver(client, { queryKey: KEY, queryFn, retry: false });
  const stop = watching.subscribe(() => {});
  await client.invalidateQueries({ queryKey: KEY });
  expect(watching.getCurrentResult().isError).toBe(true);
  expect(queryFn).toHaveBeenCalledOnce();
  stop();
});
