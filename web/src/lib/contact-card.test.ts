import { describe, expect, test } from "vitest";
import { type CardPerson, familyName, readCards } from "./contact-card";

const card = (...lines: string[]) => ["BEGIN:VCARD", ...lines, "END:VCARD"].join("\r\n");
const only = async (text: string) => {
  const people = await readCards(text);
  expect(people).toHaveLength(1);
  return people[0] as CardPerson;
};

describe("HL a vCard", () => {
  test("3.0, as telephones write it", async () => {
    const person = await only(
      card(
        "VERSION:3.0",
        "N:Whitfield;Anna;Beth;Mrs.;Jr.",
        "FN:Anna Whitfield",
        "ORG:Harbor Books\\, LLC;Sales",
        "TITLE:Owner",
        "item1.TEL;type=CELL;type=VOICE;type=pref:(704) 555-0112",
        "TEL;TYPE=work:704-555-0113",
        'EMAIL;TYPE="INTERNET,home":anna@whitfield.example',
        "ADR;TYPE=home:;Apt 4;1 Main St\\nRear;Charlotte;NC;28202;USA",
        "PHOTO;ENCODING=b;TYPE=JPEG:/9j/4AAQ",
        " SkZJRgABAQ",
      ),
    );
    expect(person).toMatchObject({
      first_name: "Anna",
      middle_name: "Beth",
      last_name: "Whitfield",
      suffix: "Jr.",
      employer: "Harbor Books, LLC",
      occupation: "Owner",
    });
    expect(person.contacts).toEqual([
      { kind: "phone", label: "mobile", value: "(704) 555-0112" },
      { kind: "phone", label: "work", value: "704-555-0113" },
      { kind: "email", label: "home", value: "anna@whitfield.example" },
      {
        kind: "address",
        label: "home",
        line1: "1 Main St",
        line2: "Rear, Apt 4",
        city: "Charlotte",
        state: "NC",
        postal_code: "28202",
        country: "USA",
      },
    ]);
  });
  test("4.0, with tel addresses, preferences and folded lines", async () => {
    const person = await only(
      card(
        "VERSION:4.0",
        "FN:Jos\u00e9 van der Berg",
        "N:;;;;",
        "TEL;VALUE=uri;TYPE=home:tel:+1-704-555-0114;ext=12",
        "TEL;PREF=1;VALUE=uri;TYPE=cell:tel:+44-20-7946-0",
        " 958",
        "EMAIL:mailto:jose@berg.example",
      ),
    );
    expect(person).toMatchObject({ first_name: "José", middle_name: "van der", last_name: "Berg" });
    expect(person.contacts.map((c) => c.value)).toEqual([
      "+44-20-7946-0958",
      "+1-704-555-0114 x12",
      "jose@berg.example",
    ]);
  });
  test("2.1, quoted-printable in another alphabet and over two lines", async () => {
    const person = await only(
      card(
        "VERSION:2.1",
        "N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:Nov=C3=A1k;Zdenka",
        "TEL;WORK;VOICE:(704) 555-0115",
        "ADR;HOME;ENCODING=QUOTED-PRINTABLE:;;12 Long=20=",
        "Lane;Denver;CO;80014",
        "TITLE;CHARSET=no-such-charset;QUOTED-PRINTABLE:Head=",
      ),
    );
    expect(person).toMatchObject({ first_name: "Zdenka", last_name: "Novák" });
    expect(person.contacts).toMatchObject([
      { kind: "phone", label: "work" },
      { kind: "address", line1: "12 Long Lane", city: "Denver" },
    ]);
  });
  test("several people in one paste, and the family's name", async () => {
    const one = (first: string) => card("VERSION:3.0", `N:Whitfield;${first};;;`);
    const people = await readCards(`${one("Anna")}\n${one("Henrik")}`);
    expect(people.map((p) => p.first_name)).toEqual(["Anna", "Henrik"]);
    expect(familyName(people)).toBe("Anna & Henrik Whitfield");
    expect(familyName(people.slice(0, 1))).toBe("Anna Whitfield");
    expect(familyName([...people, ...people])).toBe("Whitfield Family");
    expect(familyName([])).toBe("");
  });
  test("hostile: what is no card says nothing, and nothing it holds is longer than may be kept", async () => {
    const hostile = [
      "BEGIN:VCARD",
      "BEGIN:VCARD\nEND:VCARD",
      card("N:;;;;", "FN:"),
      card(":::::", "=;=;=", "TEL", '"', 'N";:x', "\\"),
      `BEGIN:VCARD\n${"A".repeat(300_000)}`,
      card(`TEL:${"9".repeat(5000)}`),
    ];
    for (const text of hostile) expect(await readCards(text)).toEqual([]);
    const person = await only(
      card(
        `N:${"W".repeat(5000)};<script>alert(1)</script>\u0000\u202e;;;`,
        ...Array.from({ length: 500 }, (_, i) => `TEL:704555${String(i).padStart(4, "0")}`),
        "EMAIL:no address",
        "TEL:call me",
      ),
    );
    expect(person.last_name).toHaveLength(100);
    expect(person.first_name).toBe("<script>alert(1)</script>");
    expect(person.contacts).toHaveLength(20);
    expect(await readCards(`${card("N:A;B;;;")}\n`.repeat(200))).toHaveLength(20);
  });
});

describe("HL a signature", () => {
  test.each([
    [
      "lines of their own",
      `Best regards,
Anna B. Whitfield, CPA
Owner
Harbor Books LLC
1 Main St, Suite 4
Charlotte, NC 28202
M: (704) 555-0112
O: 704.555.0113 ext. 9
Fax: 704-555-0199
anna@whitfield.example
www.harborbooks.example
This message is confidential: call (900) 555-0100`,
      {
        first_name: "Anna",
        middle_name: "B.",
        last_name: "Whitfield",
        occupation: "Owner",
        employer: "Harbor Books LLC",
      },
      [
        {
          kind: "address",
          line1: "1 Main St",
          line2: "Suite 4",
          city: "Charlotte",
          state: "NC",
          postal_code: "28202",
        },
        { kind: "phone", label: "mobile", value: "(704) 555-0112" },
        { kind: "phone", label: "work", value: "704.555.0113 ext. 9" },
        { kind: "email", value: "anna@whitfield.example" },
      ],
    ],
    [
      "one line with bars",
      "Zo\u00eb Novak | Physician | Denver General Hospital | 303-555-0117 | zoe@novak.example",
      { first_name: "Zoë", last_name: "Novak", occupation: "Physician", employer: "Denver General Hospital" },
      [
        { kind: "email", value: "zoe@novak.example" },
        { kind: "phone", value: "303-555-0117" },
      ],
    ],
    [
      "an address in one line, quoted mail",
      "> Omar Haddad\n> 88 Bay Rd, Naples, FL 34102\n> +1 (239) 555-0118",
      { first_name: "Omar", last_name: "Haddad" },
      [
        { kind: "address", line1: "88 Bay Rd", city: "Naples", state: "FL", postal_code: "34102" },
        { kind: "phone", value: "+1 (239) 555-0118" },
      ],
    ],
  ])("%s", async (_, text, person, contacts) => {
    const found = await only(text);
    expect(found).toMatchObject(person);
    expect(found.contacts).toEqual(contacts);
  });
  test("hostile: no name, no person; and a long paste is read in time", async () => {
    for (const text of ["", "thanks!", "704 555 0112", "\u0000\u0001", "lorem ipsum dolor sit amet"])
      expect(await readCards(text)).toEqual([]);
    for (const piece of ["a@", "1 ", "A ", "(((", "+1", "1-", ", NC 1", "a.a"])
      await readCards(`${piece.repeat(30_000)}\n`.repeat(3));
  });
});
