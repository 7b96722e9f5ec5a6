import { CircleAlert, ShieldCheck, ShieldQuestion } from "lucide-react";
import type { ReactNode } from "react";
import type { AuditCheckpoint, Verification } from "@/api/queries/audit";
import { moment } from "@/lib/dates";
import { plural } from "@/lib/words";
import { Button } from "@/ui/button";
import { Card } from "@/ui/card";
import { ProblemLine } from "@/ui/states";

interface Props {
  checkpoint: AuditCheckpoint;
  found: Verification | undefined;
  error: unknown;
  busy: boolean;
  onVerify: () => void;
}

/** Where the log stands, and what checking all of it showed. */
export function ProofCard({ checkpoint, found, error, busy, onVerify }: Props) {
  const shown = found?.checkpoint ?? checkpoint;
  return (
    <Card
      id="proof"
      title="The proof"
      action={
        <Button variant="primary" disabled={busy} onClick={onVerify}>
          <ShieldCheck />
          {busy ? "Checking" : "Verify now"}
        </Button>
      }
    >
      <div className="px-5 pb-5">
        <div role="status">
          {busy ? (
            <Verdict icon={<ShieldQuestion className="text-ink-3" />}>Checking every entry</Verdict>
          ) : (
            <Found found={found} />
          )}
        </div>
        <ProblemLine error={error} />
        <dl className="mt-4 grid grid-cols-2 gap-x-8 gap-y-3 border-t border-line pt-4 @2xl:grid-cols-4">
          <Fact name="Entries in the tree" value={shown.size.toLocaleString("en-US")} />
          <Fact name="Checkpoint" value={`No. ${shown.number.toLocaleString("en-US")}`} />
          <Fact name="Signed" value={moment(shown.at)} />
          <Fact
            name="Witnesses"
            value={shown.witnesses.length > 0 ? shown.witnesses.join(", ") : "None yet"}
          />
          <div className="col-span-2 min-w-0">
            <dt className="eyebrow">Signer</dt>
            <dd className="font-mono text-sm break-all" title={shown.signer}>
              {shown.signer.split("+").slice(0, 2).join(" · ")}
            </dd>
          </div>
          <div className="col-span-2 min-w-0">
            <dt className="eyebrow">Root of the tree</dt>
            <dd className="font-mono text-sm break-all">{shown.root}</dd>
          </div>
        </dl>
        <details className="mt-4 border-t border-line pt-3">
          <summary className="cursor-pointer rounded-sm text-sm font-medium focus-ring">
            What this proves
          </summary>
          <p className="mt-2 max-w-160 text-sm text-ink-2">
            Every change and every event is an entry. Each entry is turned into a fingerprint, the
            fingerprints are joined in pairs up to one root, and that root is signed. Change, remove or add
            one entry and the root is another, so the signature no longer fits. Whoever holds an earlier
            checkpoint, such as a witness, can prove that today's log still contains everything it contained
            then.
          </p>
        </details>
      </div>
    </Card>
  );
}

function Found({ found }: { found: Verification | undefined }) {
  if (!found)
    return (
      <Verdict icon={<ShieldQuestion className="text-ink-3" />}>
        Not checked since you opened this page. Checking reads every entry.
      </Verdict>
    );
  return (
    <div data-testid="verified">
      {found.good ? (
        <Verdict icon={<ShieldCheck className="text-pos" />}>
          <strong>Nothing was changed.</strong> Checked {moment(found.at)}.
        </Verdict>
      ) : (
        <Verdict icon={<CircleAlert className="text-neg" />}>
          <strong className="text-neg">
            {plural(found.faults.length, "thing")} in the log is not as it was.
          </strong>{" "}
          Tell whoever answers for your data before anything else is done.
        </Verdict>
      )}
      {found.faults.length > 0 && (
        <ul aria-label="What is wrong" className="mt-3 rounded-md bg-neg-soft px-4 py-2 text-sm text-neg">
          {found.faults.map((fault) => (
            <li key={`${fault.kind}${fault.place}`} className="py-1">
              <span className="font-mono">{fault.place}</span>: {fault.says}
            </li>
          ))}
        </ul>
      )}
      <ul className="mt-3 list-disc pl-5 text-sm text-ink-2">
        {found.says.map((line) => (
          <li key={line} className="py-0.5">
            {line}
          </li>
        ))}
      </ul>
    </div>
  );
}

const Verdict = ({ icon, children }: { icon: ReactNode; children: ReactNode }) => (
  <p className="flex items-start gap-2.5 [&_svg]:mt-0.5 [&_svg]:size-5 [&_svg]:shrink-0">
    {icon}
    <span>{children}</span>
  </p>
);

const Fact = ({ name, value }: { name: string; value: string }) => (
  <div className="min-w-0">
    <dt className="eyebrow">{name}</dt>
    <dd className="num text-md wrap-anywhere">{value}</dd>
  </div>
);
