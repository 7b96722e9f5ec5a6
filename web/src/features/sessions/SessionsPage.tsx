import { useQuery, useQueryClient } from "@tanstack/react-query";
import { asProblem } from "@/api/problem";
import { revokeSession, sessionsQuery } from "@/api/queries/session";
import type { Session } from "@/api/types";
import { ago, moment } from "@/lib/dates";
import { sentence } from "@/lib/words";
import { Button } from "@/ui/button";
import { Badge } from "@/ui/card";
import { Failure, Loading, SkeletonCard } from "@/ui/states";
import { toast } from "@/ui/toast";

/** Where the user is signed in, and the way to end each of these. */
export function SessionsPage() {
  const sessions = useQuery(sessionsQuery);
  return (
    <>
      <h2 className="display text-xl">Sessions</h2>
      <p className="mt-1 text-ink-2">Where you are signed in. End the ones you do not know.</p>
      <div className="mt-5">
        {sessions.isPending && (
          <Loading label="Loading sessions">
            <SkeletonCard />
          </Loading>
        )}
        <Failure of={sessions} />
        {sessions.data && (
          <ul aria-label="Sessions" className="rounded-lg border border-line bg-surface shadow-1">
            {sessions.data.items.map((session) => (
              <SessionRow key={session.id} session={session} />
            ))}
          </ul>
        )}
      </div>
    </>
  );
}

function SessionRow({ session }: { session: Session }) {
  const client = useQueryClient();
  const end = async () => {
    try {
      await revokeSession(session.id);
      toast("Session ended.");
      await client.invalidateQueries({ queryKey: ["sessions"] });
    } catch (error) {
      toast(asProblem(error).message, { tone: "error" });
    }
  };
  return (
    <li className="flex items-center gap-4 border-t border-line px-5 py-4 first:border-0">
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-center gap-2 font-medium">
          Signed in {moment(session.created_at)} {session.current && <Badge tone="brand">This one</Badge>}
        </p>
        <p className="text-sm text-ink-2">
          Through {sentence(session.provider)}, last used{" "}
          <time dateTime={session.last_seen_at} title={moment(session.last_seen_at)}>
            {ago(session.last_seen_at)}
          </time>
          , ends {moment(session.expires_at)}
        </p>
      </div>
      {!session.current && (
        <Button
          size="sm"
          aria-label={`End session of ${moment(session.created_at)}`}
          onClick={() => void end()}
        >
          End
        </Button>
      )}
    </li>
  );
}
