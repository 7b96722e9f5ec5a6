import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { asProblem, type Problem } from "@/api/problem";
import { changeProfile, type Profile, profileQuery } from "@/api/queries/settings";
import { useMe } from "@/features/auth";
import { date } from "@/lib/dates";
import { setTheme, useTheme } from "@/lib/theme";
import { ROLES, sentence } from "@/lib/words";
import { Button } from "@/ui/button";
import { Card } from "@/ui/card";
import { Labelled, Select, TextArea } from "@/ui/form";
import { Markdown } from "@/ui/Markdown";
import { Failure, Loading, ProblemLine, SkeletonCard } from "@/ui/states";
import { toast } from "@/ui/toast";
import { Page } from "./Page";

const TONES = [
  [
    "professional-warm",
    "Professional and warm",
    "Good to hear from you, Ellen. I have put the two options side by side below.",
  ],
  ["formal", "Formal", "Dear Mrs. Whitfield, please find a comparison of the two options below."],
  ["conversational", "Conversational", "Hi Ellen, here is how the two options compare."],
] as const;

/** What one prefers, and how one gets in. */
export function ProfilePage() {
  const me = useMe();
  const profile = useQuery(profileQuery);
  return (
    <Page title="Profile" about="How drafts sound when they are written for you, and how you get in.">
      {me && (
        <Card id="you" title={me.user.name}>
          <dl className="grid grid-cols-1 gap-x-8 gap-y-2 px-5 pb-5 @xl:grid-cols-3">
            <Fact label="E-mail" value={me.user.email} />
            <Fact label="Role" value={ROLES[me.role]} />
            <Fact label="Teams" value={me.teams.map((t) => t.name).join(", ") || "None"} />
          </dl>
          <p className="border-t border-line px-5 py-3 text-sm text-ink-3">
            Your firm admin changes your name, e-mail address, role and teams.
          </p>
        </Card>
      )}
      {profile.isPending && (
        <Loading label="Loading your profile">
          <SkeletonCard />
        </Loading>
      )}
      <Failure of={profile} />
      {profile.data && <Writing profile={profile.data} />}
      <Theme />
      {profile.data && <Identities profile={profile.data} />}
    </Page>
  );
}

function Fact({ label, value }: { label: string; value: string }) {
  return (
    <div className="min-w-0">
      <dt className="eyebrow">{label}</dt>
      <dd className="truncate">{value}</dd>
    </div>
  );
}

function Writing({ profile }: { profile: Profile }) {
  const client = useQueryClient();
  const [tone, setTone] = useState(profile.email_tone);
  const [signature, setSignature] = useState(profile.signature ?? "");
  const [format, setFormat] = useState(profile.signature_format);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  const changed =
    tone !== profile.email_tone ||
    signature !== (profile.signature ?? "") ||
    format !== profile.signature_format;
  const save = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setProblem(null);
    try {
      const kept = await changeProfile({
        email_tone: tone,
        signature: signature.trim() === "" ? null : signature,
        signature_format: format,
      });
      client.setQueryData(profileQuery.queryKey, kept);
      setSignature(kept.signature ?? "");
      toast("Profile saved.");
    } catch (error) {
      setProblem(asProblem(error));
    }
    setBusy(false);
  };
  return (
    <Card id="writing" title="E-mail drafts">
      <form onSubmit={(e) => void save(e)} className="flex flex-col gap-5 px-5 pb-5">
        <ProblemLine error={problem} />
        <fieldset>
          <legend className="mb-1 text-sm font-medium">Tone</legend>
          <div className="grid grid-cols-1 gap-3 @2xl:grid-cols-3">
            {TONES.map(([value, label, example]) => (
              <label
                key={value}
                className="flex cursor-pointer items-start gap-3 rounded-md border border-line-2 p-3 has-checked:border-brand has-checked:bg-brand-soft has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-[var(--mf-focus)]"
              >
                <input
                  type="radio"
                  name="tone"
                  value={value}
                  checked={tone === value}
                  onChange={() => setTone(value)}
                  className="mt-1 accent-[var(--mf-brand)] outline-none"
                />
                <span className="min-w-0">
                  <span className="block font-medium">{label}</span>
                  <span className="block text-sm text-ink-2">{example}</span>
                </span>
              </label>
            ))}
          </div>
        </fieldset>
        <div className="grid grid-cols-1 gap-5 @2xl:grid-cols-2">
          <div className="flex flex-col gap-3">
            <Labelled label="Signature" hint="Up to 4,000 characters." error={problem?.fieldErrors.signature}>
              {({ id, describedBy }) => (
                <TextArea
                  id={id}
                  aria-describedby={describedBy}
                  rows={6}
                  maxLength={4000}
                  value={signature}
                  onChange={(e) => setSignature(e.target.value)}
                />
              )}
            </Labelled>
            <Labelled label="Written in">
              {({ id }) => (
                <Select id={id} value={format} onChange={(e) => setFormat(e.target.value as typeof format)}>
                  <option value="plain">Plain text</option>
                  <option value="markdown">Markdown</option>
                </Select>
              )}
            </Labelled>
          </div>
          <section aria-label="Preview of the signature" className="min-w-0 rounded-md bg-sunken p-4">
            <p className="eyebrow">Preview</p>
            <div className="mt-2" data-testid="signature-preview">
              {signature.trim() === "" && <p className="text-ink-3">Nothing stands under your drafts.</p>}
              {signature.trim() !== "" && format === "markdown" && <Markdown source={signature} />}
              {signature.trim() !== "" && format === "plain" && (
                <p className="break-words whitespace-pre-wrap">{signature}</p>
              )}
            </div>
          </section>
        </div>
        <div className="flex justify-end">
          <Button type="submit" variant="primary" disabled={busy || !changed}>
            Save
          </Button>
        </div>
      </form>
    </Card>
  );
}

function Theme() {
  const theme = useTheme();
  return (
    <Card id="theme" title="Theme">
      <div className="flex flex-wrap items-center gap-2 px-5 pb-5">
        {(["light", "dark"] as const).map((value) => (
          <Button
            key={value}
            aria-pressed={theme === value}
            onClick={() => setTheme(value)}
            className="aria-pressed:border-brand aria-pressed:bg-brand-soft aria-pressed:text-brand-ink"
          >
            {sentence(value)}
          </Button>
        ))}
        <p className="text-sm text-ink-3">Kept in this browser.</p>
      </div>
    </Card>
  );
}

function Identities({ profile }: { profile: Profile }) {
  return (
    <Card id="identities" title="Ways to sign in">
      <ul className="px-5 pb-5">
        {profile.identities.map((identity) => (
          <li key={identity.id} className="border-t border-line py-3 first:border-0 first:pt-0">
            <p className="break-words">{identity.email ?? identity.subject}</p>
            <p className="text-sm break-words text-ink-2">
              at {identity.issuer}, since {date(identity.created_at)}
            </p>
          </li>
        ))}
        {profile.identities.length === 0 && <li className="text-ink-2">You signed in with a key.</li>}
      </ul>
    </Card>
  );
}
