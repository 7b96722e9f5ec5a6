import { Link, useNavigate } from "@tanstack/react-router";
import {
  ChevronLeft,
  Ellipsis,
  Eye,
  History,
  ListPlus,
  NotebookPen,
  Repeat2,
  Trash2,
  UsersRound,
} from "lucide-react";
import { Suspense, useRef, useState } from "react";
import { asProblem } from "@/api/problem";
import { useUserOptions } from "@/api/queries/user-options";
import { useKey } from "@/app/keys";
import { AccessDialog } from "@/features/access";
import { InlineField, Told, useEditor } from "@/features/edits";
import { Presence } from "@/features/live";
import { loopSpec } from "@/features/open-loops";
import { taskSpec } from "@/features/tasks";
import { date, dayBefore, today } from "@/lib/dates";
import { press } from "@/lib/press";
import { HOUSEHOLD_TYPES, label } from "@/lib/words";
import { Button } from "@/ui/button";
import { Badge } from "@/ui/card";
import { Menu, MenuItem, MenuSeparator } from "@/ui/menu";
import { Monogram } from "@/ui/monogram";
import { toast } from "@/ui/toast";
import { HOUSEHOLD_FIELDS, TYPE_TONE } from "./fields";
import { usePageStep, WalkButtons } from "./Walk";

interface HeaderProps {
  onNote: () => void;
  onChangeFamily: () => void;
}

export function HouseholdHeader(props: HeaderProps) {
  const { record, knownAt } = useEditor();
  const { household, team } = record;
  const step = usePageStep(household.id);
  const home = record.contact_points.find((c) => c.kind === "address");
  const place = [home?.city, home?.state].filter(Boolean).join(", ");
  const about = [
    place && `${place}.`,
    household.client_since && `Client since ${date(household.client_since)}.`,
    team && `Team ${team.name}.`,
  ].filter(Boolean);
  return (
    <header>
      <div className="flex min-h-7 items-center justify-between gap-4">
        <Link
          to="/households"
          className="inline-flex items-center gap-1 rounded-sm text-sm text-ink-2 hover:text-ink focus-ring"
        >
          <ChevronLeft aria-hidden className="size-4" />
          Households
        </Link>
        <WalkButtons step={step} />
      </div>
      <div className="mt-3 flex flex-wrap items-center gap-x-5 gap-y-4">
        <div className="mr-auto flex min-w-0 items-center gap-4">
          <span className="hidden sm:block">
            <Monogram name={household.name} size="lg" />
          </span>
          <div className="min-w-0">
            <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
              <InlineField noun="households" row={household} field={HOUSEHOLD_FIELDS.name} bare heading>
                <h1 className="display min-w-0 text-2xl md:text-3xl">{household.name}</h1>
              </InlineField>
              <Told noun="households" id={household.id} field="type">
                <Badge tone={TYPE_TONE[household.type]}>{label(HOUSEHOLD_TYPES, household.type)}</Badge>
              </Told>
              {household.tier && (
                <Told noun="households" id={household.id} field="tier">
                  <Badge tone="brass">{household.tier}</Badge>
                </Told>
              )}
              {household.tags.map((tag) => (
                <Told key={tag} noun="households" id={household.id} field="tags">
                  <Badge>{tag}</Badge>
                </Told>
              ))}
            </div>
            {/* Beside what is there: who comes must not move the page under somebody's hand. */}
            <div className="mt-1 flex flex-wrap items-baseline gap-x-5">
              <p className="text-ink-2">{about.join(" ")}</p>
              {!knownAt && <Presence householdId={household.id} />}
            </div>
          </div>
        </div>
        <HeaderActions {...props} />
      </div>
    </header>
  );
}

function HeaderActions({ onNote, onChangeFamily }: HeaderProps) {
  const { canWrite, add, facts, record, knownAt } = useEditor();
  const navigate = useNavigate();
  const users = useUserOptions();
  const addTask = () => add(taskSpec(users));
  const addLoop = () => add(loopSpec(users));
  useKey("record.task", addTask, canWrite);
  useKey("record.loop", addLoop, canWrite);
  const [access, setAccess] = useState(false);
  const more = useRef<HTMLButtonElement>(null);
  useKey("record.more", () => press(more.current), !knownAt);
  if (knownAt) return null;
  const removeHousehold = async () => {
    try {
      await facts.remove("households", record.household.id, `Removed ${record.household.name}.`);
      await navigate({ to: "/households" });
    } catch (error) {
      toast(asProblem(error).message, { tone: "error" });
    }
  };
  const lookBack = () => void navigate({ to: ".", search: (s) => ({ ...s, known: dayBefore(today()) }) });
  return (
    <div className="flex w-full gap-2 sm:w-auto">
      {canWrite && (
        <>
          <Button onClick={addTask}>
            <ListPlus />
            Task
          </Button>
          <Button onClick={addLoop}>
            <Repeat2 />
            Loop
          </Button>
          <Button variant="primary" className="flex-1 sm:flex-none" onClick={onNote}>
            <NotebookPen />
            Write a note
          </Button>
        </>
      )}
      <Menu
        trigger={
          <Button ref={more} variant="ghost" aria-label="More actions" className="px-2">
            <Ellipsis />
          </Button>
        }
      >
        {canWrite && (
          <MenuItem onSelect={onChangeFamily}>
            <UsersRound />
            Change the family…
          </MenuItem>
        )}
        <MenuItem onSelect={() => setAccess(true)}>
          <Eye />
          Who can see this
        </MenuItem>
        <MenuItem onSelect={lookBack}>
          <History />
          Show as known on…
        </MenuItem>
        {canWrite && (
          <>
            <MenuSeparator />
            <MenuItem className="text-neg" onSelect={() => void removeHousehold()}>
              <Trash2 />
              Remove household
            </MenuItem>
          </>
        )}
      </Menu>
      {access && (
        <Suspense>
          <AccessDialog
            householdId={record.household.id}
            name={record.household.name}
            onClose={() => setAccess(false)}
          />
        </Suspense>
      )}
    </div>
  );
}
