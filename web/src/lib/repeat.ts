/** Rules of repeating tasks (RFC 5545) in words, and the ones that are offered. */
import { date } from "./dates";
import { plural } from "./words";

const DAYS: Record<string, string> = {
  MO: "Monday",
  TU: "Tuesday",
  WE: "Wednesday",
  TH: "Thursday",
  FR: "Friday",
  SA: "Saturday",
  SU: "Sunday",
};
const MONTHS = "January February March April May June July August September October November December".split(
  " ",
);
const NTH: Record<string, string> = { 1: "first", 2: "second", 3: "third", 4: "fourth", "-1": "last" };
const UNITS: Record<string, string> = { DAILY: "day", WEEKLY: "week", MONTHLY: "month", YEARLY: "year" };

/** A rule as its parts. */
export const parts = (rule: string): Record<string, string> =>
  Object.fromEntries(rule.split(";").map((part) => part.split("=") as [string, string]));

function ordinal(n: number) {
  const teen = n % 100 > 10 && n % 100 < 14;
  return `${n}${teen ? "th" : (["th", "st", "nd", "rd"][n % 10] ?? "th")}`;
}

const list = (items: string[]) =>
  items.length < 2 ? (items[0] ?? "") : `${items.slice(0, -1).join(", ")} and ${items.at(-1)}`;

function onWhich(rule: Record<string, string>) {
  const days = rule.BYDAY?.split(",");
  if (days) {
    const named = days.map((d) => {
      const nth = d.slice(0, -2);
      return `${nth ? `the ${NTH[nth] ?? ordinal(Number(nth))} ` : ""}${DAYS[d.slice(-2)] ?? d}`;
    });
    return ` on ${list(named)}`;
  }
  if (!rule.BYMONTHDAY) return "";
  const numbers = rule.BYMONTHDAY.split(",").map(Number);
  const month = rule.BYMONTH?.split(",").map((m) => MONTHS[Number(m) - 1] ?? m);
  const last = rule.BYSETPOS === "-1" ? numbers.at(-1) : undefined;
  if (last) return ` on the ${ordinal(last)}, or the last day`;
  const named = numbers.map((n) => (n === -1 ? "last day" : ordinal(n)));
  return month ? ` on ${list(numbers.map(String))} ${list(month)}` : ` on the ${list(named)}`;
}

/** `FREQ=MONTHLY;BYMONTHDAY=1;COUNT=3` as `every month on the 1st, 3 times`. */
export function repeatWords(text: string) {
  const rule = parts(text);
  const every = Number(rule.INTERVAL ?? 1);
  const unit = UNITS[rule.FREQ ?? ""] ?? "day";
  const often =
    rule.FREQ === "WEEKLY" && rule.BYDAY === "MO,TU,WE,TH,FR" && every === 1
      ? "every weekday"
      : `${every === 1 ? `every ${unit}` : `every ${every} ${unit}s`}${onWhich(rule)}`;
  if (rule.COUNT) return `${often}, ${plural(Number(rule.COUNT), "time")}`;
  const u = rule.UNTIL;
  return u ? `${often}, until ${date(`${u.slice(0, 4)}-${u.slice(4, 6)}-${u.slice(6, 8)}`)}` : often;
}

/** The rules to choose from; `own` is the one that the task has already. */
export function repeatOptions(own?: string | null): [string, string][] {
  const rules = [
    "FREQ=DAILY",
    "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR",
    "FREQ=WEEKLY",
    "FREQ=WEEKLY;INTERVAL=2",
    "FREQ=MONTHLY",
    "FREQ=MONTHLY;INTERVAL=3",
    "FREQ=YEARLY",
  ];
  if (own && !rules.includes(own)) rules.unshift(own);
  return rules.map((rule) => {
    const words = repeatWords(rule);
    return [rule, words.charAt(0).toUpperCase() + words.slice(1)];
  });
}
