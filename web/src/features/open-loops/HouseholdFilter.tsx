import { useQuery } from "@tanstack/react-query";
import { X } from "lucide-react";
import { useState } from "react";
import { householdQuery } from "@/api/queries/households";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/overlay";
import { HouseholdPicker, type Picked } from "./HouseholdPicker";

/** Lets the loops of one household alone be shown. */
export function HouseholdFilter({
  chosen,
  name,
  onChoose,
}: {
  chosen: string | undefined;
  /** What it is called, where a loop on screen says so. */
  name?: string | null;
  onChoose: (id: string | undefined) => void;
}) {
  const [asking, setAsking] = useState(false);
  const [picked, setPicked] = useState<Picked | null>(null);
  const known = name ?? (picked?.id === chosen ? picked?.name : undefined);
  // One without loops on screen says its name itself.
  const record = useQuery({ ...householdQuery(chosen ?? ""), enabled: chosen !== undefined && !known });
  return (
    <>
      <span className="flex items-center">
        <Button aria-haspopup="dialog" onClick={() => setAsking(true)}>
          <span className="max-w-52 truncate">
            {chosen ? (known ?? record.data?.household.name ?? "One household") : "Every household"}
          </span>
        </Button>
        {chosen && (
          <Button variant="ghost" aria-label="Show every household" onClick={() => onChoose(undefined)}>
            <X />
          </Button>
        )}
      </span>
      {asking && (
        <Dialog open onOpenChange={setAsking} title="Loops of one household">
          <div className="p-5">
            <HouseholdPicker
              picked={null}
              onPick={(household) => {
                setAsking(false);
                setPicked(household);
                if (household) onChoose(household.id);
              }}
            />
          </div>
        </Dialog>
      )}
    </>
  );
}
