import { afterEach, expect, test, vi } from "vitest";
import { Problem } from "@/api/problem";
import * as api from "@/api/queries/uploads";
import type { Upload } from "@/api/types";
import { Sender } from "./sender";

vi.mock("@/api/queries/uploads");
const upload = (parts: number[], state = "receiving") => ({ parts, state }) as Upload;
afterEach(() => vi.resetAllMocks());

function sender(size = 10) {
  vi.mocked(api.startReading).mockResolvedValue(upload([], "reading"));
  return new Sender("u", new Blob(["x".repeat(size)]), 4, 0);
}
const sent = () => vi.mocked(api.putPart).mock.calls.map(([, number, part]) => [number, part.size]);

test("ST-3 an upload sends the parts that are missing, then asks for the dry run", async () => {
  vi.mocked(api.readUpload).mockResolvedValue(upload([1]));
  const it = sender();
  await it.run();
  expect(sent()).toEqual([
    [0, 4],
    [2, 2],
  ]);
  expect(it.snapshot()).toMatchObject({ status: "sent", sent: 10 });
  expect(api.startReading).toHaveBeenCalledOnce();
});
test("ST-3 a part that does not get through is tried again, then somebody is asked", async () => {
  vi.mocked(api.readUpload).mockResolvedValue(upload([]));
  vi.mocked(api.putPart).mockRejectedValueOnce(new Problem(0)).mockRejectedValueOnce(new Problem(503));
  const it = sender(4);
  await it.run();
  expect(it.snapshot().status).toBe("sent");
  vi.mocked(api.putPart).mockRejectedValue(new Problem(0));
  await it.run();
  expect(it.snapshot().status).toBe("failed");
});
test("ST-3 a part that is refused is not tried again", async () => {
  vi.mocked(api.readUpload).mockResolvedValue(upload([]));
  vi.mocked(api.putPart).mockRejectedValue(new Problem(404));
  const it = sender(4);
  await it.run();
  expect(api.putPart).toHaveBeenCalledOnce();
  expect(it.snapshot()).toMatchObject({ status: "failed" });
});
