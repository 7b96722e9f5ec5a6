import { QueryClient } from "@tanstack/react-query";
import { expect, test } from "vitest";
import { seenHouseholds } from "./seen";

test("ST-5 without a server a household is chosen among those that the page has shown, by a part of its name", () => {
  const client = new QueryClient();
  client.setQueryData(["household", "h1"], { household: { id: "h1", name: "Whitfield Family" }, people: [] });
  client.setQueryData(["households", "list"], {
    pages: [{ items: [{ id: "h2", name: "Whitman Trust", team_name: "Arden", tags: [] }] }],
  });
  client.setQueryData(["open-loops", "list"], {
    pages: [{ items: [{ id: "l1", text: "Whitewash", household_id: "h3", household_name: "The Whites" }] }],
  });
  client.setQueryData(["teams"], { items: [{ id: "t1", name: "White team" }] });
  client.setQueryData(["user", "options"], null);
  expect(seenHouseholds(client, "WHIT", 6)).toEqual([
    { id: "h3", name: "The Whites" },
    { id: "h1", name: "Whitfield Family" },
    { id: "h2", name: "Whitman Trust" },
  ]);
  expect(seenHouseholds(client, "whit", 1)).toHaveLength(1);
  expect(seenHouseholds(client, "Smith", 6)).toEqual([]);
});
