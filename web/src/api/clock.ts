/** The server's clock, as its answers tell it: that of a device may be wrong by minutes, and what is written has its moment from here. */
let ahead = 0;
/** An answer says its moment in whole seconds and takes a while to arrive. */
const EXACT_MS = 5_000;

/** Hears the moment of an answer, from its `Date`. */
export function hearTime(date: string | null) {
  const off = Date.parse(date ?? "") - Date.now();
  if (!Number.isNaN(off)) ahead = Math.abs(off) < EXACT_MS ? 0 : off;
}

/** Now, by the server's clock. */
export const serverNow = () => new Date(Date.now() + ahead);
