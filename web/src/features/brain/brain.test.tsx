import { QueryClientProvider } from "@tanstack/react-query";
import { act, renderHook, waitFor } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import type { ReactNode } from "react";
import { expect, test, vi } from "vitest";
import type { BrainFile } from "@/api/queries/brain";
import { queryClient } from "@/app/query";
import { gate } from "@/test/answers";
import { brainFile as file } from "@/test/brain-file";
import { server } from "@/test/setup";
import { keepWritten, useBrainFiles } from "./useBrain";
import { useSave } from "./useSave";

const wrapper = ({ children }: { children: ReactNode }) => (
  <QueryClientProvider client={queryClient}>{children}</QueryClientProvider>
);
const refused = (status: number) => HttpResponse.json({ status, detail: "No." }, { status });
const list = (items: BrainFile[]) => HttpResponse.json({ items });

/** A server with these files, and what it says of those that were removed. */
function serve(present: BrainFile[], removed: () => Response | Promise<Response>) {
  queryClient.clear();
  server.use(
    http.get("*/api/households/h/brain", ({ request }) =>
      new URL(request.url).searchParams.get("removed") ? removed() : list(present),
    ),
  );
}
const tab = () => renderHook(() => useBrainFiles("h", undefined), { wrapper }).result;
const paths = (files: BrainFile[] | undefined) => files?.map((one) => one.path);

test("BR-8 files are shown although those that were removed cannot be asked for", async () => {
  serve([file("facts.md")], () => refused(403));
  const brain = tab();
  await waitFor(() => expect(brain.current.removedUnknown).toBe(true));
  await waitFor(() => expect(paths(brain.current.files)).toEqual(["facts.md"]));
  expect(brain.current.error).toBeNull();
});

test("BR-8 without a file nobody says that nothing is remembered before it is known whether one was removed", async () => {
  const { passed: held, open: answer } = gate();
  serve([], () => held.then(() => refused(403)));
  const brain = tab();
  await waitFor(() => expect(brain.current.files).toEqual([]));
  expect(brain.current.pending).toBe(true);
  answer();
  await waitFor(() => expect(brain.current.error).not.toBeNull());
});

test("BR-8 a file moves between the list and the removed ones with the answer that moved it", async () => {
  const gone = file("old.md", { removed: true, version: 2 });
  serve([file("facts.md")], () => list([gone]));
  const brain = tab();
  await waitFor(() => expect(paths(brain.current.removed)).toEqual(["old.md"]));
  // The list does not come again: what is shown is what was put there.
  vi.spyOn(queryClient, "invalidateQueries").mockResolvedValue();
  const shows = (present: string[], removed: string[]) =>
    waitFor(() =>
      expect([paths(brain.current.files), paths(brain.current.removed)]).toEqual([present, removed]),
    );
  keepWritten(queryClient, file("old.md", { version: 3 }));
  await shows(["facts.md", "old.md"], []);
  keepWritten(queryClient, file("old.md", { removed: true, version: 4 }));
  await shows(["facts.md"], ["old.md"]);
});

test.each(["save", "saveOver"] as const)(
  "BR-8 a colleague's removal is shown where it stands in the way, and %s begins the file anew",
  async (way) => {
    const gone = file("facts.md", { removed: true, version: 2, user_name: "Matt Ferro", reason: "Doubled" });
    serve([], () => list([gone]));
    const sent: unknown[] = [];
    server.use(
      http.put("*/api/households/h/brain", async ({ request }) => {
        const body = (await request.json()) as { seen?: number };
        sent.push(body);
        return body.seen ? refused(409) : HttpResponse.json(file("facts.md", { id: "new" }));
      }),
    );
    const saved = vi.fn();
    const { result } = renderHook(() => useSave("h", 1, saved), { wrapper });
    const written = { path: "facts.md", body: "Mine", reason: "" };
    await act(() => result.current.save(written));
    expect(result.current.problem?.status).toBe(409);
    await act(() => result.current.showTheirs("facts.md"));
    expect(result.current.theirs).toEqual({ file: gone, body: null });
    await act(() => result.current[way](written));
    expect(sent).toEqual([
      { path: "facts.md", body: "Mine", seen: 1 },
      { path: "facts.md", body: "Mine" },
    ]);
    expect(saved).toHaveBeenCalledTimes(1);
  },
);
