import { Copy } from "lucide-react";
import { useRef } from "react";
import { moment } from "@/lib/dates";
import { Button } from "@/ui/button";
import { Input } from "@/ui/form";
import { toast } from "@/ui/toast";

/** Something that is shown this once, to be copied. */
export function ShownOnce({ label, value, children }: { label: string; value: string; children: string }) {
  const input = useRef<HTMLInputElement>(null);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(value);
      toast("Copied.");
    } catch {
      // Without the right to write there, the value is at least selected.
      input.current?.select();
    }
  };
  return (
    <div className="rounded-md bg-sunken p-4">
      <p className="text-sm font-medium">{label}</p>
      <div className="mt-1 flex gap-2">
        <Input
          ref={input}
          readOnly
          aria-label={label}
          value={value}
          className="font-mono text-sm"
          onFocus={(e) => e.target.select()}
        />
        <Button onClick={() => void copy()}>
          <Copy />
          Copy
        </Button>
      </div>
      <p className="mt-2 text-sm text-ink-2">{children}</p>
    </div>
  );
}

/** The link of an invitation. It is not sent by us: whoever made it hands it over. */
export function InviteLink({ code, expiresAt }: { code: string; expiresAt: string }) {
  return (
    <ShownOnce label="Link" value={`${window.location.origin}/crm/join#${code}`}>
      {`It works once, until ${moment(expiresAt)}, and is shown only now. magfin sends nothing: hand it over yourself, by a way you trust.`}
    </ShownOnce>
  );
}
