/** Whether two looks at the list are the same: the order of keys, at any depth, and what is left empty do not count. */
export const sameLook = (a: object, b: object) => plain(a) === plain(b);

function plain(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(plain).join()}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  const entries = Object.entries(value).filter(([, v]) => v !== undefined && v !== "");
  return `{${entries
    .sort(([x], [y]) => (x < y ? -1 : 1))
    .map(([k, v]) => `${JSON.stringify(k)}:${plain(v)}`)
    .join()}}`;
}
