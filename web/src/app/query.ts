import {
  type InvalidateOptions,
  type InvalidateQueryFilters,
  QueryCache,
  QueryClient,
  type QueryKey,
} from "@tanstack/react-query";
import { onSignedOut } from "@/api/client";
import { Problem } from "@/api/problem";
import { meQuery } from "@/api/queries/session";
import { onAnotherUser } from "@/api/user";

const retryable = (error: unknown) => error instanceof Problem && (error.status === 0 || error.status >= 502);

/** What is not there any more, or not the user's to see, leaves the screen although it was shown a moment ago. */
const queryCache = new QueryCache({
  onError: (error, query) => {
    if (error instanceof Problem && error.status === 404) query.setState({ data: undefined });
  },
});

/**
 * Asks again for what is old, also where its first answer is still on its way: that one may be of before the change. The library by
 * itself takes it for new, and the screen would stay as it was until the next change.
 */
export class NeverOldClient extends QueryClient {
  override async invalidateQueries<K extends QueryKey>(
    filters?: InvalidateQueryFilters<K>,
    options?: InvalidateOptions,
  ) {
    const again = this.getQueryCache()
      .findAll({ ...filters, fetchStatus: "fetching" })
      .filter((query) => query.state.data === undefined || !query.isActive())
      .map((query) => {
        const it = { queryKey: query.queryKey, exact: true, refetchType: filters?.refetchType };
        // It is shown as soon as it is there: who waits for a slow answer is not kept waiting by every change. However many there
        // were, it is asked for once more.
        const renewed = query.promise?.then(
          () => super.invalidateQueries(it, { ...options, cancelRefetch: false }),
          () => undefined,
        );
        return query.isActive() && renewed;
      });
    await Promise.all([super.invalidateQueries(filters, options), ...again]);
  }
}

/** Answers live in memory only and are gone with the page. */
export const queryClient = new NeverOldClient({
  queryCache,
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      retry: (failures, error) => failures < 2 && retryable(error),
      // The browser's own opinion of "offline" is often wrong; ask, and show what happened.
      networkMode: "always",
    },
    mutations: { networkMode: "always" },
  },
});

// A session that ended elsewhere: forget what was shown, so the sign-in page comes up with nothing behind it.
onSignedOut(() => {
  if (queryClient.getQueryData(meQuery.queryKey) === null) return;
  queryClient.setQueryData(meQuery.queryKey, null);
  forget();
});
// Somebody else signed in elsewhere: nothing that was shown to the one before is shown to them.
onAnotherUser(forget);

function forget() {
  queryClient.removeQueries({ predicate: (query) => query.queryKey[0] !== "me" });
}
