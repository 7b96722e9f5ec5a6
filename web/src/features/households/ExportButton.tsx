import { Download } from "lucide-react";
import { useState } from "react";
import { asProblem } from "@/api/problem";
import { exportHouseholds, type HouseholdFilter, type HouseholdSort } from "@/api/queries/households";
import { confirmed } from "@/features/step-up";
import { Button } from "@/ui/button";
import { toast } from "@/ui/toast";
import type { ColumnId } from "./column-ids";
import { columnsOf } from "./columns";

interface Exported {
  filter: HouseholdFilter;
  sort: HouseholdSort;
  columns: readonly ColumnId[];
  /** These households alone. */
  ids?: readonly string[];
}

/** Saves the list, with the columns that are shown, as a file. The server keeps who exported how many rows. */
export async function saveExport({ filter, sort, columns, ids }: Exported) {
  const exported = columnsOf(columns).flatMap((c) => c.exported);
  try {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(await confirmed(() => exportHouseholds(filter, sort, exported, ids)));
    link.download = "households.csv";
    link.click();
    URL.revokeObjectURL(link.href);
    toast("Exported as households.csv. The export is recorded.");
  } catch (error) {
    toast(asProblem(error).message, { tone: "error" });
  }
}

export function ExportButton(props: Exported) {
  const [busy, setBusy] = useState(false);
  return (
    <Button
      disabled={busy}
      onClick={() => {
        setBusy(true);
        void saveExport(props).finally(() => setBusy(false));
      }}
      title="Save this list as a CSV file; the export is recorded"
    >
      <Download />
      Export
    </Button>
  );
}
