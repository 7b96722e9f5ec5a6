/**
 * vCards 2.1, 3.0 (RFC 2426) and 4.0 (RFC 6350): names, employer, telephone numbers, e-mail and postal addresses. Photos,
 * notes and everything else are passed over.
 */
import type { CardContact, CardPerson } from "./contact-card";
import { line } from "./one-line";

interface Property {
  name: string;
  params: Map<string, string[]>;
  value: string;
}

export function readVcards(text: string): CardPerson[] {
  const people: CardPerson[] = [];
  let open: Property[] | null = null;
  for (const raw of unfold(text)) {
    const property = read(raw);
    if (!property) continue;
    const marks = property.value.trim().toUpperCase() === "VCARD";
    if (property.name === "BEGIN" && marks) open = [];
    else if (property.name === "END" && marks) {
      const person = open && personOf(open);
      if (person) people.push(person);
      open = null;
    } else open?.push(property);
  }
  return people;
}

/** Lines as they were before they were folded: by white space in front, or by `=` at the end of quoted-printable ones. */
function unfold(text: string): string[] {
  const lines: string[] = [];
  let soft = false;
  for (const raw of text.split(/\r\n|\r|\n/)) {
    const last = lines.length - 1;
    if (soft && last >= 0 && !/^END:VCARD\s*$/i.test(raw)) lines[last] = `${lines[last]?.slice(0, -1)}${raw}`;
    else if (/^[ \t]/.test(raw) && last >= 0) lines[last] += raw.slice(1);
    else lines.push(raw);
    const now = lines.at(-1) ?? "";
    soft = now.endsWith("=") && /^[^:]*;(ENCODING=)?QUOTED-PRINTABLE/i.test(now);
  }
  return lines;
}

/** `item1.TEL;TYPE="work,voice":+1 704 555 0112` */
function read(raw: string): Property | undefined {
  const colon = valueStart(raw);
  if (colon < 0) return undefined;
  const [head = "", ...rest] = splitOutside(raw.slice(0, colon), ";");
  const params = new Map<string, string[]>();
  for (const part of rest) {
    const [, key, value = ""] = /^([\w-]+)=(.*)$/.exec(part) ?? [];
    // vCard 2.1 writes `TEL;WORK;VOICE`.
    const name = (key ?? "TYPE").toUpperCase();
    const values = (key ? value : part).replace(/"/g, "").split(",");
    params.set(name, [...(params.get(name) ?? []), ...values.map((v) => v.trim())]);
  }
  const name = head.replace(/^[\w-]+\./, "").toUpperCase();
  if (!/^[A-Z][A-Z0-9-]*$/.test(name)) return undefined;
  return { name, params, value: decoded(raw.slice(colon + 1), params) };
}

/** Where the value begins: at the first colon that stands in no quotes. */
function valueStart(raw: string) {
  let quoted = false;
  for (let i = 0; i < raw.length; i += 1) {
    if (raw[i] === '"') quoted = !quoted;
    else if (raw[i] === ":" && !quoted) return i;
  }
  return -1;
}

function splitOutside(text: string, mark: string) {
  const parts: string[] = [];
  let quoted = false;
  let from = 0;
  for (let i = 0; i < text.length; i += 1) {
    if (text[i] === '"') quoted = !quoted;
    else if (text[i] === mark && !quoted) {
      parts.push(text.slice(from, i));
      from = i + 1;
    }
  }
  return [...parts, text.slice(from)];
}

function decoded(value: string, params: Map<string, string[]>) {
  const named = [...(params.get("ENCODING") ?? []), ...(params.get("TYPE") ?? [])].map((v) =>
    v.toUpperCase(),
  );
  if (!named.includes("QUOTED-PRINTABLE")) return value;
  const bytes: number[] = [];
  const plain = new TextEncoder();
  for (let i = 0; i < value.length; i += 1) {
    const hex = value[i] === "=" ? value.slice(i + 1, i + 3) : "";
    if (/^[0-9a-f]{2}$/i.test(hex)) {
      bytes.push(Number.parseInt(hex, 16));
      i += 2;
    } else bytes.push(...plain.encode(value[i]));
  }
  const charset = params.get("CHARSET")?.[0] ?? "utf-8";
  try {
    return new TextDecoder(charset).decode(new Uint8Array(bytes));
  } catch {
    return new TextDecoder().decode(new Uint8Array(bytes));
  }
}

/** The parts of a structured value: split at marks that no backslash escapes, and unescaped. */
function parts(value: string, mark = ";"): string[] {
  const out: string[] = [];
  let part = "";
  for (let i = 0; i < value.length; i += 1) {
    const c = value.charAt(i);
    if (c === "\\" && i + 1 < value.length) {
      i += 1;
      part += /n/i.test(value.charAt(i)) ? "\n" : value.charAt(i);
    } else if (c === mark) {
      out.push(part);
      part = "";
    } else part += c;
  }
  return [...out, part];
}
const plain = (value: string) => parts(value, "\u0000")[0] ?? "";

function personOf(properties: readonly Property[]): CardPerson | undefined {
  const first = (name: string) => properties.find((p) => p.name === name)?.value;
  const [last, given, middle, , suffix] = parts(first("N") ?? "").map((p) => line(p, 100));
  const person: CardPerson = {
    first_name: given,
    middle_name: middle,
    last_name: last,
    suffix: line(suffix, 40),
    preferred_name: line(plain(parts(first("NICKNAME") ?? "", ",")[0] ?? ""), 100),
    employer: line(parts(first("ORG") ?? "")[0], 200),
    occupation: line(plain(first("TITLE") ?? first("ROLE") ?? ""), 200),
    contacts: contactsOf(properties),
  };
  if (!given && !last) Object.assign(person, splitName(line(plain(first("FN") ?? ""), 200)));
  return person.first_name || person.last_name ? person : undefined;
}

/** `Anna B. Whitfield` → first, middle and last name. */
export function splitName(full: string | undefined): Partial<CardPerson> {
  const words = full?.split(" ") ?? [];
  const [first_name, ...rest] = words;
  const suffix = /^(jr|sr|ii|iii|iv)\.?$/i.test(rest.at(-1) ?? "") ? rest.pop() : undefined;
  const last_name = rest.pop();
  return {
    first_name: line(first_name, 100),
    last_name: line(last_name, 100),
    middle_name: line(rest.join(" "), 100),
    suffix,
  };
}

function contactsOf(properties: readonly Property[]): CardContact[] {
  const found = properties.flatMap((property): [rank: number, CardContact][] => {
    const contact = contactOf(property);
    return contact ? [[rank(property), contact]] : [];
  });
  return found.sort(([a], [b]) => a - b).map(([, contact]) => contact);
}

/** What is preferred comes first. */
function rank({ params }: Property) {
  const pref = params.get("PREF")?.[0];
  const typed = (params.get("TYPE") ?? []).some((t) => t.toUpperCase() === "PREF");
  return typed || pref !== undefined ? Number(pref) || 1 : 101;
}

const LABELS: Record<string, string> = {
  cell: "mobile",
  mobile: "mobile",
  home: "home",
  work: "work",
  fax: "fax",
};
function labelOf({ params }: Property): string | undefined {
  const types = (params.get("TYPE") ?? []).map((t) => t.toLowerCase());
  return types.map((t) => LABELS[t]).find(Boolean);
}

function contactOf(property: Property): CardContact | undefined {
  const label = labelOf(property);
  const labelled = label ? { label } : {};
  if (property.name === "TEL") {
    const number = line(plain(property.value).replace(/^tel:/i, "").replace(/;ext=/i, " x"), 254);
    return number && /\d{3}/.test(number) ? { kind: "phone", ...labelled, value: number } : undefined;
  }
  if (property.name === "EMAIL") {
    const address = line(plain(property.value).replace(/^mailto:/i, ""), 254);
    return address && /^\S+@\S+$/.test(address) ? { kind: "email", ...labelled, value: address } : undefined;
  }
  return property.name === "ADR" ? addressOf(property.value, labelled) : undefined;
}

function addressOf(value: string, labelled: { label?: string }): CardContact | undefined {
  const [box, extended, street, city, state, code, country] = parts(value);
  const streets = (street ?? "").split("\n");
  const address = {
    line1: line(streets[0], 200) ?? line(box, 200),
    line2: line([...streets.slice(1), extended].filter(Boolean).join(", "), 200),
    city: line(city, 100),
    state: line(state, 100),
    postal_code: line(code, 20),
    country: line(country, 100),
  };
  const filled = Object.entries(address).filter(([, v]) => v !== undefined);
  return filled.length > 0 ? { kind: "address", ...labelled, ...Object.fromEntries(filled) } : undefined;
}
