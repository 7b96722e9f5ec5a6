import { describe, expect, test } from "vitest";
import { ago, date, dateWithWeekday, daysBetween, due, isOverdue, today } from "./dates";
import { isZero, money, moneyExact, moneyShort, percent } from "./money";
import { label, plural, ROLES, sentence } from "./words";

describe("dates", () => {
  test("a date can be read only one way", () => {
    expect(date("2026-05-12")).toBe("12 May 2026");
    expect(date("2026-09-01")).toBe("1 Sep 2026");
    expect(dateWithWeekday("2026-11-22")).toBe("Sun 22 Nov 2026");
  });
  test("a calendar date does not move with the time zone", () => {
    expect(date("2026-01-01")).toBe("1 Jan 2026");
    expect(date("2026-12-31")).toBe("31 Dec 2026");
  });
  test("today is the reader's own day", () => {
    expect(today(new Date(2026, 0, 5, 23, 59))).toBe("2026-01-05");
  });
  test("days are counted over the change of clocks", () => {
    expect(daysBetween("2026-03-28", "2026-03-30")).toBe(2);
    expect(daysBetween("2026-03-30", "2026-03-28")).toBe(-2);
  });
  test("a due date says how late it is", () => {
    const now = "2026-11-22";
    expect(due("2026-11-22", now)).toBe("Due today");
    expect(due("2026-11-23", now)).toBe("Due tomorrow");
    expect(due("2026-11-21", now)).toBe("1 day overdue");
    expect(due("2026-11-18", now)).toBe("4 days overdue");
    expect(due("2027-01-15", now)).toBe("Due 15 Jan 2027");
    expect(isOverdue("2026-11-21", now)).toBe(true);
    expect(isOverdue("2026-11-22", now)).toBe(false);
    expect(isOverdue(null, now)).toBe(false);
  });
  test("a moment is told relative while it is near, and as a date later", () => {
    const now = new Date(2026, 10, 22, 12, 0, 0);
    const earlier = (ms: number) => new Date(now.getTime() - ms).toISOString();
    expect(ago(earlier(20_000), now)).toBe("just now");
    expect(ago(earlier(5 * 60_000), now)).toBe("5 min ago");
    expect(ago(earlier(3 * 3_600_000), now)).toBe("3 h ago");
    expect(ago(earlier(24 * 3_600_000), now)).toBe("yesterday");
    expect(ago(earlier(10 * 86_400_000), now)).toBe("10 days ago");
    expect(ago(earlier(40 * 86_400_000), now)).toBe("13 Oct 2026");
  });
});

describe("money", () => {
  test("whole amounts have no cents, and a real minus", () => {
    expect(money("18460000.25")).toBe("$18,460,000");
    expect(money("-1200.00")).toBe("−$1,200");
    expect(money(null)).toBeNull();
    expect(money("0.00")).toBe("$0");
  });
  test("exact amounts keep every digit of large sums", () => {
    expect(moneyExact("9007199254740993.25")).toBe("$9,007,199,254,740,993.25");
    expect(moneyExact("410000.00", "CHF").replace(/\s/g, " ")).toBe("CHF 410,000.00");
  });
  test("short amounts have one decimal from a million up and none below", () => {
    expect(moneyShort("2000000")).toBe("$2.0M");
    expect(moneyShort("640210.00")).toBe("$640K");
    expect(moneyShort("999999")).toBe("$1.0M");
    expect(moneyShort("-672000")).toBe("−$672K");
    expect(moneyShort("950")).toBe("$950");
  });
  test("percentages lose their padding", () => {
    expect(percent("3.125")).toBe("3.125%");
    expect(percent("100.00")).toBe("100%");
  });
  test("zero is recognised however it is written", () => {
    expect(isZero("0.00")).toBe(true);
    expect(isZero("0.01")).toBe(false);
  });
});

describe("words", () => {
  test("stored names become readable", () => {
    expect(sentence("review_cadence_months")).toBe("Review cadence months");
    expect(label([["a", "Alpha"]], "a")).toBe("Alpha");
    expect(label([["a", "Alpha"]], "b_c")).toBe("B c");
    expect(label([], null)).toBe("");
    expect(ROLES.firm_admin).toBe("Firm admin");
  });
  test("counts agree with their noun", () => {
    expect(plural(1, "entry", "entries")).toBe("1 entry");
    expect(plural(10_000, "household")).toBe("10,000 households");
  });
});
