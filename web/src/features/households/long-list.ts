/**
 * A list of many pages is not asked for again as a whole, which would take a request a page: of what may be old, the pages in view
 * are, and the others once they come into view.
 */
import type { InfiniteData, QueryClient, QueryKey } from "@tanstack/react-query";
import type { HouseholdListItem, Page } from "@/api/types";

type Rows = InfiniteData<Page<HouseholdListItem>, string | null>;
type Read = (cursor: string | null) => Promise<Page<HouseholdListItem>>;

/** A list that was left may be old after this, as any other answer. */
const FRESH_MS = 30_000;

/** One page anew in its place. Where rows came or went over its end, what comes after is loaded again as it is scrolled to. */
export function withPage(rows: Rows, at: number, page: Page<HouseholdListItem>): Rows {
  const here = new Set(page.items.map((h) => h.id));
  const others = (p: Page<HouseholdListItem>) => ({ ...p, items: p.items.filter((h) => !here.has(h.id)) });
  const end = rows.pages[at]?.next_cursor === page.next_cursor ? rows.pages.length : at + 1;
  return {
    pages: rows.pages.slice(0, end).map((p, i) => (i === at ? page : others(p))),
    pageParams: rows.pageParams.slice(0, end),
  };
}

/**
 * Whether rows of far before came with a page: the row that it begins after stands elsewhere now, or is gone, and the server began
 * there or from the first. Then no page can be trusted to begin where it did.
 */
function hasStrayed(rows: Rows, at: number, page: Page<HouseholdListItem>) {
  const here = new Set(page.items.map((h) => h.id));
  return rows.pages.slice(0, Math.max(0, at - 1)).some((p) => p.items.some((h) => here.has(h.id)));
}

/** Renews the pages of one list for as long as it is on screen. */
export class LongList {
  /** The pages that may be old. */
  private readonly old = new Set<number>();
  private running = false;

  constructor(
    private readonly client: QueryClient,
    private readonly key: QueryKey,
    private readonly read: Read,
    /** The first and the last row in view. */
    private readonly view: () => readonly [number, number],
  ) {}

  private get query() {
    return this.client.getQueryCache().find<Rows>({ queryKey: this.key });
  }

  /** Begins; answers the way to stop. */
  start() {
    if (this.query?.isStaleByTime(FRESH_MS)) this.age();
    return this.client.getQueryCache().subscribe((event) => {
      if (event.query !== this.query || event.type !== "updated") return;
      if (event.action.type === "invalidate") this.age();
      else if (event.action.type === "success") this.look();
    });
  }

  /** Also when other rows come into view. */
  readonly look = () => {
    if (this.old.size > 0 && !this.running) void this.run();
  };

  private age() {
    const { query } = this;
    for (const at of query?.state.data?.pages.keys() ?? []) this.old.add(at);
    // Noted here; else the next invalidation would not be told.
    query?.setState({ isInvalidated: false });
    this.look();
  }

  private async run() {
    this.running = true;
    for (let at = this.next(); at !== undefined; at = this.next()) {
      const asked = this.query?.state.data?.pageParams[at] ?? null;
      this.old.delete(at);
      const page = await this.read(asked).catch(() => undefined);
      const { query } = this;
      const rows = query?.state.data;
      // Without an answer, or under a list that is just growing, it stays old until the next occasion.
      if (!page || query?.state.fetchStatus !== "idle") {
        this.old.add(at);
        break;
      }
      if (rows?.pageParams[at] !== asked) continue;
      if (hasStrayed(rows, at, page)) {
        this.old.clear();
        await query.fetch().catch(() => undefined);
      } else query.setData(withPage(rows, at, page));
    }
    this.running = false;
  }

  private next() {
    const { query } = this;
    if (query?.state.fetchStatus !== "idle") return undefined;
    const [first, last] = this.view();
    let row = 0;
    const pages = (query.state.data?.pages ?? []).map(({ items }, at) => {
      const from = row;
      row += items.length;
      return { at, seen: from <= last && row > first };
    });
    // With the page before: where that ends says whether the one in view still begins where it did.
    const from = pages.findIndex(({ seen }) => seen) - 1;
    return pages.find(({ at, seen }) => (seen || at === from) && this.old.has(at))?.at;
  }
}
