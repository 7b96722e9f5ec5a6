import { AddButton, RowMenu, useEditor } from "@/features/edits";
import { date } from "@/lib/dates";
import { money } from "@/lib/money";
import { GOAL_STATUSES, label } from "@/lib/words";
import { Badge, Card, CardEmpty, CardList } from "@/ui/card";
import { goalSpec } from "./spec";

export function GoalsCard() {
  const { record } = useEditor();
  const goals = [...record.goals].sort((a, b) => a.position - b.position);
  return (
    <Card id="goals" title="Goals" action={<AddButton spec={goalSpec} />}>
      {goals.length === 0 ? (
        <CardEmpty>Nothing agreed yet. What does this family want its money to do?</CardEmpty>
      ) : (
        <CardList>
          {goals.map((goal) => (
            <li key={goal.id} className="flex items-start gap-3 py-2.5">
              <div className="min-w-0 flex-1">
                <p className={goal.status === "dropped" ? "text-ink-3 line-through" : undefined}>
                  {goal.title}
                </p>
                <p className="text-sm text-ink-2">
                  {[money(goal.amount, goal.currency), goal.target_on && `by ${date(goal.target_on)}`]
                    .filter(Boolean)
                    .join(" ")}
                </p>
              </div>
              {goal.status !== "open" && (
                <Badge tone={goal.status === "reached" ? "pos" : "neutral"}>
                  {label(GOAL_STATUSES, goal.status)}
                </Badge>
              )}
              <RowMenu spec={goalSpec} row={goal} name={goal.title} />
            </li>
          ))}
        </CardList>
      )}
    </Card>
  );
}
