/** The household as a graph: who and what there is, and how they are linked. Knows nothing of where it is drawn. */
import { personName } from "@/api/queries/names";
import type { Account, Entity, HouseholdRecord, Member } from "@/api/types";
import { percent } from "@/lib/money";
import { ENTITY_KINDS, ENTITY_ROLES, label, MEMBER_ROLES } from "@/lib/words";

export type NodeKind = "person" | "entity" | "professional" | "account" | "household" | "outsider";
export interface MapNode {
  id: string;
  kind: NodeKind;
  label: string;
  note: string;
  /** Has died, has left or is closed. */
  past: boolean;
  /** How many hints are about it. */
  hints: number;
}
export interface MapLink {
  from: string;
  to: string;
  /** How the first stands to the second, such as `Trustee`. */
  label: string;
  past: boolean;
}
export interface Graph {
  nodes: MapNode[];
  links: MapLink[];
}

/** The people, entities, professionals and other households of a record, and its accounts if they are wanted. */
export function graphOf(record: HouseholdRecord, day: string, accounts: boolean): Graph {
  const graph = new Builder(record);
  const members = stays(record.people);
  for (const member of members) graph.person(member);
  graph.kin(members);
  for (const entity of record.entities) graph.entity(entity, day);
  if (accounts) for (const account of record.accounts) graph.account(account);
  const contact = members.find((m) => m.membership.role === "primary" && !m.membership.left_on) ?? members[0];
  for (const p of record.professionals) {
    graph.add({ id: p.id, kind: "professional", label: p.name, note: p.kind });
    if (contact) graph.link(p.id, contact.person.id, p.kind);
  }
  return graph.done();
}

/** Whoever came back is one person: the stay that goes on stands for the others. */
function stays(people: readonly Member[]): Member[] {
  const byPerson = new Map<string, Member>();
  for (const member of people) {
    const known = byPerson.get(member.person.id);
    if (!known || (known.membership.left_on && !member.membership.left_on))
      byPerson.set(member.person.id, member);
  }
  return [...byPerson.values()];
}

class Builder {
  private readonly nodes = new Map<string, MapNode>();
  private readonly links: MapLink[] = [];

  constructor(private readonly record: HouseholdRecord) {}

  add(node: Omit<MapNode, "past" | "hints"> & { past?: boolean }) {
    const hints = this.record.hints.filter((h) => h.entity_id === node.id || h.person_id === node.id).length;
    if (!this.nodes.has(node.id)) this.nodes.set(node.id, { past: false, ...node, hints });
  }

  link(from: string, to: string, text: string, past = false) {
    this.links.push({ from, to, label: text, past });
  }

  person({ person, membership, other_households }: Member) {
    const role = label(MEMBER_ROLES, membership.role);
    const left = membership.left_on !== null;
    const note = person.deceased ? `${role}, died` : left ? `${role}, left` : role;
    const past = left || person.deceased;
    this.add({ id: person.id, kind: "person", label: personName(person), note, past });
    for (const home of other_households) {
      this.add({ id: home.id, kind: "household", label: home.name, note: "Another household" });
      const what = label(MEMBER_ROLES, home.role);
      this.link(
        person.id,
        home.id,
        home.left_on ? `${what} until ${home.left_on.slice(0, 4)}` : what,
        home.left_on !== null,
      );
    }
  }

  /** Spouses, and children of both. */
  kin(members: Member[]) {
    const of = (...roles: string[]) => members.filter((m) => roles.includes(m.membership.role));
    const gone = (m: Member) => m.membership.left_on !== null || m.person.deceased;
    const [first, ...rest] = of("primary", "spouse");
    if (!first) return;
    for (const other of rest)
      this.link(
        first.person.id,
        other.person.id,
        gone(first) || gone(other) ? "Was married to" : "Spouse",
        gone(first) || gone(other),
      );
    for (const child of of("child"))
      for (const parent of [first, ...rest]) this.link(child.person.id, parent.person.id, "Child");
    for (const other of of("trustee", "other"))
      this.link(other.person.id, first.person.id, label(MEMBER_ROLES, other.membership.role), gone(other));
  }

  entity(entity: Entity, day: string) {
    this.add({ id: entity.id, kind: "entity", label: entity.name, note: label(ENTITY_KINDS, entity.kind) });
    for (const role of entity.roles) {
      const holder = role.person_id ?? this.outsider(role.name ?? "Somebody");
      this.link(holder, entity.id, label(ENTITY_ROLES, role.role), role.until !== null && role.until < day);
    }
  }

  account(account: Account) {
    const { id, name } = account;
    this.add({
      id,
      kind: "account",
      label: name,
      note: account.registration ?? "Account",
      past: account.closed_on !== null,
    });
    for (const owner of account.owners) this.link(owner.person_id ?? owner.entity_id ?? "", id, "Owner");
    for (const heir of account.beneficiaries) {
      const who = heir.person_id ?? heir.entity_id ?? this.outsider(heir.name ?? "Somebody");
      const rank = heir.designation === "contingent" ? "Contingent beneficiary" : "Beneficiary";
      this.link(who, id, heir.share_pct ? `${rank}, ${percent(heir.share_pct)}` : rank);
    }
  }

  /** Somebody known by name alone is one node, however often they are named. */
  private outsider(name: string) {
    const id = `outsider-${name.toLowerCase()}`;
    this.add({ id, kind: "outsider", label: name, note: "Known by name" });
    return id;
  }

  done(): Graph {
    const links = this.links.filter((l) => this.nodes.has(l.from) && this.nodes.has(l.to));
    return { nodes: [...this.nodes.values()], links };
  }
}
