/** Households by the thousand, for lists and scrolling. */
import { makeHousehold } from "./seed";

const FIRST =
  "Ingrid Farah Nadia Patrick Clara Yuki Anna Julian Ngozi Samuel Kenji Rosa Omar Linh Tess".split(" ");
const LAST =
  "McAllister Castellanos Fitzgerald Novak Chaudhry Everhart Grantham Rasmussen Sandoval Okafor Lindqvist Haddad".split(
    " ",
  );
const CITIES = [
  ["Charlotte", "NC"],
  ["Greenwich", "CT"],
  ["Denver", "CO"],
  ["Naples", "FL"],
  ["Austin", "TX"],
] as const;

/** One line of the households list, made from its number, so any amount of them is the same every time. */
export function listed(n: number) {
  const first = FIRST[n % FIRST.length] ?? "";
  const last = LAST[(n * 7 + Math.floor(n / 12)) % LAST.length] ?? "";
  const [city, state] = CITIES[n % CITIES.length] ?? ["", ""];
  const prospect = n % 9 === 4;
  const month = String(1 + (n % 12)).padStart(2, "0");
  return {
    household: makeHousehold(
      n % 3 === 0 ? `${last} Family` : `${first} & ${FIRST[(n + 5) % FIRST.length]} ${last}`,
      {
        type: prospect ? "prospect" : n % 23 === 7 ? "former" : "client",
        tier: prospect ? null : (["A", "B", "C"] as const)[n % 3],
        next_review: n % 6 === 5 ? null : `${n % 5 === 1 ? 2026 : 2027}-${month}-14`,
        team_id: n % 4 === 1 ? "team-b" : "team-a",
      },
    ),
    city,
    state,
    primary: `${first} ${last}`,
    phone: `(704) 555-0${100 + (n % 100)}`,
    aum: prospect ? "0.00" : `${((n * 7919) % 69000) * 1000 + 120000}.00`,
    loops: n % 4,
    tasks: n % 3,
  };
}
