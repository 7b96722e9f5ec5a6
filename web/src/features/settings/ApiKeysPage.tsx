import { useQuery } from "@tanstack/react-query";
import { KeyRound, Plus } from "lucide-react";
import { type FormEvent, useState } from "react";
import { type ApiKey, apiKeysQuery, createApiKey, revokeApiKey } from "@/api/queries/settings";
import type { Role } from "@/api/types";
import { useCan } from "@/features/auth";
import { ago, date, moment } from "@/lib/dates";
import { ROLES } from "@/lib/words";
import { Button } from "@/ui/button";
import { Input, Labelled, Select } from "@/ui/form";
import { Dialog } from "@/ui/overlay";
import { Empty, Failure, Loading, ProblemLine, SkeletonCard } from "@/ui/states";
import { Changes } from "./Changes";
import { ShownOnce } from "./InviteLink";
import { Page } from "./Page";
import { useChange } from "./useChange";

/** The keys of programs that act for somebody. */
export function ApiKeysPage() {
  const keys = useQuery(apiKeysQuery);
  const admin = useCan("users.manage");
  const [making, setMaking] = useState(false);
  return (
    <Page
      title="API keys"
      about={
        admin
          ? "Programs that act for somebody of the firm. A key never does more than its holder may."
          : "Programs that act for you. A key never does more than you may."
      }
      action={
        <Button variant="primary" onClick={() => setMaking(true)}>
          <Plus />
          New key
        </Button>
      }
    >
      {keys.isPending && (
        <Loading label="Loading keys">
          <SkeletonCard />
        </Loading>
      )}
      <Failure of={keys} />
      {keys.data?.items.length === 0 && (
        <Empty icon={<KeyRound aria-hidden />} title="No keys">
          A key lets a program read or write what you may, until it ends or you end it.
        </Empty>
      )}
      {keys.data && keys.data.items.length > 0 && (
        <ul aria-label="API keys" className="rounded-lg border border-line bg-surface shadow-1">
          {keys.data.items.map((key) => (
            <KeyRow key={key.id} apiKey={key} />
          ))}
        </ul>
      )}
      {admin && <Changes about={["api_key"]} />}
      {making && <NewKeyDialog onClose={() => setMaking(false)} />}
    </Page>
  );
}

function KeyRow({ apiKey: key }: { apiKey: ApiKey }) {
  const { run, busy, problem } = useChange();
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 border-t border-line px-5 py-4 first:border-0">
      <div className="min-w-0 flex-1">
        <p className="font-medium break-words">{key.label}</p>
        <p className="text-sm text-ink-2">
          {!key.mine && `${key.user_name}, `}
          {ROLES[key.role]}, made {date(key.created_at)},{" "}
          {key.last_used_at ? (
            <>
              last used{" "}
              <time dateTime={key.last_used_at} title={moment(key.last_used_at)}>
                {ago(key.last_used_at)}
              </time>
            </>
          ) : (
            "never used"
          )}
          , {key.expires_at ? `ends ${date(key.expires_at)}` : "does not end by itself"}
        </p>
        <ProblemLine error={problem} />
      </div>
      <Button
        size="sm"
        variant="danger"
        disabled={busy}
        aria-label={`End the key ${key.label}`}
        onClick={() => void run(() => revokeApiKey(key.id), `The key ${key.label} has ended.`)}
      >
        End
      </Button>
    </li>
  );
}

const LIFETIMES = [30, 90, 180, 366];

function NewKeyDialog({ onClose }: { onClose: () => void }) {
  const { run, busy, problem } = useChange();
  const [label, setLabel] = useState("");
  const [role, setRole] = useState<Role | "">("read_only");
  const [days, setDays] = useState(90);
  const [secret, setSecret] = useState<string | null>(null);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const made = await run(() => createApiKey(label, role === "" ? null : role, days));
    if (made) setSecret(made.secret);
  };
  if (secret)
    return (
      <Dialog open onOpenChange={(open) => !open && onClose()} title={`The key ${label}`}>
        <div className="flex flex-col gap-4 p-5">
          <ShownOnce label="Key" value={secret}>
            It is shown only now, and kept by nobody but you. Send it as Authorization: Bearer.
          </ShownOnce>
          <div className="flex justify-end">
            <Button variant="primary" onClick={onClose}>
              Done
            </Button>
          </div>
        </div>
      </Dialog>
    );
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title="New key">
      <form onSubmit={(e) => void submit(e)} className="flex flex-col gap-4 p-5">
        <ProblemLine error={problem} />
        <Labelled label="What it is for" required error={problem?.fieldErrors.label}>
          {({ id }) => (
            <Input
              id={id}
              required
              autoFocus
              maxLength={100}
              value={label}
              onChange={(e) => setLabel(e.target.value)}
            />
          )}
        </Labelled>
        <Labelled
          label="Acts as"
          hint="The less the better. A role that may do more than yours is refused."
          error={problem?.fieldErrors.role}
        >
          {({ id, describedBy }) => (
            <Select
              id={id}
              aria-describedby={describedBy}
              value={role}
              onChange={(e) => setRole(e.target.value as Role | "")}
            >
              {Object.entries(ROLES).map(([value, name]) => (
                <option key={value} value={value}>
                  {name}
                </option>
              ))}
              <option value="">Whatever I am</option>
            </Select>
          )}
        </Labelled>
        <Labelled label="Ends after">
          {({ id }) => (
            <Select id={id} value={days} onChange={(e) => setDays(Number(e.target.value))}>
              {LIFETIMES.map((n) => (
                <option key={n} value={n}>
                  {n === 366 ? "A year" : `${n} days`}
                </option>
              ))}
            </Select>
          )}
        </Labelled>
        <div className="flex justify-end gap-2">
          <Button variant="ghost" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" variant="primary" disabled={busy}>
            Make key
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
