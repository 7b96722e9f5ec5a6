import type { QueryClient } from "@tanstack/react-query";

interface Home {
  id: string;
  name: string;
}

/** Households that answers on this page speak of and whose name holds `text`: what there is to choose from without a server. */
export function seenHouseholds(client: QueryClient, text: string, most: number): Home[] {
  const homes = new Map<string, string>();
  const add = (id: unknown, name: unknown) => {
    if (typeof id === "string" && typeof name === "string") homes.set(id, name);
  };
  const walk = (node: unknown, inList: boolean) => {
    if (typeof node !== "object" || node === null) return;
    const row = node as Record<string, unknown>;
    add(row.household_id, row.household_name);
    const home = (inList && "team_name" in row ? row : row.household) as Partial<Home> | undefined;
    add(home?.id, home?.name);
    for (const value of Object.values(row)) walk(value, inList);
  };
  for (const { queryKey, state } of client.getQueryCache().getAll())
    walk(state.data, queryKey[0] === "households");
  const asked = text.toLowerCase();
  return [...homes]
    .map(([id, name]) => ({ id, name }))
    .filter(({ name }) => name.toLowerCase().includes(asked))
    .sort((a, b) => a.name.localeCompare(b.name))
    .slice(0, most);
}
