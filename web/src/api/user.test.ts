import { expect, test } from "vitest";
import { client } from "./client";
import { hearOf } from "./user";

test("AU-7 every request names the user of the page, but the one that asks who it is", async () => {
  hearOf("u-1");
  const named: (string | null)[] = [];
  const fetch = (request: Request) => {
    named.push(request.headers.get("x-page-user"));
    return Promise.resolve(Response.json({ items: [] }));
  };
  await client.GET("/api/teams", { fetch });
  await client.GET("/api/me", { fetch });
  expect(named).toEqual(["u-1", null]);
});
