import { scaleUtc } from "d3-scale";
import { useMemo, useRef, useState } from "react";
import { useEditor } from "@/features/edits";
import { cn } from "@/lib/cn";
import { date, today } from "@/lib/dates";
import { Card } from "@/ui/card";
import { Switch } from "./Switch";
import { extent, type Life, livesOf, type Span } from "./spans";
import { useWidth } from "./useWidth";

const ROW = 34;
const BAR = 14;

/** Who belonged to the household when, as bars over the years or as a table. */
export function MembershipTimeline() {
  const { record, knownOn } = useEditor();
  const [table, setTable] = useState(false);
  const now = knownOn ?? today();
  const lives = useMemo(() => livesOf(record.people), [record.people]);
  if (lives.length === 0) return null;
  return (
    <Card
      id="family-time"
      title="Who belonged when"
      action={<Switch label="Show it as" first="Drawing" second="Table" on={table} onChange={setTable} />}
    >
      <div className="px-5 pb-5">
        {table ? (
          <Table lives={lives} />
        ) : (
          <Bars lives={lives} since={record.household.client_since} now={now} />
        )}
      </div>
    </Card>
  );
}

const utc = (day: string) => Date.parse(`${day}T00:00:00Z`);

function Bars({ lives, since, now }: { lives: Life[]; since: string | null; now: string }) {
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box);
  const names = Math.min(150, Math.max(96, width * 0.24));
  const [first, last] = extent(lives, since, now);
  const x = scaleUtc()
    .domain([utc(first), utc(last)])
    .range([names, width - 8]);
  const ticks = x.ticks(Math.max(2, Math.floor((width - names) / 90)));
  const height = lives.length * ROW + 22;
  const told = lives.map((l) => `${l.name}: ${l.spans.map(inWords).join(", then ")}`).join(". ");
  return (
    <div ref={box} className="overflow-hidden">
      <svg
        role="img"
        aria-label={`${told}.`}
        width={width}
        height={height}
        className="block text-xs"
        data-testid="membership-bars"
      >
        {ticks.map((t) => (
          <g key={t.getTime()}>
            <line x1={x(t)} x2={x(t)} y1={0} y2={height - 20} className="stroke-line" />
            <text x={x(t)} y={height - 5} textAnchor="middle" className="fill-ink-3">
              {x.tickFormat()(t)}
            </text>
          </g>
        ))}
        {lives.map((life, i) => (
          <g key={life.personId} transform={`translate(0 ${i * ROW})`}>
            <text x={0} y={ROW / 2 + 4} className="fill-ink font-medium">
              {short(life.name, names)}
            </text>
            {life.spans.map((s) => (
              <Bar key={s.id} span={s} x={(day) => x(utc(day))} left={names} right={width - 8} />
            ))}
            {life.diedOn && (
              <path
                d={`M${x(utc(life.diedOn)) - 4},${ROW / 2 - 9}l8,18m0,-18l-8,18`}
                className="stroke-neg"
                strokeWidth={1.75}
              />
            )}
          </g>
        ))}
      </svg>
      <p className="mt-2 text-xs text-ink-3">A dashed bar has no known first day. A cross marks a death.</p>
    </div>
  );
}

function Bar({
  span,
  x,
  left,
  right,
}: {
  span: Span;
  x: (day: string) => number;
  left: number;
  right: number;
}) {
  const from = span.from ? x(span.from) : left;
  const to = span.to ? x(span.to) : right;
  return (
    <rect
      x={from}
      y={(ROW - BAR) / 2}
      width={Math.max(3, to - from)}
      height={BAR}
      rx={3}
      className={cn(span.to ? "fill-line-2 stroke-control" : "fill-brand-soft stroke-brand-ink")}
      strokeDasharray={span.from ? undefined : "4 4"}
    >
      <title>{inWords(span)}</title>
    </rect>
  );
}

function inWords(s: Span) {
  const from = s.from ? `since ${date(s.from)}` : "first day unknown";
  return `${s.role}, ${s.to ? `${s.from ? `from ${date(s.from)}` : from} until ${date(s.to)}` : from}`;
}

/** A name as it fits: letters are about seven units wide. */
function short(name: string, width: number) {
  const most = Math.floor(width / 7);
  return name.length > most ? `${name.slice(0, most - 1)}…` : name;
}

function Table({ lives }: { lives: Life[] }) {
  return (
    <table className="w-full text-sm" aria-label="Who belonged when">
      <thead className="text-left text-xs text-ink-3">
        <tr>
          {["Person", "Role", "Joined", "Left"].map((head) => (
            <th key={head} scope="col" className="pr-4 pb-1.5 font-medium">
              {head}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {lives.flatMap((life) =>
          life.spans.map((s) => (
            <tr key={s.id} className="border-t border-line">
              <th scope="row" className="py-2 pr-4 text-left font-medium">
                {life.name}
                {life.diedOn && (
                  <span className="block text-xs font-normal text-ink-3">died {date(life.diedOn)}</span>
                )}
              </th>
              <td className="py-2 pr-4">{s.role}</td>
              <td className="py-2 pr-4 whitespace-nowrap">{s.from ? date(s.from) : "Unknown"}</td>
              <td className="py-2 whitespace-nowrap">{s.to ? date(s.to) : "Goes on"}</td>
            </tr>
          )),
        )}
      </tbody>
    </table>
  );
}
