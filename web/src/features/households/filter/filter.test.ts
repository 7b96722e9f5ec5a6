import { describe, expect, test } from "vitest";
import { makeRouter } from "@/app/router";
import { householdsSearch } from "../search";
import { FIELDS } from "./fields";
import { sentenceOf } from "./sentence";
import { canonical, complete, sizeOf, toggled } from "./shape";
import { type FilterNode, fits, OPS, readTree } from "./tree";

const is = (field: string, value: string): FilterNode => ({ field, op: "is", value });
const not = (node: FilterNode): FilterNode => ({ not: node });
const overdue: FilterNode = { field: "next_review", op: "overdue" };
const quiet = (value: number) => ({ field: "last_touch", op: "older_than_days", value });
const say = (asked: Parameters<typeof sentenceOf>[0]) =>
  sentenceOf(asked, (id) => (id === "t1" ? "Arden" : undefined));

describe("HL a filter is a plain sentence", () => {
  test.each<[FilterNode, string]>([
    [
      {
        all: [is("type", "client"), { any: [is("tier", "A"), is("tier", "B")] }, quiet(90)],
      },
      "Clients in tier A or B, and out of touch for more than 90 days",
    ],
    [overdue, "Households with an overdue review"],
    [
      { all: [not(overdue), not(quiet(30))] },
      "Households with no overdue review, and in touch within 30 days",
    ],
    [
      {
        all: [
          { any: [is("type", "client"), is("type", "prospect")] },
          not(is("tag", "quiet")),
          is("state", "NC"),
        ],
      },
      "Clients or prospects not tagged quiet, and in NC",
    ],
    [{ any: [is("tier", "A"), overdue] }, "Households either in tier A or with an overdue review"],
    [
      { all: [{ any: [is("city", "Denver"), { all: [overdue, is("tier", "C")] }] }] },
      "Households either in Denver or (with an overdue review and in tier C)",
    ],
    [not({ any: [is("tier", "A"), is("tag", "x")] }), "Households neither in tier A nor tagged x"],
    [not({ all: [is("tier", "A"), is("tag", "x")] }), "Households not both in tier A and tagged x"],
    [{ field: "tier", op: "empty" }, "Households without a tier"],
    [not({ field: "last_touch", op: "empty" }), "Households with any touch"],
    [is("team_id", "t1"), "Households of team Arden"],
    [is("team_id", "t9"), "Households of team another team"],
    [{ field: "aum_usd", op: "at_least", value: "1000000" }, "Households with at least $1,000,000 with us"],
    [{ field: "open_tasks", op: "at_most", value: "1" }, "Households with at most 1 open task"],
    [
      { field: "missing_beneficiaries", op: "at_least", value: "1" },
      "Households with at least 1 account without beneficiary",
    ],
    [
      { field: "next_review", op: "before", value: "2026-05-12" },
      "Households with the next review before 12 May 2026",
    ],
    [{ field: "next_review", op: "within_days", value: 1 }, "Households with a review due within 1 day"],
    [
      { field: "client_since", op: "before", value: "2015-01-01" },
      "Households clients since before 1 Jan 2015",
    ],
    [
      { field: "review_cadence_months", op: "at_most", value: "6" },
      "Households reviewed every 6 months or more often",
    ],
  ])("%j", (filter, sentence) => {
    expect(say({ filter })).toBe(sentence);
  });
  test("chips are part of it, and nothing asked says nothing", () => {
    expect(say({ type: "former", tier: "A", team: "t1", filter: overdue })).toBe(
      "Former clients of team Arden, in tier A, and with an overdue review",
    );
    expect(say({})).toBeNull();
    expect(say({ type: "client" })).toBe("Clients");
  });
  test("every question that the panel offers is one the address may hold, and has words", () => {
    for (const { field, questions } of FIELDS)
      for (const { op, value, negated } of questions) {
        expect(OPS[field]).toContain(op);
        const sample = {
          none: undefined,
          choice: "client",
          word: "x",
          days: 3,
          money: "5",
          count: "5",
          day: "2026-01-05",
        };
        const condition = { field, op, ...(value === "none" ? {} : { value: sample[value] }) } as FilterNode;
        const text = say({ filter: negated ? not(condition) : condition });
        expect(text).toBeTruthy();
        expect(text).not.toMatch(/undefined|_/);
      }
  });
});

describe("HL a filter is kept in the address", () => {
  const tree: FilterNode = {
    all: [{ any: [is("tier", "A"), is("tier", "7")] }, not(is("tag", "a&b=c#d")), quiet(90), overdue],
  };
  test("and comes back from it as it was", async () => {
    const router = makeRouter();
    const { href } = router.buildLocation({
      to: "/households",
      search: { filter: tree, sort: "-last_touch" },
    });
    const query = router.options.parseSearch?.(href.slice(href.indexOf("?"))) ?? {};
    expect(householdsSearch(query)).toEqual({ filter: tree, sort: "-last_touch" });
  });
  test("what is typed about one family, and what is no filter, is never read from it", () => {
    const nested = (depth: number): unknown => (depth === 0 ? is("tier", "A") : { not: nested(depth - 1) });
    for (const raw of [
      { field: "name", op: "contains", value: "Whitfield" },
      { field: "source", op: "is", value: "Ellen told us" },
      { all: [is("tier", "A"), { field: "name", op: "contains", value: "Whitfield" }] },
      { all: [], any: [] },
      { all: [] },
      { field: "tier", op: "is" },
      { field: "tier", op: "is", value: "x".repeat(101) },
      { field: "tier", op: "is", value: "a\u0000" },
      { field: "tier", op: "is", value: "A", more: 1 },
      { field: "last_touch", op: "older_than_days", value: -1 },
      { field: "aum_usd", op: "at_least", value: "many" },
      { field: "client_since", op: "before", value: "1849-12-31" },
      { field: "__proto__", op: "is", value: "A" },
      { field: "constructor", op: "name", value: "A" },
      nested(5),
      { any: Array.from({ length: 50 }, () => is("tier", "A")) },
      "tier",
      null,
      7,
    ])
      expect(readTree(raw)).toBeUndefined();
    expect(readTree(nested(4))).toBeDefined();
  });
  test("what is not filled in yet is left out", () => {
    const draft: FilterNode = {
      all: [is("tier", ""), { any: [is("tag", "")] }, not(is("tag", " ")), overdue],
    };
    expect(complete(draft)).toEqual({ all: [overdue] });
    expect(complete({ all: [is("tier", "")] })).toBeUndefined();
    expect(fits({ field: "next_review", op: "overdue", value: "x" })).toBe(false);
  });
  test("a chip adds its condition at the top and takes it off again, also with another number", () => {
    const added = toggled(is("tier", "A"), quiet(90));
    expect(added).toEqual({ all: [is("tier", "A"), quiet(90)] });
    expect(toggled({ all: [is("tier", "A"), quiet(30)] }, quiet(90))).toEqual({ all: [is("tier", "A")] });
    expect(toggled(quiet(30), quiet(90))).toBeUndefined();
  });
  test("its size and its sameness do not depend on the order of keys", () => {
    expect(sizeOf(tree)).toEqual({ depth: 3, nodes: 8 });
    expect(canonical({ op: "is", field: "tier", value: "A" })).toBe(canonical(is("tier", "A")));
  });
});
