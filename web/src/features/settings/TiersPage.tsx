import { useQuery } from "@tanstack/react-query";
import { ArrowDown, ArrowUp, Pencil, Trash2 } from "lucide-react";
import { type FormEvent, useState } from "react";
import { tiersQuery } from "@/api/queries/session";
import { changeTier, createTier, removeTier, type Tier, undoRequest } from "@/api/queries/settings";
import { offerUndo } from "@/features/edits/shell";
import { plural } from "@/lib/words";
import { Button, IconButton } from "@/ui/button";
import { Card } from "@/ui/card";
import { Input, Labelled, Select } from "@/ui/form";
import { Dialog } from "@/ui/overlay";
import { Failure, Loading, ProblemLine, SkeletonCard } from "@/ui/states";
import { Changes } from "./Changes";
import { Page } from "./Page";
import { useChange } from "./useChange";

const CADENCES = [1, 2, 3, 4, 6, 9, 12, 18, 24, 36];
const every = (months: number | null) =>
  months === null ? "No cadence" : `Every ${plural(months, "month")}`;

/** The firm's tiers in their order, each with how often the firm means to review it. */
export function TiersPage() {
  const tiers = useQuery(tiersQuery);
  const { run, busy, problem, renew } = useChange();
  const [renaming, setRenaming] = useState<Tier | null>(null);
  const items = tiers.data?.items ?? [];
  const unlisted = tiers.data?.unlisted ?? [];
  const rename = async (tier: Tier, name: string) => {
    const done = await run(() => changeTier(tier.id, { name }));
    if (!done) return;
    setRenaming(null);
    offerUndo(
      `${tier.name} is ${name} now, for ${plural(done.renamed_households, "household")}.`,
      async () => {
        await undoRequest(done.request_id);
        await renew();
      },
    );
  };
  return (
    <Page
      title="Tiers & cadences"
      about="The first tier is the highest. A household that says how often it is reviewed keeps its own cadence; the others follow their tier."
    >
      {tiers.isPending && (
        <Loading label="Loading tiers">
          <SkeletonCard />
        </Loading>
      )}
      <Failure of={tiers} />
      {!renaming && <ProblemLine error={problem} />}
      {tiers.data && (
        <Card id="tiers" title="Tiers">
          {items.length === 0 && (
            <p className="px-5 pb-4 text-ink-2">No tiers yet. Add the words that your households use.</p>
          )}
          <ol aria-label="Tiers" className="px-5 empty:hidden">
            {items.map((tier, at) => (
              <TierRow
                key={tier.id}
                tier={tier}
                last={at === items.length - 1}
                busy={busy}
                onPlace={(position) => void run(() => changeTier(tier.id, { position }))}
                onCadence={(months) =>
                  void run(() => changeTier(tier.id, { review_cadence_months: months }), "Saved.")
                }
                onRename={() => setRenaming(tier)}
                onRemove={() => void run(() => removeTier(tier.id), `Tier ${tier.name} removed.`)}
              />
            ))}
          </ol>
          <AddTier
            busy={busy}
            onAdd={(name, months) => run(() => createTier(name, months), `Tier ${name} added.`)}
          />
        </Card>
      )}
      {unlisted.length > 0 && (
        <Card id="unlisted" title="Also in use">
          <p className="px-5 text-ink-2">Words that households carry and that are no tier of the firm.</p>
          <ul className="px-5 py-3">
            {unlisted.map((word) => (
              <li
                key={word.name}
                className="flex items-center gap-4 border-t border-line py-2 first:border-0"
              >
                <span className="min-w-0 flex-1 break-words">
                  <span className="font-medium">{word.name}</span>{" "}
                  <span className="text-ink-2">{plural(word.households, "household")}</span>
                </span>
                <Button
                  size="sm"
                  disabled={busy}
                  aria-label={`Add ${word.name} as a tier`}
                  onClick={() => void run(() => createTier(word.name, null), `Tier ${word.name} added.`)}
                >
                  Add as a tier
                </Button>
              </li>
            ))}
          </ul>
        </Card>
      )}
      <Changes about={["tier"]} />
      {renaming && (
        <RenameDialog
          tier={renaming}
          busy={busy}
          problem={problem}
          onClose={() => setRenaming(null)}
          onRename={(name) => void rename(renaming, name)}
        />
      )}
    </Page>
  );
}

function TierRow({
  tier,
  last,
  busy,
  onPlace,
  onCadence,
  onRename,
  onRemove,
}: {
  tier: Tier;
  last: boolean;
  busy: boolean;
  onPlace: (position: number) => void;
  onCadence: (months: number | null) => void;
  onRename: () => void;
  onRemove: () => void;
}) {
  const known = tier.review_cadence_months;
  const choices =
    known === null || CADENCES.includes(known) ? CADENCES : [...CADENCES, known].sort((a, b) => a - b);
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 border-t border-line py-3 first:border-0">
      <div className="min-w-40 flex-1">
        <p className="font-medium break-words">{tier.name}</p>
        <p className="text-sm text-ink-2">{plural(tier.households, "household")}</p>
      </div>
      <Select
        aria-label={`Review cadence of ${tier.name}`}
        className="w-44"
        disabled={busy}
        value={known ?? ""}
        onChange={(e) => onCadence(e.target.value === "" ? null : Number(e.target.value))}
      >
        <option value="">{every(null)}</option>
        {choices.map((months) => (
          <option key={months} value={months}>
            {every(months)}
          </option>
        ))}
      </Select>
      <div className="flex">
        <IconButton
          label={`Move ${tier.name} up`}
          disabled={busy || tier.position === 1}
          onClick={() => onPlace(tier.position - 1)}
        >
          <ArrowUp />
        </IconButton>
        <IconButton
          label={`Move ${tier.name} down`}
          disabled={busy || last}
          onClick={() => onPlace(tier.position + 1)}
        >
          <ArrowDown />
        </IconButton>
        <IconButton label={`Rename ${tier.name}`} disabled={busy} onClick={onRename}>
          <Pencil />
        </IconButton>
        <IconButton label={`Remove ${tier.name}`} disabled={busy} onClick={onRemove}>
          <Trash2 />
        </IconButton>
      </div>
    </li>
  );
}

function AddTier({
  busy,
  onAdd,
}: {
  busy: boolean;
  onAdd: (name: string, months: number | null) => Promise<unknown>;
}) {
  const [name, setName] = useState("");
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (await onAdd(name.trim(), null)) setName("");
  };
  return (
    <form onSubmit={(e) => void submit(e)} className="flex gap-2 border-t border-line px-5 py-4">
      <Input
        aria-label="Name of a new tier"
        placeholder="New tier"
        required
        maxLength={40}
        value={name}
        onChange={(e) => setName(e.target.value)}
        className="max-w-60"
      />
      <Button type="submit" disabled={busy || name.trim() === ""}>
        Add
      </Button>
    </form>
  );
}

function RenameDialog({
  tier,
  busy,
  problem,
  onClose,
  onRename,
}: {
  tier: Tier;
  busy: boolean;
  problem: unknown;
  onClose: () => void;
  onRename: (name: string) => void;
}) {
  const [name, setName] = useState(tier.name);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onRename(name.trim());
  };
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={`Rename ${tier.name}`}>
      <form onSubmit={submit} className="flex flex-col gap-4 p-5">
        <ProblemLine error={problem} />
        <Labelled
          label="Name"
          required
          hint={`${plural(tier.households, "household")} of this tier ${tier.households === 1 ? "carries" : "carry"} the new name at once. One undo takes all of it back.`}
        >
          {({ id, describedBy }) => (
            <Input
              id={id}
              aria-describedby={describedBy}
              required
              autoFocus
              maxLength={40}
              value={name}
              onFocus={(e) => e.target.select()}
              onChange={(e) => setName(e.target.value)}
            />
          )}
        </Labelled>
        <div className="flex justify-end gap-2">
          <Button variant="ghost" onClick={onClose}>
            Cancel
          </Button>
          <Button
            type="submit"
            variant="primary"
            disabled={busy || name.trim() === "" || name.trim() === tier.name}
          >
            Rename
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
