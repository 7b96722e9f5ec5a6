import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { hearTime, serverNow } from "./clock";

beforeEach(() => void vi.useFakeTimers({ now: new Date("2026-11-22T14:03:00Z") }));
afterEach(() => void vi.useRealTimers());

test("ST-5 what is written has its moment by the server's clock, also where the device's is wrong", () => {
  hearTime("Sun, 22 Nov 2026 13:30:00 GMT");
  vi.setSystemTime(new Date("2026-11-22T14:04:00Z"));
  expect(serverNow().toISOString()).toBe("2026-11-22T13:31:00.000Z");
  hearTime(null);
  hearTime("soon");
  expect(serverNow().toISOString()).toBe("2026-11-22T13:31:00.000Z");
  hearTime("Sun, 22 Nov 2026 14:03:58 GMT");
  expect(serverNow().toISOString()).toBe("2026-11-22T14:04:00.000Z");
});
