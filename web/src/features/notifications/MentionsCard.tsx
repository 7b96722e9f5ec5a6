import { useQuery } from "@tanstack/react-query";
import { unreadQuery } from "@/api/queries/notifications";
import { Badge, Card, CardList } from "@/ui/card";
import { NotificationLine } from "./NotificationLine";

const SHOWN = 5;

/** The mentions that the user has not read. Nothing while there is none. */
export function MentionsCard() {
  const items = useQuery(unreadQuery).data?.items ?? [];
  if (items.length === 0) return null;
  return (
    <Card id="mentions" title="You were mentioned" action={<Badge tone="brass">{items.length}</Badge>}>
      <CardList>
        {items.slice(0, SHOWN).map((item) => (
          <NotificationLine key={item.id} item={item} />
        ))}
      </CardList>
    </Card>
  );
}
