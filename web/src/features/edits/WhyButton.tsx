import { Info } from "lucide-react";
import { IconButton } from "@/ui/button";
import { openFor } from "./why";

/** Opens the answer for the value it stands beside. */
export function WhyButton({ label }: { label: string }) {
  return (
    <IconButton
      label={`Why this value: ${label}`}
      className="size-6 opacity-0 group-focus-within/value:opacity-100 group-hover/value:opacity-100 focus-visible:opacity-100 [@media(hover:none)]:opacity-100"
      onClick={(event) => openFor(event.currentTarget)}
    >
      <Info />
    </IconButton>
  );
}
