import { useState } from "react";
import type { FormField } from "@/lib/fields";
import { FormDialog } from "@/ui/FormDialog";
import { HouseholdPicker } from "../HouseholdPicker";

export interface Reasoned {
  title: string;
  about: string;
  submit: string;
  /** Whether a household is asked for as well. */
  asksHousehold?: boolean;
  danger?: boolean;
  send: (reason: string, household: string) => Promise<unknown>;
}

const FIELDS: FormField[] = [
  {
    name: "reason",
    label: "Reason",
    kind: "text",
    hint: "At least three letters. It is an entry of the log.",
  },
];

/** Asks why, and of which household, before something about deletion is decided. */
export function ReasonDialog({ of, onClose }: { of: Reasoned; onClose: () => void }) {
  const [household, setHousehold] = useState<string>();
  return (
    <FormDialog
      title={of.title}
      about={of.about}
      submit={of.submit}
      danger={of.danger}
      fields={FIELDS}
      missing={({ reason }) => String(reason).trim().length < 3 || (of.asksHousehold === true && !household)}
      onSubmit={({ reason }) => of.send(String(reason), household ?? "").then(onClose)}
      onClose={onClose}
    >
      {of.asksHousehold && (
        <HouseholdPicker
          household={household}
          placeholder="Type a name"
          strict
          autoFocus
          onPick={setHousehold}
        />
      )}
    </FormDialog>
  );
}
