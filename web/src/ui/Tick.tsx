import { useState } from "react";
import { Checkbox } from "./form";

/** A box that shows the new state at once and keeps it until the work behind it is done, whichever way that ends. */
export function Tick({
  label,
  checked,
  disabled,
  onTick,
}: {
  label: string;
  checked: boolean;
  disabled?: boolean;
  /** Ends when the work is done; a refusal has been shown by then. */
  onTick: (checked: boolean) => Promise<unknown>;
}) {
  const [wanted, setWanted] = useState<boolean | null>(null);
  return (
    <Checkbox
      aria-label={label}
      className="mt-0.5"
      checked={wanted ?? checked}
      disabled={disabled}
      onChange={(event) => {
        setWanted(event.target.checked);
        void onTick(event.target.checked).finally(() => setWanted(null));
      }}
    />
  );
}
