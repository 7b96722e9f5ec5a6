import { cn } from "@/lib/cn";

const SIZES = { sm: "size-8 text-xs", md: "size-9.5 text-sm", lg: "size-14 text-xl" };

/** One or two initials of a name; decoration only, the name itself stands beside it. */
export function Monogram({ name, size = "sm" }: { name: string; size?: keyof typeof SIZES }) {
  const words = name
    .replace(/ (Family|Household)$/i, "")
    .replace(/^The /i, "")
    .split(/[\s&]+/)
    .filter((w) => /^\p{L}/u.test(w));
  const first = words[0]?.charAt(0) ?? "";
  const last = words.length > 1 ? (words.at(-1)?.charAt(0) ?? "") : "";
  return (
    <span
      aria-hidden
      className={cn(
        "display inline-flex shrink-0 items-center justify-center rounded-full bg-brand-soft text-brand-ink uppercase",
        SIZES[size],
      )}
    >
      {first + last}
    </span>
  );
}

export function Mark({ className }: { className?: string }) {
  return (
    <svg
      viewBox="0 0 32 32"
      className={className}
      fill="none"
      stroke="currentColor"
      strokeWidth="1.75"
      aria-hidden="true"
    >
      <path d="M5 27h22M8 24V13.5M16 24V13.5M24 24V13.5M5 11 16 4.5 27 11z" strokeLinecap="square" />
    </svg>
  );
}
