import { Dialog } from "@/ui/overlay";
import { keyRouter } from "../keys";

/** The keys that would act on the page below. */
export function KeyList({ onClose }: { onClose: () => void }) {
  const bindings = keyRouter.active();
  const groups = [...new Set(bindings.map((b) => b.group))];
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title="Keys"
      description="What works on this page."
    >
      <section
        aria-label="Keys of this page"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
        tabIndex={0}
        className="grid gap-6 p-5 focus-ring sm:grid-cols-2"
      >
        {groups.map((group) => (
          <section key={group} aria-label={group}>
            <p className="eyebrow">{group}</p>
            <dl className="mt-1">
              {bindings
                .filter((b) => b.group === group)
                .map((b) => (
                  <div key={b.id} className="flex items-center justify-between gap-3 py-1">
                    <dt className="text-ink-2">{b.label}</dt>
                    <dd className="flex shrink-0 gap-1">
                      {b.keys.split(" ").map((key) => (
                        <kbd key={key} className="rounded-sm bg-sunken px-1.5 font-sans text-xs text-ink-2">
                          {key}
                        </kbd>
                      ))}
                    </dd>
                  </div>
                ))}
            </dl>
          </section>
        ))}
      </section>
    </Dialog>
  );
}
