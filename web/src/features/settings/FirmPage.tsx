import { useMe } from "@/features/auth";
import { Card } from "@/ui/card";
import { Page } from "./Page";

/** What holds for everybody of the firm. */
export function FirmPage() {
  const me = useMe();
  return (
    <Page title="Firm" about="What holds for everybody of the firm.">
      {me && (
        <Card id="firm" title={me.firm_name}>
          <p className="px-5 pb-5 text-ink-2">How often clients are reviewed is set with the tiers.</p>
        </Card>
      )}
    </Page>
  );
}
