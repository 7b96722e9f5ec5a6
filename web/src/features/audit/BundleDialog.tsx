import { useMutation } from "@tanstack/react-query";
import { Copy, Download } from "lucide-react";
import { useState } from "react";
import { auditBundle } from "@/api/queries/audit";
import { confirmed } from "@/features/step-up";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/overlay";
import { ProblemLine } from "@/ui/states";
import { toast } from "@/ui/toast";

const hex = (bytes: Uint8Array) => [...bytes].map((b) => b.toString(16).padStart(2, "0")).join("");

/** A household's part of the log as a file. Its key is made here and kept nowhere. */
export function BundleDialog({
  household,
  name,
  onClose,
}: {
  household: string;
  name: string;
  onClose: () => void;
}) {
  const [key] = useState(() => hex(crypto.getRandomValues(new Uint8Array(32))));
  const save = useMutation({
    mutationFn: () => confirmed(() => auditBundle(household, key)),
    onSuccess: (file) => {
      const link = document.createElement("a");
      link.href = URL.createObjectURL(file);
      link.download = "audit-bundle.zip";
      link.click();
      URL.revokeObjectURL(link.href);
      toast("Saved as audit-bundle.zip. That you took it out is an entry of the log.");
    },
  });
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title="Save a sealed bundle" description={name}>
      <div className="flex flex-col gap-4 p-5">
        <p>
          Everything the log says of this household, with the records that you may read, the proofs, and a
          program that checks them without us. The records open only with this key. Hand it over apart from
          the file: it is shown here once and kept nowhere.
        </p>
        <div>
          <p className="eyebrow">Key of the bundle</p>
          <div className="mt-1 flex items-start gap-2">
            <code
              data-testid="bundle-key"
              className="min-w-0 flex-1 rounded-md bg-sunken px-3 py-2 font-mono text-sm break-all select-all"
            >
              {key}
            </code>
            <Button
              onClick={() => void navigator.clipboard.writeText(key).then(() => toast("The key was copied."))}
            >
              <Copy />
              Copy
            </Button>
          </div>
        </div>
        <ProblemLine error={save.error} />
        <div className="flex justify-end gap-2">
          <Button variant="ghost" onClick={onClose}>
            {save.isSuccess ? "Close" : "Cancel"}
          </Button>
          <Button variant="primary" disabled={save.isPending} onClick={() => save.mutate()}>
            <Download />
            Save bundle
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
