import { Link } from "@tanstack/react-router";
import type { Today } from "@/api/types";
import { dateWithWeekday } from "@/lib/dates";
import { plural } from "@/lib/words";
import { Card, CardEmpty } from "@/ui/card";

/** What waits for the user to say yes or no. Other features add their cards above; this one says that nothing is left. */
export function Decisions({ seen }: { seen: Today }) {
  const [review] = seen.reviews_ahead;
  return (
    <Card id="decisions" title="Decisions">
      <CardEmpty>
        Nothing is waiting for you.{" "}
        {review && (
          <>
            Next review: {review.household_name}, {dateWithWeekday(review.next_review)}.
          </>
        )}
      </CardEmpty>
      {seen.tasks.unassigned > 0 && (
        <p className="border-t border-line px-5 py-4 text-sm">
          <Link
            to="/tasks"
            search={{ view: "team", who: "anybody" }}
            className="rounded-sm font-medium text-brand-ink hover:underline focus-ring"
          >
            {plural(seen.tasks.unassigned, "task")} that nobody has taken
          </Link>
        </p>
      )}
    </Card>
  );
}
