import { QueryCache, QueryClient } from "@tanstack/react-query";
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

/** Answers live in memory only and are gone with the page. */
export const queryClient = new QueryClient({
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
