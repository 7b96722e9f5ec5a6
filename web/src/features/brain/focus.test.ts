import { afterEach, expect, test, vi } from "vitest";
import { focusOn } from "./focus";

afterEach(() => {
  vi.useRealTimers();
  document.body.innerHTML = "";
});
const atNextFrame = async () => void (await vi.advanceTimersByTimeAsync(50));

test("FE-5 what appears late has the focus, unless its reader has put it elsewhere by then", async () => {
  vi.useFakeTimers();
  document.body.innerHTML = "<button id='here'></button><button id='there'></button>";
  focusOn("late");
  await atNextFrame();
  document.body.insertAdjacentHTML("beforeend", "<h2 id='late' tabindex='-1'></h2>");
  await atNextFrame();
  expect(document.activeElement?.id).toBe("late");
  document.getElementById("here")?.focus();
  focusOn("late");
  document.getElementById("there")?.focus();
  await atNextFrame();
  expect(document.activeElement?.id).toBe("there");
});
