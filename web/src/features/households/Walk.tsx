import { useNavigate } from "@tanstack/react-router";
import { ChevronDown, ChevronUp } from "lucide-react";
import { IconButton } from "@/ui/button";
import { useWalk } from "./order";

/** The way to the households before and after in the list; `show` opens one of them. */
export function useStep(id: string, show: (next: string) => void) {
  const walk = useWalk(id);
  const go = (by: 1 | -1) =>
    void walk.go(by).then((next) => {
      if (next && next !== id) show(next);
    });
  return { ...walk, go };
}

/** Goes from page to page, on the same tab. */
export function usePageStep(id: string) {
  const navigate = useNavigate();
  return useStep(id, (next) => {
    const search = (s: { tab?: string; known?: string }) => ({ tab: s.tab, known: s.known });
    void navigate({ to: "/households/$id", params: { id: next }, search: search as never });
  });
}

/** Where one is in the list one came from, and the way on. Nothing for who came from elsewhere. */
export function WalkButtons({ step }: { step: ReturnType<typeof useStep> }) {
  if (!step.can(-1) && !step.can(1)) return null;
  return (
    // biome-ignore lint/a11y/useSemanticElements: two buttons, not a form's fieldset
    <span
      role="group"
      aria-label="The list you came from"
      className="flex items-center gap-0.5 text-sm text-ink-3"
    >
      {step.position && <span className="mr-1.5">{step.position}</span>}
      <IconButton
        label="Previous household of the list"
        className="size-7"
        disabled={!step.can(-1)}
        onClick={() => step.go(-1)}
      >
        <ChevronUp />
      </IconButton>
      <IconButton
        label="Next household of the list"
        className="size-7"
        disabled={!step.can(1)}
        onClick={() => step.go(1)}
      >
        <ChevronDown />
      </IconButton>
    </span>
  );
}
