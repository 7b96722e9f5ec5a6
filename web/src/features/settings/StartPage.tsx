import { Link, Navigate } from "@tanstack/react-router";
import { ChevronRight } from "lucide-react";
import { useCan } from "@/features/auth";
import { GROUPS } from "./groups";

/** The groups with a line about each: what a phone shows first. A desk has them beside the page, and opens the first. */
export function StartPage() {
  const admin = useCan("users.manage");
  if (window.matchMedia("(min-width: 768px)").matches) return <Navigate to="/settings/profile" replace />;
  return (
    <nav aria-label="Groups of settings">
      <ul className="overflow-hidden rounded-lg border border-line bg-surface shadow-1">
        {GROUPS.filter((g) => admin || !g.admin).map((group) => (
          <li key={group.to} className="border-t border-line first:border-0">
            <Link
              to={group.to}
              className="flex min-h-14 items-center gap-4 px-5 py-2.5 hover:bg-sunken focus-visible:outline-2 focus-visible:-outline-offset-2 focus-visible:outline-[var(--mf-focus)]"
            >
              <group.icon aria-hidden className="size-5 text-ink-3" strokeWidth={1.75} />
              <span className="min-w-0 flex-1">
                <span className="block font-medium">{group.label}</span>
                <span className="block text-sm text-ink-2">{group.about}</span>
              </span>
              <ChevronRight aria-hidden className="size-4 text-ink-3" />
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
