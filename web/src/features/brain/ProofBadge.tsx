import { useQuery } from "@tanstack/react-query";
import { CircleCheck, Hourglass, ShieldAlert, ShieldQuestion } from "lucide-react";
import type { ReactNode } from "react";
import { asProblem } from "@/api/problem";
import { type BrainProof, type BrainVersion, brainProofQuery } from "@/api/queries/brain";
import { moment } from "@/lib/dates";
import { Button } from "@/ui/button";
import { Badge, type Tone } from "@/ui/card";
import { Panel } from "@/ui/popover";
import { verdict } from "./files";

const ICONS: Partial<Record<Tone, ReactNode>> = {
  pos: <CircleCheck aria-hidden />,
  info: <Hourglass aria-hidden />,
  neg: <ShieldAlert aria-hidden />,
};

/** What can be said for a version today: asked for whenever it is shown, explained where it is pressed. */
export function ProofBadge({ fileId, version }: { fileId: string; version: BrainVersion }) {
  const proof = useQuery(brainProofQuery(fileId, version.version));
  if (proof.data) {
    const { tone, words } = verdict(proof.data);
    return (
      <BadgeButton title="Proof of this version" tone={tone} icon={ICONS[tone]} words={words}>
        <Explained proof={proof.data} sealed={version.sealed_sha256} />
      </BadgeButton>
    );
  }
  if (proof.isError) {
    const problem = asProblem(proof.error);
    return (
      <BadgeButton
        title="Proof of this version"
        tone="warn"
        icon={<ShieldQuestion aria-hidden />}
        words="Could not be checked"
      >
        <p>{problem.message}</p>
        {problem.requestId && <p className="mt-1 text-xs text-ink-3">Request {problem.requestId}</p>}
        <Button size="sm" className="mt-3" onClick={() => void proof.refetch()}>
          Check again
        </Button>
      </BadgeButton>
    );
  }
  return (
    <span aria-busy="true">
      <Badge>Checking</Badge>
    </span>
  );
}

function BadgeButton({
  title,
  tone,
  icon,
  words,
  children,
}: {
  title: string;
  tone: Tone;
  icon: ReactNode;
  words: string;
  children: ReactNode;
}) {
  return (
    <Panel
      title={title}
      className="w-96"
      trigger={
        <button type="button" data-testid="proof" className="rounded-sm text-left focus-ring">
          <Badge
            tone={tone}
            className="h-auto min-h-6 shrink py-0.5 whitespace-normal underline decoration-dotted underline-offset-2 hover:decoration-solid [&_svg]:size-3.5 [&_svg]:shrink-0"
          >
            {icon}
            {words}
          </Badge>
        </button>
      }
    >
      <div data-testid="proof-explained" className="px-5 py-4 text-sm">
        {children}
      </div>
    </Panel>
  );
}

function Explained({ proof, sealed }: { proof: BrainProof; sealed: string }) {
  return (
    <>
      <ul className="list-disc space-y-2 pl-4">
        <li>
          {proof.intact
            ? "The stored object was read and opened just now. It is the one that was written."
            : "The stored object could not be opened as the one that was written."}
        </li>
        <InLog proof={proof} />
        {proof.fault && (
          <li className="text-neg">
            What is wrong: {proof.fault}. Tell whoever looks after the audit log, and do not rely on this
            version until they have looked.
          </li>
        )}
      </ul>
      <p className="mt-3 border-t border-line pt-3 text-xs text-ink-3">
        SHA-256 of the stored object
        <code className="mt-0.5 block font-mono break-all text-ink-2 select-all">{sealed}</code>
      </p>
    </>
  );
}

function InLog({ proof }: { proof: BrainProof }) {
  if (proof.leaf === null)
    return proof.fault ? null : (
      <li>The audit log has not taken it up yet. It does so within a minute or two.</li>
    );
  if (proof.checkpoint === null || proof.signed_at === null)
    return <li>The audit log holds it as leaf {proof.leaf}, and will sign it with its next checkpoint.</li>;
  return (
    <li>
      The audit log holds it as leaf {proof.leaf}, in the tree that was signed as checkpoint{" "}
      {proof.checkpoint} on {moment(proof.signed_at)}.
    </li>
  );
}
