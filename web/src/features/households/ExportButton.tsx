import { Download } from "lucide-react";
import { useState } from "react";
import { asProblem } from "@/api/problem";
import { exportHouseholds, type HouseholdFilter, type HouseholdSort } from "@/api/queries/households";
import { confirmed } from "@/features/step-up";
import { Button } from "@/ui/button";
import { toast } from "@/ui/toast";

/** The list as it is filtered, as a file. The server keeps who exported how many rows. */
export function ExportButton({ filter, sort }: { filter: HouseholdFilter; sort: HouseholdSort }) {
  const [busy, setBusy] = useState(false);
  const save = async () => {
    setBusy(true);
    try {
      const link = document.createElement("a");
      link.href = URL.createObjectURL(await confirmed(() => exportHouseholds(filter, sort)));
      link.download = "households.csv";
      link.click();
      URL.revokeObjectURL(link.href);
      toast("Exported as households.csv. The export is recorded.");
    } catch (error) {
      toast(asProblem(error).message, { tone: "error" });
    }
    setBusy(false);
  };
  return (
    <Button
      disabled={busy}
      onClick={() => void save()}
      title="Save this list as a CSV file; the export is recorded"
    >
      <Download />
      Export
    </Button>
  );
}
