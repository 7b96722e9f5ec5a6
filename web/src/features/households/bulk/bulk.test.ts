import { HttpResponse, http } from "msw";
import { expect, test } from "vitest";
import { server } from "@/test/setup";
import { changeOf } from "./kinds";
import { HalfDone, runMany } from "./run";

const ids = Array.from({ length: 1_200 }, (_, i) => `id-${i}`);

/** Answers each part of a change; from `refuseFrom` on it is refused. */
function parts(refuseFrom = Number.POSITIVE_INFINITY) {
  const seen: { ids: number; dry: boolean; request: string | null }[] = [];
  server.use(
    http.post("*/api/households/bulk", async ({ request }) => {
      const body = (await request.json()) as { ids: string[]; dry_run: boolean };
      const id = request.headers.get("x-request-id");
      seen.push({ ids: body.ids.length, dry: body.dry_run, request: id });
      if (seen.length > refuseFrom)
        return HttpResponse.json({ status: 404, detail: "not found" }, { status: 404 });
      const lines = body.ids.map((id) => ({ id, name: id, field: "tier", old: null, new: "A" }));
      return HttpResponse.json({
        households: body.ids.length,
        changed: body.ids.length - 1,
        unchanged: 1,
        lines: lines.slice(0, 200),
        request_id: id,
      });
    }),
  );
  return seen;
}

test("HL a change of many runs in parts under one request, says how far it is, and adds up what it did", async () => {
  const seen = parts();
  const progress: number[] = [];
  const outcome = await runMany(ids, { tier: "A" }, { dryRun: false, onProgress: (n) => progress.push(n) });
  expect(seen.map((s) => s.ids)).toEqual([500, 500, 200]);
  expect(new Set(seen.map((s) => s.request))).toEqual(new Set([outcome.requestId]));
  expect(progress).toEqual([500, 1000, 1200]);
  expect([outcome.changed, outcome.unchanged, outcome.lines.length]).toEqual([1197, 3, 200]);
});

test("HL a refused part leaves what the earlier ones did to be undone; a refused preview leaves nothing", async () => {
  parts(1);
  const half = await runMany(ids, { tier: "A" }, { dryRun: false }).catch((error) => error);
  expect(half).toBeInstanceOf(HalfDone);
  expect(half.outcome.changed).toBe(499);
  parts(1);
  await expect(runMany(ids, { tier: "A" }, { dryRun: true })).rejects.not.toBeInstanceOf(HalfDone);
});

test("HL a form asks for what it says: an empty tier takes it off, tags are added and removed, no team is no change", () => {
  expect(changeOf("tier", { tier: " A " })).toEqual({ tier: "A" });
  expect(changeOf("tier", { tier: "" })).toEqual({ tier: null });
  expect(changeOf("tags", { add_tags: "a, b,a", remove_tags: "" })).toEqual({
    add_tags: ["a", "b"],
    remove_tags: [],
  });
  expect(changeOf("tags", { add_tags: " , ", remove_tags: "" })).toBeNull();
  expect(changeOf("team", { team_id: "" })).toBeNull();
  expect(changeOf("cadence", { review_cadence_months: "6" })).toEqual({ review_cadence_months: 6 });
});
