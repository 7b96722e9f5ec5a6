import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { asProblem } from "@/api/problem";
import { changeView, createView, type View, viewsQuery } from "@/api/queries/views";
import { toast } from "@/ui/toast";

/** A private view that keeps somebody's own columns and is shown in no list of views. */
export const isOwnColumns = (view: View) => columnsIn(view) !== undefined;

function columnsIn({ query }: View): string | undefined {
  const { own_columns } = query as { own_columns?: unknown };
  return typeof own_columns === "string" ? own_columns : undefined;
}

/** The columns that the reader has chosen for every list; kept on the server, so that they are there on any machine. */
export function useOwnColumns() {
  const client = useQueryClient();
  const views = useQuery(viewsQuery).data?.items;
  const mine = views?.find((view) => view.mine && isOwnColumns(view));
  const { mutate, variables, isPending } = useMutation({
    // One after the other: each names the version that the one before has made.
    scope: { id: "own-columns" },
    mutationFn: async (columns: string) => {
      const { items } = await client.fetchQuery({ ...viewsQuery, staleTime: 0 });
      const kept = items.find((view) => view.mine && isOwnColumns(view));
      const query = { own_columns: columns };
      return kept ? changeView(kept, { query }) : createView({ name: "My columns", scope: "private" }, query);
    },
    onError: (error) => toast(asProblem(error).message, { tone: "error" }),
    onSettled: () => client.invalidateQueries({ queryKey: viewsQuery.queryKey }),
  });
  const saved = mine && columnsIn(mine);
  return {
    columns: isPending ? variables : saved,
    save: mutate,
  };
}
