/** Dates are shown so that nobody can read them two ways: `12 May 2026`. A calendar date has no time zone. */
const day = new Intl.DateTimeFormat("en-GB", {
  day: "numeric",
  month: "short",
  year: "numeric",
  timeZone: "UTC",
});
const weekday = new Intl.DateTimeFormat("en-GB", { weekday: "short", timeZone: "UTC" });
const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");

/** `2026-05-12` as `12 May 2026`. en-GB writes "Sept"; three letters keep columns even. */
export function date(iso: string) {
  return day.format(new Date(`${iso.slice(0, 10)}T00:00:00Z`)).replace("Sept", "Sep");
}
export const dateWithWeekday = (iso: string) =>
  `${weekday.format(new Date(`${iso.slice(0, 10)}T00:00:00Z`))} ${date(iso)}`;

/** A moment in the reader's own time zone: `12 May 2026, 14:03`. */
export function moment(timestamp: string) {
  const t = new Date(timestamp);
  const two = (n: number) => String(n).padStart(2, "0");
  return `${t.getDate()} ${MONTHS[t.getMonth()]} ${t.getFullYear()}, ${two(t.getHours())}:${two(t.getMinutes())}`;
}

let zone: string | undefined;
/** Days begin and end in the firm's time zone, wherever the reader is. */
export function setTimeZone(name: string) {
  zone = name;
}

/** Today for the firm, as `YYYY-MM-DD`; before it is known, where the reader is. */
export function today(now = new Date()) {
  // en-CA writes a date that way.
  return new Intl.DateTimeFormat("en-CA", {
    timeZone: zone,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
  }).format(now);
}

/** The moment of a time of day in the firm's time zone. */
export function momentOf(day: string, time: string) {
  const wanted = Date.parse(`${day}T${time}:00Z`);
  const fields = {
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
  } as const;
  // sv-SE writes 2026-03-14 09:00.
  const wall = new Intl.DateTimeFormat("sv-SE", { timeZone: zone, ...fields });
  const off = (at: number) => Date.parse(`${wall.format(at).replace(" ", "T")}:00Z`) - at;
  // The clocks may change between the guess and the moment: the second guess stands on its own side of that.
  return new Date(wanted - off(wanted - off(wanted)));
}

/** The day so many days after `iso`. */
export function plusDays(iso: string, days: number) {
  return new Date(Date.parse(`${iso}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

/** `09:30` as `9:30 am`. */
export function clock(time: string) {
  const [hours = "0", minutes = "00"] = time.split(":");
  const hour = Number(hours);
  return `${hour % 12 || 12}${minutes === "00" ? "" : `:${minutes}`} ${hour < 12 ? "am" : "pm"}`;
}

/** Whole days from `from` to `to`, both calendar dates. Negative when `to` is earlier. */
export function daysBetween(from: string, to: string) {
  const utc = (iso: string) => Date.parse(`${iso.slice(0, 10)}T00:00:00Z`);
  return Math.round((utc(to) - utc(from)) / 86_400_000);
}

/** `just now`, `5 min ago`, `3 h ago`, `yesterday`, `6 days ago`, then the date itself. */
export function ago(timestamp: string, now = new Date()) {
  const seconds = (now.getTime() - Date.parse(timestamp)) / 1000;
  if (seconds < 60) return "just now";
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  const days = daysBetween(today(new Date(timestamp)), today(now));
  if (days === 0) return `${Math.floor(seconds / 3600)} h ago`;
  if (days === 1) return "yesterday";
  if (days < 14) return `${days} days ago`;
  return date(today(new Date(timestamp)));
}

/** How a due date reads next to a task: `Due today`, `3 days overdue`, `Due 12 May 2026`. */
export function due(iso: string, now = today()) {
  const days = daysBetween(now, iso);
  if (days === 0) return "Due today";
  if (days === 1) return "Due tomorrow";
  if (days === -1) return "1 day overdue";
  if (days < 0) return `${(-days).toLocaleString("en-US")} days overdue`;
  return `Due ${date(iso)}`;
}
export const isOverdue = (iso: string | null, now = today()) => iso !== null && iso < now;

/** The first moment of a day where the reader is, as the server is asked about it. */
export function startOfDay(iso: string) {
  const [y = 0, m = 1, d = 1] = iso.split("-").map(Number);
  return new Date(y, m - 1, d).toISOString();
}

/** The last moment of a day where the reader is. */
export function endOfDay(iso: string) {
  const [y = 0, m = 1, d = 1] = iso.split("-").map(Number);
  return new Date(y, m - 1, d, 23, 59, 59, 999).toISOString();
}

/** The moment that a day or a moment in an address means: of a day its end. */
export const knownMoment = (known: string) => (known.length > 10 ? known : endOfDay(known));

/** The day that a day or a moment in an address is of, for the firm. */
export const knownDay = (known: string) => (known.length > 10 ? today(new Date(known)) : known);

/** The last moment before something happened, to the millisecond. */
export const justBefore = (timestamp: string) => new Date(Date.parse(timestamp) - 1).toISOString();

/** The day before a day. */
export const dayBefore = (iso: string) =>
  new Date(Date.parse(`${iso}T00:00:00Z`) - 86_400_000).toISOString().slice(0, 10);
