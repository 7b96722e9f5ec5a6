import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { MessageSquarePlus } from "lucide-react";
import { type FormEvent, useState } from "react";
import { asProblem, type Problem } from "@/api/problem";
import { changeFeedback, type Feedback, type FeedbackStatus, feedbackQuery } from "@/api/queries/feedback";
import { useCan } from "@/features/auth";
import { ago, moment } from "@/lib/dates";
import { Button } from "@/ui/button";
import { Badge, type Tone } from "@/ui/card";
import { Input, Labelled, Select } from "@/ui/form";
import { Empty, Failure, Loading, ProblemLine, SkeletonCard } from "@/ui/states";

const STATUSES = [
  ["new", "New"],
  ["seen", "Seen"],
  ["done", "Done"],
  ["declined", "Declined"],
] as const satisfies readonly (readonly [FeedbackStatus, string])[];
const TONES: Record<FeedbackStatus, Tone> = { new: "brass", seen: "info", done: "pos", declined: "neutral" };

/** What was said about the product and what became of it: one's own, and everybody's for a firm admin. */
export function FeedbackPage() {
  const triages = useCan("feedback.triage");
  const [status, setStatus] = useState<FeedbackStatus | null>(null);
  const feedback = useInfiniteQuery(feedbackQuery(status));
  const items = feedback.data?.pages.flatMap((p) => p.items) ?? [];
  return (
    <div className="mx-auto max-w-[60rem] px-4 pt-6 pb-12 md:px-8 md:pt-9">
      <h1 className="display text-2xl md:text-3xl">Feedback</h1>
      <p className="mt-1 text-ink-2">
        {triages
          ? "What everybody in the firm says about magfin."
          : "What you said about magfin, and what became of it."}
      </p>
      <StatusFilter value={status} onChange={setStatus} />
      <div className="mt-4 flex flex-col gap-3">
        {feedback.isPending && (
          <Loading label="Loading feedback">
            <SkeletonCard />
          </Loading>
        )}
        <Failure of={feedback} />
        {feedback.data && items.length === 0 && (
          <Empty icon={<MessageSquarePlus aria-hidden />} title="Nothing here">
            {status ? "Nothing stands so." : "The button at the top of every page sends feedback."}
          </Empty>
        )}
        {items.map((item) => (
          <FeedbackCard key={item.id} item={item} triages={triages} />
        ))}
        {feedback.hasNextPage && (
          <Button
            className="self-center"
            disabled={feedback.isFetchingNextPage}
            onClick={() => void feedback.fetchNextPage()}
          >
            Load earlier
          </Button>
        )}
      </div>
    </div>
  );
}

function StatusFilter({
  value,
  onChange,
}: {
  value: FeedbackStatus | null;
  onChange: (status: FeedbackStatus | null) => void;
}) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a toolbar of toggles, not a form's fieldset
    <div role="group" aria-label="Status" className="mt-5 flex flex-wrap gap-1.5">
      {([[null, "All"], ...STATUSES] as const).map(([status, text]) => (
        <button
          key={text}
          type="button"
          aria-pressed={value === status}
          onClick={() => onChange(status)}
          className="h-7.5 rounded-full border border-line-2 bg-surface px-3 text-sm text-ink-2 hover:text-ink focus-ring aria-pressed:border-brand-ink aria-pressed:bg-brand-soft aria-pressed:font-medium aria-pressed:text-brand-ink"
        >
          {text}
        </button>
      ))}
    </div>
  );
}

function FeedbackCard({ item, triages }: { item: Feedback; triages: boolean }) {
  return (
    <article data-testid="feedback" className="rounded-lg border border-line bg-surface px-5 py-4 shadow-1">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1 text-sm text-ink-2">
        <p className="mr-auto">
          <span className="font-medium text-ink">{item.user_name}</span>{" "}
          <time dateTime={item.created_at} title={moment(item.created_at)}>
            {ago(item.created_at)}
          </time>{" "}
          on <code className="font-mono text-xs">{item.page}</code>
        </p>
        <Badge tone={TONES[item.status]}>{STATUSES.find(([s]) => s === item.status)?.[1]}</Badge>
      </div>
      <p className="mt-2 max-w-[68ch] break-words whitespace-pre-wrap">{item.text}</p>
      {item.request_id && (
        <p className="mt-2 text-xs text-ink-3">
          Request <code className="font-mono select-all">{item.request_id}</code>
        </p>
      )}
      {!triages && item.answer && (
        <p className="mt-3 border-l-2 border-brass pl-3 text-ink-2 break-words">{item.answer}</p>
      )}
      {triages && <Decision key={item.version} item={item} />}
    </article>
  );
}

/** What a firm admin decides about it; the writer reads it. */
function Decision({ item }: { item: Feedback }) {
  const client = useQueryClient();
  const [status, setStatus] = useState(item.status);
  const [answer, setAnswer] = useState(item.answer ?? "");
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const changed = status !== item.status || answer.trim() !== (item.answer ?? "");
  const save = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setProblem(null);
    const body = { version: item.version, status, answer: answer.trim() || null };
    try {
      await changeFeedback(item.id, body);
      await client.invalidateQueries({ queryKey: ["feedback"] });
    } catch (error) {
      setProblem(asProblem(error));
    }
    setBusy(false);
  };
  return (
    <form
      onSubmit={(e) => void save(e)}
      className="mt-4 grid grid-cols-1 items-end gap-3 @2xl:grid-cols-[9rem_minmax(0,1fr)_auto]"
    >
      <Labelled label="Status">
        {({ id }) => (
          <Select id={id} value={status} onChange={(e) => setStatus(e.target.value as FeedbackStatus)}>
            {STATUSES.map(([value, text]) => (
              <option key={value} value={value}>
                {text}
              </option>
            ))}
          </Select>
        )}
      </Labelled>
      <Labelled label="Answer" error={problem?.fieldErrors.answer}>
        {({ id, describedBy }) => (
          <Input
            id={id}
            aria-describedby={describedBy}
            maxLength={500}
            value={answer}
            onChange={(e) => setAnswer(e.target.value)}
          />
        )}
      </Labelled>
      <Button type="submit" disabled={busy || !changed}>
        Save
      </Button>
      <ProblemLine error={problem} />
    </form>
  );
}
