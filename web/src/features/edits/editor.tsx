import { createContext, lazy, type ReactNode, Suspense, use, useEffect, useMemo, useState } from "react";
import { asProblem } from "@/api/problem";
import type { HouseholdRecord, Noun } from "@/api/types";
import { ahead } from "@/lib/ahead";
import type { FormField } from "@/lib/fields";
import { opener } from "@/lib/opener";
import { toast } from "@/ui/toast";
import type { NameOf } from "./format";
import { type Facts, useFacts } from "./useFacts";

const factDialog = () => import("./FactDialog");
const FactDialog = lazy(async () => ({ default: (await factDialog()).FactDialog }));

/** How one kind of fact is asked for and named. Each noun's folder holds its own. */
export interface FactSpec {
  noun: Exclude<Noun, "households">;
  singular: string;
  fields: (record: HouseholdRecord, nameOf: NameOf) => readonly FormField[];
}
export interface EditedRow {
  id: string;
  version: number;
}
export type DialogState = { spec: FactSpec; opener: HTMLElement | null } & (
  | { mode: "add"; presets: Record<string, unknown> }
  | { mode: "change"; row: EditedRow; name: string }
);

interface Editor {
  householdId: string;
  /** The moment at which the record was known, when it is not the present one. */
  knownAt?: string;
  /** The day of that moment. */
  knownOn?: string;
  record: HouseholdRecord;
  canWrite: boolean;
  nameOf: NameOf;
  facts: Facts;
  add: (spec: FactSpec, presets?: Record<string, unknown>) => void;
  change: (spec: FactSpec, row: EditedRow, name: string) => void;
  remove: (spec: FactSpec, id: string, name: string) => void;
}
const EditorContext = createContext<Editor | null>(null);

/** Gives everything below it the record on screen and the ways to edit it. One dialog at a time. */
export function EditorProvider({
  record,
  knownAt,
  knownOn,
  canWrite,
  nameOf,
  children,
}: {
  record: HouseholdRecord;
  knownAt?: string;
  knownOn?: string;
  canWrite: boolean;
  nameOf: NameOf;
  children: ReactNode;
}) {
  const householdId = record.household.id;
  const facts = useFacts(householdId);
  const [dialog, setDialog] = useState<DialogState | null>(null);
  // Fetched once the record stands, so that the form is there as soon as it is asked for, with or without a connection.
  useEffect(() => ahead(factDialog), []);
  const editor = useMemo<Editor>(
    () => ({
      householdId,
      knownAt,
      knownOn,
      record,
      canWrite,
      nameOf,
      facts,
      add: (spec, presets = {}) => setDialog({ mode: "add", spec, presets, opener: opener() }),
      change: (spec, row, name) => setDialog({ mode: "change", spec, row, name, opener: opener() }),
      remove: (spec, id, name) => {
        facts
          .remove(spec.noun, id, `Removed ${name}.`)
          .catch((error) => toast(asProblem(error).message, { tone: "error" }));
      },
    }),
    [householdId, knownAt, knownOn, record, canWrite, nameOf, facts],
  );
  return (
    <EditorContext value={editor}>
      {children}
      <Suspense>
        {dialog && (
          <FactDialog
            key={JSON.stringify([dialog.mode, dialog.spec.noun])}
            state={dialog}
            onClose={() => setDialog(null)}
          />
        )}
      </Suspense>
    </EditorContext>
  );
}

export function useEditor(): Editor {
  const editor = use(EditorContext);
  if (!editor) throw new Error("useEditor needs an EditorProvider above it.");
  return editor;
}
