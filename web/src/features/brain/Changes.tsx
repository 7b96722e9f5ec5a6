/* biome-ignore-all lint/suspicious/noArrayIndexKey: the lines of a comparison never reorder */
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { type BrainFile, brainTextQuery } from "@/api/queries/brain";
import { cn } from "@/lib/cn";
import { diffLines, type Piece } from "@/lib/diff";
import { plural } from "@/lib/words";
import { ErrorState, Loading, Skeleton } from "@/ui/states";

/** Lines that did not change and that stand next to a change are shown, this many; the rest is counted. */
const AROUND = 3;

/** What a version changed of the one before it. */
export function ChangesSince({ file, version, body }: { file: BrainFile; version: number; body: string }) {
  const before = useQuery(brainTextQuery(file.id, version - 1));
  if (before.isError) return <ErrorState error={before.error} onRetry={() => void before.refetch()} />;
  if (!before.data)
    return (
      <Loading label="Loading the version before">
        <Skeleton className="h-4 w-3/5" />
      </Loading>
    );
  return (
    <>
      <p className="mb-3 text-sm text-ink-2">
        What version {version} changed of version {version - 1}
      </p>
      <Changes before={before.data.body} after={body} />
    </>
  );
}

/** Two texts line by line. */
export function Changes({ before, after }: { before: string; after: string }) {
  const pieces = useMemo(() => diffLines(before, after), [before, after]);
  if (pieces.every((piece) => piece.kind === "same"))
    return <p className="text-ink-2">Not a line differs: the text is the same.</p>;
  return (
    <div
      data-testid="changes"
      className="overflow-hidden rounded-md border border-line leading-6 break-words whitespace-pre-wrap"
    >
      {pieces.map((piece, i) => (
        <PieceLines key={i} piece={piece} first={i === 0} last={i === pieces.length - 1} />
      ))}
    </div>
  );
}

function PieceLines({ piece, first, last }: { piece: Piece; first: boolean; last: boolean }) {
  const lines = piece.text.replace(/\n$/, "").split("\n");
  if (piece.kind !== "same") {
    const gone = piece.kind === "gone";
    const Tag = gone ? "del" : "ins";
    return (
      <Tag
        className={cn("block no-underline", gone ? "bg-neg-soft text-neg" : "bg-pos-soft text-pos")}
        data-testid={gone ? "line-gone" : "line-new"}
      >
        {lines.map((line, i) => (
          <Line key={i} sign={gone ? "−" : "+"} text={line} />
        ))}
      </Tag>
    );
  }
  const [head, tail] = [first ? 0 : AROUND, last ? 0 : AROUND];
  const hidden = lines.length - head - tail;
  // A count in the place of one or two lines would hide more than it saves.
  if (hidden <= 2) return lines.map((line, i) => <Line key={i} sign=" " text={line} />);
  return (
    <>
      {lines.slice(0, head).map((line, i) => (
        <Line key={i} sign=" " text={line} />
      ))}
      <p className="bg-sunken px-3 text-xs leading-6 text-ink-3">{plural(hidden, "line")} unchanged</p>
      {lines.slice(lines.length - tail).map((line, i) => (
        <Line key={i} sign=" " text={line} />
      ))}
    </>
  );
}

const Line = ({ sign, text }: { sign: string; text: string }) => (
  <span className="flex px-3">
    <span aria-hidden className="w-5 shrink-0 select-none">
      {sign}
    </span>
    <span className="min-w-0 flex-1">{text || " "}</span>
  </span>
);
