/**
 * The signature under an e-mail: whose it is, for whom they work, and how to reach them. Guesses carefully: a line that says
 * nothing it knows is passed over. Numbers are read in the ways that North American signatures write them, or with a `+`.
 */
import type { CardContact, CardPerson } from "./contact-card";
import { line } from "./one-line";
import { splitName } from "./vcard";

const MOST_LINES = 60;
const LONGEST_LINE = 300;
const EMAIL = /[A-Za-z0-9._%+'-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,5}/g;
const PHONE =
  /(?:\+\d[\d\s().-]{6,18}\d|\(?\b\d{3}\)?[\s.\u2013-]{0,2}\d{3}[\s.\u2013-]{1}\d{4}\b)(?:\s*(?:x|ext\.?|#)\s*\d{1,6})?/gi;
const CITY_LINE = /^(.{2,60}?),\s*([A-Z]{2}|[A-Z][a-z]+(?: [A-Z][a-z]+)?)\s+(\d{5}(?:-\d{4})?)$/;
const STREET = /^\d{1,6}[A-Za-z]?\s+\S.*|^P\.?\s?O\.?\s?Box\s+\d+.*/i;
const WORDS_OF_A_FIRM =
  /\b(LLC|L\.L\.C\.|Inc\.?|LLP|PLLC|P\.?C\.|Corp\.?|Company|Co\.|Group|Partners|Bank|University|Hospital|Clinic|Associates|Advisors|Holdings|Foundation)(?![\w])/i;
const GREETING =
  /^(best|regards|thanks|thank you|sincerely|cheers|warmly|kind|all the best|sent from|yours|--+)/i;
const DISCLAIMER = /(confidential|intended (only )?for|privileged|unsubscribe|disclaimer|please consider)/i;

export function readSignature(text: string): CardPerson[] {
  const lines: string[] = [];
  for (const raw of text.split(/\r\n|\r|\n/).slice(0, MOST_LINES)) {
    const clean = line(raw.replace(/^[\s>|*]+/, ""), LONGEST_LINE);
    if (clean && DISCLAIMER.test(clean)) break;
    if (clean && !GREETING.test(clean)) lines.push(clean);
  }
  const person: CardPerson = { contacts: [] };
  const words: string[] = [];
  for (const [i, one] of lines.entries()) {
    const rest = takeContacts(one, person.contacts);
    if (takeAddress(lines, i, person.contacts)) continue;
    for (const part of rest.split(/\s[|•·]\s/)) {
      const word = line(part.replace(/^[|•·,;:\s-]+|[|•·,;:\s-]+$/g, ""), 200);
      if (word && /\p{L}/u.test(word) && !STREET.test(word) && !/^(www\.|https?:)/i.test(word))
        words.push(word);
    }
  }
  name(person, words);
  return person.first_name || person.last_name ? [person] : [];
}

/** Takes numbers and addresses out of a line, and answers what is left of it. */
function takeContacts(one: string, contacts: CardContact[]): string {
  let rest = one;
  for (const address of one.match(EMAIL) ?? []) {
    rest = rest.replace(address, " ");
    add(contacts, { kind: "email", value: address });
  }
  for (const found of rest.matchAll(PHONE)) {
    const before = rest.slice(Math.max(0, found.index - 12), found.index);
    const label = phoneLabel(before);
    if (label !== "fax")
      add(contacts, { kind: "phone", ...(label ? { label } : {}), value: found[0].trim() });
  }
  return rest
    .replace(PHONE, " ")
    .replace(
      /\b(?:mobile|cell|office|direct|work|home|phone|tel|fax|email|e-mail|[mcoptfdwhe])\s*[:.]\s*(?=$|\s|[|•·])/gi,
      " ",
    );
}

function add(contacts: CardContact[], contact: CardContact) {
  const same = (c: CardContact) =>
    c.kind === contact.kind && c.value?.toLowerCase() === contact.value?.toLowerCase();
  if (!contacts.some(same)) contacts.push(contact);
}

function phoneLabel(before: string): string | undefined {
  const word = /([a-z]+)[\s.:)]*$/i.exec(before)?.[1]?.toLowerCase();
  if (!word) return undefined;
  if (["m", "c", "mobile", "cell"].includes(word)) return "mobile";
  if (["o", "w", "d", "office", "work", "direct"].includes(word)) return "work";
  if (["h", "home"].includes(word)) return "home";
  return ["f", "fax"].includes(word) ? "fax" : undefined;
}

/** `1 Main St, Suite 4` above `Charlotte, NC 28202`, or both in one line. */
function takeAddress(lines: readonly string[], i: number, contacts: CardContact[]): boolean {
  const whole = lines[i] ?? "";
  const inOne = /^(\d.*?),\s*([^,]+,\s*[A-Z]{2}\s+\d{5}(?:-\d{4})?)$/.exec(whole);
  const city = CITY_LINE.exec(inOne?.[2] ?? whole);
  if (!city) return false;
  const above = lines[i - 1] ?? "";
  const street = inOne?.[1] ?? (STREET.test(above) ? above : undefined);
  const [line1, ...line2] = (street ?? "").split(/,\s*/);
  contacts.push({
    kind: "address",
    ...(line1 ? { line1: line(line1, 200) } : {}),
    ...(line2.length > 0 ? { line2: line(line2.join(", "), 200) } : {}),
    city: line(city[1], 100),
    state: line(city[2], 100),
    postal_code: city[3],
  });
  return true;
}

/** The first words that can be a name are it; what follows says the occupation and the employer. */
function name(person: CardPerson, words: readonly string[]) {
  const at = words.findIndex(isName);
  if (at < 0) return;
  const [full = "", ...after] = (words[at] ?? "").split(/,\s*/);
  Object.assign(person, splitName(full));
  const rest = [...after.filter((w) => !/^([A-Z]{2,5}[®™]?|Ph\.?D\.?)$/.test(w)), ...words.slice(at + 1)];
  person.employer = rest.find((w) => WORDS_OF_A_FIRM.test(w));
  person.occupation = rest.find((w) => w !== person.employer && w.split(" ").length <= 7);
}

function isName(text: string) {
  const [full = ""] = text.split(/,\s*/);
  const words = full.split(" ");
  if (words.length < 2 || words.length > 5 || WORDS_OF_A_FIRM.test(full)) return false;
  return words.every((w) => /^\p{Lu}[\p{L}'’.-]*$/u.test(w) || /^(de|da|van|von|der|la|le|di|bin)$/.test(w));
}
