/* biome-ignore-all lint/suspicious/noArrayIndexKey: the pieces of a comparison never reorder */
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { readWhy } from "@/api/facts";
import type { Note } from "@/api/types";
import { ago, moment } from "@/lib/dates";
import { diffWords } from "@/lib/diff";
import { decodeMentions } from "@/lib/mentions";
import { Sheet } from "@/ui/overlay";
import { Failure, Loading, Skeleton } from "@/ui/states";
import { type Version, versionsOf } from "./versions";

/** What a note said before: every version with what it changed, who and why. */
export function Versions({
  note,
  opener,
  onClose,
}: {
  note: Note;
  opener: HTMLElement | null;
  onClose: () => void;
}) {
  const why = useQuery({
    queryKey: ["why", "notes", note.id, "body"],
    queryFn: ({ signal }) => readWhy("notes", note.id, "body", { signal }),
  });
  const versions = useMemo(() => versionsOf(why.data?.trail ?? []), [why.data]);
  const close = () => {
    onClose();
    requestAnimationFrame(() => opener?.focus());
  };
  return (
    <Sheet open wide onOpenChange={(open) => !open && close()} title="Versions of the note">
      {why.isPending && (
        <Loading>
          <Skeleton className="m-5 h-4 w-1/2" />
        </Loading>
      )}
      <Failure of={why} />
      <ol className="px-5 pb-6">
        {versions.map((version, index) => (
          <VersionLine key={version.id} version={version} before={versions[index + 1]} />
        ))}
      </ol>
    </Sheet>
  );
}

const plain = (body: string) => decodeMentions(body).text;

function VersionLine({ version, before }: { version: Version; before: Version | undefined }) {
  const pieces = useMemo(
    () =>
      before
        ? diffWords(plain(before.body), plain(version.body))
        : [{ kind: "same" as const, text: plain(version.body) }],
    [version, before],
  );
  return (
    <li data-testid="version" className="border-t border-line py-4 first:border-0">
      <p className="text-sm text-ink-2">
        <span className="font-medium text-ink">{version.by}</span> {before ? "changed it" : "wrote it"}{" "}
        <time dateTime={version.at} title={moment(version.at)}>
          {ago(version.at)}
        </time>
      </p>
      {version.reason && <p className="mt-1 text-sm">Reason: {version.reason}</p>}
      <p className="mt-2 max-w-[68ch] text-md leading-6 break-words whitespace-pre-wrap">
        {pieces.map((piece, i) => {
          if (piece.kind === "same") return piece.text;
          const Tag = piece.kind === "gone" ? "del" : "ins";
          const tone = piece.kind === "gone" ? "bg-neg-soft text-neg" : "bg-pos-soft text-pos no-underline";
          return (
            <Tag key={i} className={tone}>
              {piece.text}
            </Tag>
          );
        })}
      </p>
    </li>
  );
}
