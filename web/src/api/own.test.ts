import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { onItsWay, whenAnswered } from "./own";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("ST-5 what is asked again waits for the last change that is on its way, and for five seconds at most", async () => {
  const answers: (() => void)[] = [];
  const change = () => onItsWay(new Promise<void>((done) => answers.push(done)));
  const asked = vi.fn();
  const changes = [change(), change()];
  void whenAnswered().then(asked);
  answers[0]?.();
  await changes[0];
  await vi.advanceTimersByTimeAsync(100);
  expect(asked).not.toHaveBeenCalled();
  answers[1]?.();
  await changes[1];
  await vi.advanceTimersByTimeAsync(0);
  expect(asked).toHaveBeenCalledOnce();

  void change();
  void whenAnswered().then(asked);
  await vi.advanceTimersByTimeAsync(4_900);
  expect(asked).toHaveBeenCalledOnce();
  await vi.advanceTimersByTimeAsync(200);
  expect(asked).toHaveBeenCalledTimes(2);
});
