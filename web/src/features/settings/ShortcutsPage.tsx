import { KEYS } from "@/app/keys";
import { Card } from "@/ui/card";
import { Page } from "./Page";

/** Every key of the registry, whatever page it acts on. */
export function ShortcutsPage() {
  const groups = [...new Set(KEYS.map((k) => k.group))];
  return (
    <Page title="Shortcuts" about="Every key of magfin. Press ? on a page to see those that act there.">
      <div className="grid grid-cols-1 items-start gap-6 @2xl:grid-cols-2">
        {groups.map((group) => (
          <Card key={group} id={`keys-${group.toLowerCase().replace(/\W+/g, "-")}`} title={group}>
            <dl className="px-5 pb-4">
              {KEYS.filter((k) => k.group === group).map((k) => (
                <div key={k.id} className="flex items-center justify-between gap-3 py-1">
                  <dt className="text-ink-2">{k.label}</dt>
                  <dd className="flex shrink-0 gap-1">
                    {k.keys.split(" ").map((key, at) => (
                      // biome-ignore lint/suspicious/noArrayIndexKey: a chord may name one key twice, and never reorders
                      <kbd key={at} className="rounded-sm bg-sunken px-1.5 font-sans text-xs text-ink-2">
                        {key}
                      </kbd>
                    ))}
                  </dd>
                </div>
              ))}
            </dl>
          </Card>
        ))}
      </div>
    </Page>
  );
}
