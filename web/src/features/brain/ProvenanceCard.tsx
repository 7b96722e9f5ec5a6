import { TriangleAlert } from "lucide-react";
import { plural } from "@/lib/words";
import { Card } from "@/ui/card";
import { agreement, dayOf, type LogLine, objections, readProvenance } from "./provenance";

/** Where an imported text comes from, and whether what the files of today said of it agrees. */
export function ProvenanceCard({ provenance: raw }: { provenance: unknown }) {
  const provenance = readProvenance(raw);
  if (!provenance) return null;
  const agrees = agreement(provenance);
  return (
    <Card id="brain-provenance" title="Where it comes from">
      <div data-testid="provenance" className="px-5 pb-4 text-sm">
        <p>
          From today's brain: <span className="break-words">{provenance.path}</span>
          {agrees && `, ${agrees}`}
          {provenance.modifiedAt && `, last changed ${dayOf(provenance.modifiedAt)}`}.
        </p>
        {objections(provenance).map((words) => (
          <p
            key={words}
            className="mt-2 flex items-start gap-2 rounded-md bg-warn-soft px-3 py-2 text-warn [&_svg]:mt-0.5 [&_svg]:size-4 [&_svg]:shrink-0"
          >
            <TriangleAlert aria-hidden />
            {words}
          </p>
        ))}
        {provenance.log.length > 0 && <OldLog lines={provenance.log} />}
      </div>
    </Card>
  );
}

const OldLog = ({ lines }: { lines: LogLine[] }) => (
  <details className="mt-3">
    <summary className="w-fit cursor-pointer text-ink-2 hover:text-ink focus-ring">
      Old log, {plural(lines.length, "line")}
    </summary>
    <ol className="mt-1">
      {lines.map((line, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the lines of an old log never reorder
        <li key={i} className="flex justify-between gap-3 border-t border-line py-1.5 first:border-0">
          <span>
            {dayOf(line.at)}, {line.who}
          </span>
          {/* As it stands there: some say less than nothing. */}
          <span className="num text-ink-2">{line.bytes.toLocaleString("en-US")} bytes</span>
        </li>
      ))}
    </ol>
  </details>
);
