import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import type { HouseholdRecord } from "../types";
import { teamsQuery, usersQuery } from "./session";

export const personName = (p: {
  first_name: string | null;
  last_name: string | null;
  preferred_name: string | null;
  suffix: string | null;
}) => [p.preferred_name || p.first_name, p.last_name, p.suffix].filter(Boolean).join(" ") || "Unnamed person";

/** What each row of a record is called, so an edit of it can say so. */
function* rowNames(record: HouseholdRecord): Generator<[id: string, name: string]> {
  for (const member of record.people) yield [member.membership.id, personName(member.person)];
  const named = [record.entities, record.accounts, record.professionals, record.liabilities].flat();
  for (const row of named) yield [row.id, row.name];
  for (const row of [...record.tasks, ...record.goals]) yield [row.id, row.title];
  for (const row of record.open_loops) yield [row.id, row.text];
  for (const row of record.insurance_policies) yield [row.id, row.kind];
}

/** Names for the ids found in a record and its edits. Users and teams are asked for once. */
export function useNames(record?: HouseholdRecord) {
  const users = useQuery(usersQuery);
  const teams = useQuery(teamsQuery);
  return useMemo(() => {
    const names = new Map<string, string>();
    for (const user of users.data?.items ?? []) names.set(user.id, user.name);
    for (const team of teams.data?.items ?? []) names.set(team.id, team.name);
    if (record) {
      if (record.team) names.set(record.team.id, record.team.name);
      for (const { person } of record.people) names.set(person.id, personName(person));
      for (const [id, name] of rowNames(record)) names.set(id, name);
    }
    return (id: string) => names.get(id);
  }, [users.data, teams.data, record]);
}
