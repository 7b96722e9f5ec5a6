import { Link } from "@tanstack/react-router";
import type { LoopLine } from "@/api/types";
import { plural } from "@/lib/words";
import { Badge } from "@/ui/card";
import { ageOf, ageTone } from "./age";

/** The way from a loop to its household. */
export function LoopHousehold({ loop }: { loop: LoopLine }) {
  return (
    <Link
      to="/households/$id"
      params={{ id: loop.household_id }}
      search={{ tab: "tasks" }}
      className="rounded-sm text-ink-2 underline decoration-line-2 underline-offset-2 hover:text-ink focus-ring"
    >
      {loop.household_name ?? "Household"}
    </Link>
  );
}

/** How long a loop has been open, in the colour of its age; nothing where nobody knows. */
export function LoopAge({ loop }: { loop: LoopLine }) {
  const days = ageOf(loop);
  if (!loop.opened_on) return null;
  return (
    <Badge tone={ageTone(days)} className="num">
      {days === 0 ? "Today" : plural(days, "day")}
    </Badge>
  );
}
