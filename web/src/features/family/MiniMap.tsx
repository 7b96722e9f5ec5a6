import { useMemo } from "react";
import { useEditor } from "@/features/edits";
import { today } from "@/lib/dates";
import { plural } from "@/lib/words";
import { graphOf } from "./graph";
import { layout, NODE } from "./layout";

const WIDTH = 560;
const FILLS = {
  person: "fill-brand-soft stroke-brand-ink",
  entity: "fill-brass-soft stroke-brass-ink",
  professional: "fill-sunken stroke-control",
  account: "fill-sunken stroke-control",
  household: "fill-info-soft stroke-info",
  outsider: "fill-surface stroke-control",
} as const;

/** The shape of the family at a glance; the whole of it is one step away. */
export function MiniMap({ onOpen }: { onOpen: () => void }) {
  const { record, knownOn } = useEditor();
  const graph = useMemo(() => graphOf(record, knownOn ?? today(), false), [record, knownOn]);
  const drawing = useMemo(() => layout(graph, WIDTH), [graph]);
  if (drawing.nodes.length < 2) return null;
  return (
    <section aria-label="Relationship map" className="rounded-lg border border-line bg-surface shadow-1">
      <button
        type="button"
        onClick={onOpen}
        aria-label={`Open the relationship map: ${plural(graph.nodes.length, "node")}, ${plural(graph.links.length, "link")}`}
        className="block w-full rounded-lg p-5 text-left hover:bg-sunken/50 focus-ring"
      >
        <span className="flex items-center justify-between">
          <span className="display text-lg">Map</span>
          <span className="text-sm font-medium text-brand-ink">Open</span>
        </span>
        <svg
          aria-hidden
          viewBox={`-4 -4 ${drawing.width + 8} ${drawing.height + 8}`}
          className="mt-3 max-h-44 w-full"
        >
          {graph.links.map((link) => (
            <polyline
              key={`${link.from}${link.to}${link.label}`}
              points={drawing.route(link.from, link.to).join(" ")}
              className="fill-none stroke-line-2"
              strokeWidth={3}
              strokeDasharray={link.past ? "6 8" : undefined}
            />
          ))}
          {drawing.nodes.map((n) => (
            <rect
              key={n.id}
              x={n.x - drawing.node / 2}
              y={n.y - NODE.height / 2}
              width={drawing.node}
              height={NODE.height}
              rx={10}
              strokeWidth={2.5}
              className={FILLS[n.kind]}
              strokeDasharray={n.past ? "6 6" : undefined}
            />
          ))}
        </svg>
      </button>
    </section>
  );
}
