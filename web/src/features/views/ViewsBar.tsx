import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Bookmark, BookmarkCheck, Star, Trash2 } from "lucide-react";
import { lazy, Suspense, useRef, useState } from "react";
import { asProblem } from "@/api/problem";
import { beginWith, changeView, createView, removeView, type View, viewsQuery } from "@/api/queries/views";
import { useKey } from "@/app/keys";
import { Button, IconButton } from "@/ui/button";
import { toast } from "@/ui/toast";
import { sameLook } from "./match";
import { isOwnColumns } from "./own-columns";

const SaveViewDialog = lazy(() => import("./SaveViewDialog").then((m) => ({ default: m.SaveViewDialog })));

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
  const views = (useQuery(viewsQuery).data?.items ?? []).filter((view) => !isOwnColumns(view));
  const [saving, setSaving] = useState(false);
  const [openedId, setOpenedId] = useState<string | null>(null);
  const nav = useRef<HTMLElement>(null);
  const open = views.find((view) => sameLook(view.query, look));
  const plain = sameLook(look, {});
  // The view that was opened and has been looked at differently since.
  const altered = open || plain ? undefined : views.find((view) => view.id === openedId && view.mine);
  useKey("list.views", () => {
    const first =
      nav.current?.querySelector<HTMLElement>("button[aria-pressed=true]") ??
      nav.current?.querySelector("button");
    if (first) first.focus();
    else toast("There is no saved view yet. Build a filter with f and save it.");
  });
  if (views.length === 0 && plain) return null;
  return (
    <nav ref={nav} aria-label="Saved views" className="mt-4 flex flex-wrap items-center gap-2">
      <button type="button" aria-pressed={plain} onClick={() => onLook({})} className={CHIP}>
        All households
      </button>
      {views.map((view) => (
        <button
          key={view.id}
          type="button"
          aria-pressed={view === open}
          title={`${view.name}: ${SEEN_BY[view.scope]}`}
          onClick={() => {
            setOpenedId(view.id);
            onLook(view.query);
          }}
          className={CHIP}
        >
          {view.name}
        </button>
      ))}
      {open && <BeginWith view={open} before={views.find((view) => view.is_default)} />}
      {open?.mine && <RemoveView view={open} />}
      {altered && <UpdateView view={altered} look={look} />}
      {!open && !plain && (
        <Button size="sm" variant="ghost" onClick={() => setSaving(true)}>
          <Bookmark />
          {altered ? "Save as new view" : "Save view"}
        </Button>
      )}
      <Suspense>{saving && <SaveViewDialog look={look} onClose={() => setSaving(false)} />}</Suspense>
    </nav>
  );
}

/** Has the list begin with this view from now on, or with all households again. */
function BeginWith({ view, before }: { view: View; before: View | undefined }) {
  const client = useQueryClient();
  const begin = async (first: View | undefined, undo?: () => void) => {
    try {
      await beginWith(first?.id ?? null);
      const what = first ? `“${first.name}”` : "all households";
      toast(`Your list begins with ${what}.`, undo && { action: { label: "Undo", run: undo } });
    } catch (error) {
      toast(asProblem(error).message, { tone: "error" });
    }
    await client.invalidateQueries({ queryKey: viewsQuery.queryKey });
  };
  return (
    <IconButton
      label={view.is_default ? "Begin with all households" : `Begin with the view ${view.name}`}
      className="size-8"
      onClick={() => void begin(view.is_default ? undefined : view, () => void begin(before))}
    >
      <Star className={view.is_default ? "fill-current text-brass" : undefined} />
    </IconButton>
  );
}

/** Keeps the look as the view that it began as. */
function UpdateView({ view, look }: { view: View; look: object }) {
  const client = useQueryClient();
  const renew = () => client.invalidateQueries({ queryKey: viewsQuery.queryKey });
  const update = async () => {
    try {
      const changed = await changeView(view, { query: look });
      const back = () =>
        void changeView(changed, { query: view.query })
          .then(renew)
          .catch((error) => toast(asProblem(error).message, { tone: "error" }));
      toast(`View “${view.name}” changed.`, { action: { label: "Undo", run: back } });
    } catch (error) {
      toast(asProblem(error).message, { tone: "error" });
    }
    await renew();
  };
  return (
    <Button size="sm" variant="ghost" onClick={() => void update()}>
      <BookmarkCheck />
      Update “{view.name}”
    </Button>
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
