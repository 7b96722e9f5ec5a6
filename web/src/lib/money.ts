/**
 * Money arrives as a decimal string and stays exact: it is never turned into a binary number except to shorten it for
 * display. A minus is U+2212, never a hyphen.
 */
const MINUS = "−";

const formatters = new Map<string, Intl.NumberFormat>();
function formatter(currency: string, options: Intl.NumberFormatOptions) {
  const key = `${currency}|${JSON.stringify(options)}`;
  let found = formatters.get(key);
  if (!found) {
    found = new Intl.NumberFormat("en-US", { style: "currency", currency, ...options });
    formatters.set(key, found);
  }
  return found;
}
const withMinus = (text: string) => text.replace("-", MINUS);

/** `$18,460,000`: whole units. Null for an amount that is not there. */
export function money(amount: string | null | undefined, currency = "USD") {
  if (amount === null || amount === undefined || amount === "") return null;
  return withMinus(formatter(currency, { maximumFractionDigits: 0 }).format(amount as unknown as number));
}

/** `$18,460,000.25`: to the cent, for tables that must add up. */
export function moneyExact(amount: string, currency = "USD") {
  const options = { minimumFractionDigits: 2, maximumFractionDigits: 2 };
  return withMinus(formatter(currency, options).format(amount as unknown as number));
}

/** `$18.5M`, `$640K`: one decimal from a million up, none below. */
export function moneyShort(amount: string, currency = "USD") {
  const value = Number(amount);
  // 999,500 and more would be shown as "1000K"
  const digits = Math.abs(value) >= 999_500 ? 1 : 0;
  const options = {
    notation: "compact",
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  } as const;
  return withMinus(formatter(currency, options).format(value));
}

export const isZero = (amount: string) => Number(amount) === 0;
/** `2.5%` from `2.500`; the share or rate is already in percent. */
export const percent = (value: string) => `${withMinus(String(Number.parseFloat(value)))}%`;
