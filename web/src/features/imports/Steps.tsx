import { Check } from "lucide-react";
import { cn } from "@/lib/cn";

export const STEPS = ["Upload", "Look and fix", "Bring in"] as const;

/** Where somebody stands on the way. */
export function Steps({ at, done }: { at: number; done: boolean }) {
  return (
    <ol aria-label="Steps" className="flex flex-wrap items-center gap-x-2 gap-y-1 text-sm">
      {STEPS.map((name, i) => {
        const passed = i < at || done;
        return (
          <li
            key={name}
            aria-current={i === at && !done ? "step" : undefined}
            className={cn("flex items-center gap-2", i === at ? "font-medium text-ink" : "text-ink-2")}
          >
            <span
              aria-hidden
              className={cn(
                "grid size-5.5 place-items-center rounded-full border text-xs [&_svg]:size-3.5",
                passed ? "border-brand bg-brand text-on-brand" : "border-line-2 bg-surface",
                i === at && !passed && "border-brass",
              )}
            >
              {passed ? <Check /> : i + 1}
            </span>
            {name}
            {passed && <span className="sr-only">, done</span>}
            {i < STEPS.length - 1 && <span aria-hidden className="h-px w-6 bg-line-2" />}
          </li>
        );
      })}
    </ol>
  );
}

/** A bar that fills. `label` says aloud what it measures. */
export function Bar({ label, value, max }: { label: string; value: number; max: number }) {
  const share = max > 0 ? Math.min(value / max, 1) : 0;
  return (
    <progress
      aria-label={label}
      value={share}
      max={1}
      className="h-1.5 w-full overflow-hidden rounded-full bg-sunken [&::-moz-progress-bar]:bg-brand [&::-webkit-progress-bar]:bg-sunken [&::-webkit-progress-value]:rounded-full [&::-webkit-progress-value]:bg-brand"
    />
  );
}
