import { expect, test } from "vitest";
import { repeatOptions, repeatWords } from "./repeat";

test("a rule reads as a person would say it", () => {
  const said = Object.fromEntries(
    [
      "FREQ=DAILY",
      "FREQ=WEEKLY;INTERVAL=2",
      "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR",
      "FREQ=WEEKLY;BYDAY=MO,TH",
      "FREQ=MONTHLY;BYMONTHDAY=1;COUNT=3",
      "FREQ=MONTHLY;BYMONTHDAY=-1",
      "FREQ=MONTHLY;BYMONTHDAY=28,29,30;BYSETPOS=-1",
      "FREQ=MONTHLY;BYDAY=-1FR;UNTIL=20261231",
      "FREQ=YEARLY;BYMONTH=5;BYMONTHDAY=12",
    ].map((rule) => [rule, repeatWords(rule)]),
  );
  expect(Object.values(said)).toEqual([
    "every day",
    "every 2 weeks",
    "every weekday",
    "every week on Monday and Thursday",
    "every month on the 1st, 3 times",
    "every month on the last day",
    "every month on the 30th, or the last day",
    "every month on the last Friday, until 31 Dec 2026",
    "every year on 12 May",
  ]);
});

test("a rule of one's own is offered beside the usual ones", () => {
  expect(repeatOptions().length).toBe(7);
  expect(repeatOptions("FREQ=DAILY").length).toBe(7);
  expect(repeatOptions("FREQ=MONTHLY;BYMONTHDAY=1")[0]).toEqual([
    "FREQ=MONTHLY;BYMONTHDAY=1",
    "Every month on the 1st",
  ]);
});
