import { Lock, Users } from "lucide-react";
import type { Privacy } from "@/api/queries/notes";
import { Button } from "@/ui/button";

/** Who may read the note that is being written. Pressed: its author and compliance. */
export function PrivacyButton({ value, onChange }: { value: Privacy; onChange: (privacy: Privacy) => void }) {
  const own = value === "private";
  return (
    <Button
      size="sm"
      variant="ghost"
      aria-pressed={own}
      title={own ? "Only you and compliance may read it" : "Whoever sees the household may read it"}
      className="aria-pressed:bg-brass-soft aria-pressed:text-brass-ink"
      onClick={() => onChange(own ? "team" : "private")}
    >
      {own ? <Lock /> : <Users />}
      {own ? "Only me" : "Team"}
    </Button>
  );
}
