import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Bookmark, Trash2 } from "lucide-react";
import { useState } from "react";
import { asProblem } from "@/api/problem";
import { createView, removeView, type View, viewsQuery } from "@/api/queries/views";
import { Button, IconButton } from "@/ui/button";
import { toast } from "@/ui/toast";
import { sameLook } from "./match";
import { SaveViewDialog } from "./SaveViewDialog";

const CHIP =
  "h-8 max-w-60 truncate rounded-full border border-line-2 bg-surface px-3.5 text-sm text-ink-2 hover:text-ink focus-ring aria-pressed:border-brand aria-pressed:bg-brand-soft aria-pressed:font-medium aria-pressed:text-brand-ink";
const SEEN_BY = { private: "only you see it", team: "your team sees it", firm: "the firm sees it" } as const;

/** The saved views, the one that is open marked; a look that is none of them can be saved. */
export function ViewsBar({
  look,
  onLook,
}: {
  look: object;
  onLook: (look: Record<string, unknown>) => void;
}) {
  const views = useQuery(viewsQuery).data?.items ?? [];
  const [saving, setSaving] = useState(false);
  const open = views.find((view) => sameLook(view.query, look));
  const plain = sameLook(look, {});
  if (views.length === 0 && plain) return null;
  return (
    <nav aria-label="Saved views" className="mt-4 flex flex-wrap items-center gap-2">
      <button type="button" aria-pressed={plain} onClick={() => onLook({})} className={CHIP}>
        All households
      </button>
      {views.map((view) => (
        <button
          key={view.id}
          type="button"
          aria-pressed={view === open}
          title={`${view.name}: ${SEEN_BY[view.scope]}`}
          onClick={() => onLook(view.query)}
          className={CHIP}
        >
          {view.name}
        </button>
      ))}
      {open?.mine && <RemoveView view={open} />}
      {!open && !plain && (
        <Button size="sm" variant="ghost" onClick={() => setSaving(true)}>
          <Bookmark />
          Save view
        </Button>
      )}
      {saving && <SaveViewDialog look={look} onClose={() => setSaving(false)} />}
    </nav>
  );
}

function RemoveView({ view }: { view: View }) {
  const client = useQueryClient();
  const renew = () => client.invalidateQueries({ queryKey: viewsQuery.queryKey });
  const bringBack = () => {
    const { name, scope, team_id, pinned } = view;
    createView({ name, scope, team_id, pinned }, view.query)
      .then(renew)
      .catch((error) => toast(asProblem(error).message, { tone: "error" }));
  };
  const remove = async () => {
    try {
      await removeView(view.id);
      toast(`View “${view.name}” removed.`, { action: { label: "Undo", run: bringBack } });
    } catch (error) {
      toast(asProblem(error).message, { tone: "error" });
    }
    await renew();
  };
  return (
    <IconButton label={`Remove the view ${view.name}`} className="size-8" onClick={() => void remove()}>
      <Trash2 />
    </IconButton>
  );
}
