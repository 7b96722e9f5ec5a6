/** A telephone number as it is read: those of the North American plan in groups, others as they are dialled. */
export function phoneText(
  e164: string | null | undefined,
  typed: string | null | undefined,
  extension?: string | null,
) {
  const group = /^\+1(\d{3})(\d{3})(\d{4})$/.exec(e164 ?? "");
  // What cannot be dialled is shown as it was typed.
  const number = group ? `(${group[1]}) ${group[2]}-${group[3]}` : e164 || typed || "";
  return extension && e164 ? `${number} ext. ${extension}` : number;
}
