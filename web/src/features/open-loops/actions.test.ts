import { HttpResponse, http } from "msw";
import { expect, test, vi } from "vitest";
import { onItsWay } from "@/api/own";
import type { OpenLoop } from "@/api/types";
import type { Facts } from "@/features/edits";
import { gate } from "@/test/answers";
import { server } from "@/test/setup";
import { loopActions } from "./useLoopActions";

test("ST-4 loops are merged on top of what was just changed here, which the server has to have first", async () => {
  const asked = vi.fn();
  server.use(
    http.post("*/api/open-loops/:id/merge", () => {
      asked();
      return HttpResponse.json({});
    }),
  );
  const { passed, open: answer } = gate();
  const change = onItsWay(passed);
  const facts = { renew: () => Promise.resolve() } as unknown as Facts;
  const merged = loopActions(facts).merge({ id: "one" } as OpenLoop, { id: "other" } as OpenLoop);
  await new Promise((done) => setTimeout(done));
  expect(asked).not.toHaveBeenCalled();
  answer();
  await change;
  await merged;
  expect(asked).toHaveBeenCalledOnce();
});
