import { UsersRound } from "lucide-react";
import { useEditor } from "@/features/edits";
import { PeopleCard } from "@/features/people";
import { Button } from "@/ui/button";
import { MembershipTimeline } from "./MembershipTimeline";
import { type OpenNode, RelationshipMap } from "./RelationshipMap";

/** The family as a whole: how everybody is linked, who belonged when, and the way to change it. */
export function FamilyTab({
  onOpenPerson,
  onOpenNode,
  onChange,
}: {
  onOpenPerson: (id: string) => void;
  onOpenNode: OpenNode;
  onChange: () => void;
}) {
  const { canWrite } = useEditor();
  return (
    <div className="grid grid-cols-1 items-start gap-6 @4xl:grid-cols-[minmax(0,1fr)_19rem] @6xl:grid-cols-[minmax(0,1fr)_23rem]">
      <div className="flex min-w-0 flex-col gap-6">
        <RelationshipMap onOpen={onOpenNode} />
        <MembershipTimeline />
      </div>
      <div className="flex min-w-0 flex-col gap-6 max-@4xl:order-first">
        {canWrite && (
          <Button onClick={onChange}>
            <UsersRound />
            Change the family
          </Button>
        )}
        <PeopleCard onOpen={onOpenPerson} />
      </div>
    </div>
  );
}
