import { X } from "lucide-react";
import { type FormEvent, useState } from "react";
import { linkIdentity, removeIdentity, type UserAccess } from "@/api/queries/settings";
import { date } from "@/lib/dates";
import { Button, IconButton } from "@/ui/button";
import { Input, Labelled } from "@/ui/form";
import { ProblemLine } from "@/ui/states";
import { useChange } from "./useChange";

/** The identities that somebody signs in with, and the way to link one by hand. */
export function IdentityList({ person }: { person: UserAccess }) {
  const { run, busy, problem } = useChange();
  return (
    <>
      <ProblemLine error={problem} />
      {person.identities.length === 0 && (
        <p className="text-sm text-ink-2">None yet: a link, or an identity, lets them in.</p>
      )}
      <ul className="flex flex-col gap-2 empty:hidden">
        {person.identities.map((identity) => (
          <li key={identity.id} className="flex items-start gap-2">
            <div className="min-w-0 flex-1 text-sm">
              <p className="break-words">{identity.email ?? identity.subject}</p>
              <p className="break-words text-ink-2">
                at {identity.issuer}, since {date(identity.created_at)}
              </p>
            </div>
            <IconButton
              label={`Remove the identity ${identity.email ?? identity.subject}`}
              disabled={busy}
              onClick={() =>
                void run(
                  () => removeIdentity(person.id, identity.id),
                  "Removed. The sessions it opened have ended.",
                )
              }
            >
              <X />
            </IconButton>
          </li>
        ))}
      </ul>
      <LinkByHand person={person} />
    </>
  );
}

/** For somebody whose identity at the provider is known: no link is needed then. */
function LinkByHand({ person }: { person: UserAccess }) {
  const { run, busy, problem } = useChange();
  const [issuer, setIssuer] = useState(person.identities[0]?.issuer ?? "");
  const [subject, setSubject] = useState("");
  const link = async (event: FormEvent) => {
    event.preventDefault();
    if (await run(() => linkIdentity(person.id, issuer, subject), "Linked.")) setSubject("");
  };
  return (
    <details>
      <summary className="cursor-pointer rounded-sm text-sm text-ink-2 focus-ring">
        Link an identity by issuer and subject
      </summary>
      <form onSubmit={(e) => void link(e)} className="mt-3 flex flex-col gap-3">
        <ProblemLine error={problem} />
        <Labelled
          label="Issuer"
          hint="Exactly as the provider states it."
          error={problem?.fieldErrors.issuer}
        >
          {({ id, describedBy }) => (
            <Input
              id={id}
              aria-describedby={describedBy}
              required
              value={issuer}
              onChange={(e) => setIssuer(e.target.value)}
            />
          )}
        </Labelled>
        <Labelled label="Subject" error={problem?.fieldErrors.subject}>
          {({ id }) => (
            <Input id={id} required value={subject} onChange={(e) => setSubject(e.target.value)} />
          )}
        </Labelled>
        <div>
          <Button size="sm" type="submit" disabled={busy}>
            Link
          </Button>
        </div>
      </form>
    </details>
  );
}
