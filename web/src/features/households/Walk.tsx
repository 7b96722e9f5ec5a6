import { useNavigate } from "@tanstack/react-router";
import { ChevronDown, ChevronUp } from "lucide-react";
import { IconButton } from "@/ui/button";
import { useWalk } from "./order";

/** Goes to the next household of the list, on the same tab. */
export function useStep(id: string) {
  const navigate = useNavigate();
  const walk = useWalk(id);
  const go = (by: 1 | -1) =>
    void walk.go(by).then((next) => {
      if (!next || next === id) return;
      const search = (s: { tab?: string; known?: string }) => ({ tab: s.tab, known: s.known });
      void navigate({ to: "/households/$id", params: { id: next }, search: search as never });
    });
  return { ...walk, go };
}

/** Where one is in the list one came from, and the way on. Nothing for who came from elsewhere. */
export function WalkButtons({ id }: { id: string }) {
  const step = useStep(id);
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
