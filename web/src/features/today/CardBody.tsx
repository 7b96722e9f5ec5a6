import type { ReactNode } from "react";
import { CardEmpty } from "@/ui/card";
import { ErrorState, Loading, Skeleton } from "@/ui/states";

/** What a card of Today holds while it loads, when that fails, when there is nothing, and otherwise. */
export function CardBody({
  query,
  empty,
  text,
  children,
}: {
  query: { isPending: boolean; isError: boolean; error: unknown; refetch: () => unknown };
  empty: boolean;
  text: string;
  children: ReactNode;
}) {
  if (query.isPending)
    return (
      <Loading>
        <div className="px-5 pb-5">
          <Skeleton className="h-4 w-3/4" />
          <Skeleton className="mt-4 h-4 w-1/2" />
        </div>
      </Loading>
    );
  if (query.isError) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  return empty ? <CardEmpty>{text}</CardEmpty> : children;
}
