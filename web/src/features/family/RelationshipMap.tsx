import { curveBumpY, link as d3Link } from "d3-shape";
import { BookUser, Briefcase, Landmark, type LucideIcon, ScrollText, User, UserRound } from "lucide-react";
import { type KeyboardEvent, useMemo, useRef, useState } from "react";
import { useEditor } from "@/features/edits";
import { cn } from "@/lib/cn";
import { today } from "@/lib/dates";
import { Card } from "@/ui/card";
import { Checkbox } from "@/ui/form";
import { type Graph, graphOf, type MapLink, type NodeKind } from "./graph";
import { type Drawing, isDirection, layout, NODE, nearest, type Placed } from "./layout";
import { Switch } from "./Switch";
import { useWidth } from "./useWidth";

const ICONS: Record<NodeKind, LucideIcon> = {
  person: User,
  entity: ScrollText,
  professional: Briefcase,
  account: Landmark,
  household: BookUser,
  outsider: UserRound,
};
export type OpenNode = (node: { id: string; kind: NodeKind }) => void;

/** Who and what belongs together in this household, as a drawing to walk by arrow keys or as a list. */
export function RelationshipMap({ onOpen }: { onOpen: OpenNode }) {
  const { record, knownOn } = useEditor();
  const [accounts, setAccounts] = useState(false);
  const [listed, setListed] = useState(false);
  const graph = useMemo(() => graphOf(record, knownOn ?? today(), accounts), [record, knownOn, accounts]);
  return (
    <Card
      id="map"
      title="Relationship map"
      action={
        <span className="flex items-center gap-3 text-sm">
          {/* biome-ignore lint/a11y/noLabelWithoutControl: the control inside is a component */}
          <label className="flex items-center gap-2">
            <Checkbox checked={accounts} onChange={(e) => setAccounts(e.target.checked)} />
            Accounts
          </label>
          <Switch label="Show the map as" first="Map" second="List" on={listed} onChange={setListed} />
        </span>
      }
    >
      {graph.nodes.length === 0 ? (
        <p className="px-5 pb-5 text-ink-2">Add the first person, and the map draws itself.</p>
      ) : listed ? (
        <LinkTable graph={graph} onOpen={onOpen} />
      ) : (
        <MapDrawing graph={graph} onOpen={onOpen} />
      )}
    </Card>
  );
}

function MapDrawing({ graph, onOpen }: { graph: Graph; onOpen: OpenNode }) {
  const box = useRef<HTMLDivElement>(null);
  const drawing = layout(graph, useWidth(box));
  const [chosen, setChosen] = useState<string | null>(null);
  const first = graph.nodes.find((n) => n.note.startsWith("Primary")) ?? graph.nodes[0];
  const current = drawing.nodes.find((n) => n.id === chosen) ?? drawing.nodes.find((n) => n.id === first?.id);
  const move = (event: KeyboardEvent) => {
    if (!current || !isDirection(event.key)) return;
    event.preventDefault();
    const next = nearest(drawing.nodes, current, event.key);
    if (!next) return;
    setChosen(next.id);
    box.current?.querySelector<HTMLElement>(`[data-node="${CSS.escape(next.id)}"]`)?.focus();
  };
  return (
    <div className="px-5 pb-5">
      {/* biome-ignore lint/a11y/useSemanticElements: a group of buttons, not a form's fieldset */}
      <div
        ref={box}
        role="group"
        aria-label="Map: arrow keys walk it, Enter opens"
        data-testid="map"
        onKeyDown={move}
        className="relative mt-1"
        style={{ height: drawing.height }}
      >
        <Links graph={graph} drawing={drawing} current={current?.id} />
        {drawing.nodes.map((node) => (
          <NodeButton
            key={node.id}
            node={node}
            width={drawing.node}
            current={node.id === current?.id}
            linked={linkedTo(graph, current?.id, node.id)}
            onChoose={() => setChosen(node.id)}
            onOpen={() => onOpen(node)}
          />
        ))}
      </div>
      {current && <About node={current} graph={graph} onOpen={onOpen} />}
    </div>
  );
}

const linkedTo = (graph: Graph, a: string | undefined, b: string) =>
  graph.links.some((l) => (l.from === a && l.to === b) || (l.from === b && l.to === a));

const curve = d3Link<unknown, { from: [number, number]; to: [number, number] }, [number, number]>(curveBumpY)
  .source((d) => d.from)
  .target((d) => d.to);

/** From edge to edge: between rows from bottom to top, straight down where it passes a row, within a row as a bow above it. */
function path(drawing: Drawing, from: string, to: string) {
  const half = NODE.height / 2;
  const points = drawing.route(from, to);
  const [[ax, y] = [0, 0], [bx, by] = [0, 0]] = points;
  if (points.length === 2 && y === by) {
    const [left, right] = ax < bx ? [ax, bx] : [bx, ax];
    const near = right - left <= drawing.node + NODE.gapX + 1;
    if (near) return `M${left + drawing.node / 2},${y}H${right - drawing.node / 2}`;
    return `M${left},${y - half}Q${(left + right) / 2},${y - half - 44},${right},${y - half}`;
  }
  const steps = points.slice(1).map(([x, y], i) => {
    const [fromX, fromY] = points[i] ?? [x, y];
    const between = curve({ from: [fromX, fromY + half], to: [x, y - half] }) ?? "";
    return i < points.length - 2 ? `${between}V${y + half}` : between;
  });
  return steps.join("");
}

function Links({ graph, drawing, current }: { graph: Graph; drawing: Drawing; current: string | undefined }) {
  const strong = (l: MapLink) => l.from === current || l.to === current;
  const ordered = [...graph.links].sort((a, b) => Number(strong(a)) - Number(strong(b)));
  return (
    <svg aria-hidden className="absolute inset-0 size-full overflow-visible" fill="none">
      {ordered.map((l) => (
        <path
          key={`${l.from}${l.to}${l.label}`}
          d={path(drawing, l.from, l.to)}
          className={strong(l) ? "stroke-brass" : "stroke-line-2"}
          strokeWidth={strong(l) ? 2 : 1.25}
          strokeDasharray={l.past ? "4 5" : undefined}
        />
      ))}
    </svg>
  );
}

interface NodeProps {
  node: Placed;
  width: number;
  current: boolean;
  linked: boolean;
  onChoose: () => void;
  onOpen: () => void;
}

function NodeButton({ node, width, current, linked, onChoose, onOpen }: NodeProps) {
  const Icon = ICONS[node.kind];
  return (
    <button
      type="button"
      data-node={node.id}
      tabIndex={current ? 0 : -1}
      aria-current={current || undefined}
      onFocus={onChoose}
      onClick={() => (current ? onOpen() : onChoose())}
      onKeyDown={(event) => {
        if (event.key !== "Enter") return;
        event.preventDefault();
        onOpen();
      }}
      style={{
        left: node.x - width / 2,
        top: node.y - NODE.height / 2,
        width,
        height: NODE.height,
      }}
      className={cn(
        "absolute flex items-center gap-2 rounded-md border bg-surface px-2.5 text-left focus-ring",
        current
          ? "border-brass bg-brass-soft"
          : linked
            ? "border-brass"
            : "border-line-2 hover:border-control",
        node.past && "border-dashed",
      )}
    >
      <Icon aria-hidden className="size-4 shrink-0 text-ink-3" strokeWidth={1.75} />
      <span className="min-w-0">
        <span className={cn("block truncate text-sm font-medium", node.past && "text-ink-2")}>
          {node.label}
        </span>
        <span className="block truncate text-xs text-ink-2">{node.note}</span>
      </span>
      {node.hints > 0 && (
        <span className="absolute -top-1.5 -right-1.5 flex h-4.5 min-w-4.5 items-center justify-center rounded-full bg-warn px-1 text-xs font-medium text-surface">
          {node.hints}
          <span className="sr-only"> to put right</span>
        </span>
      )}
    </button>
  );
}

/** How a node stands to the others, in words. */
function linesOf(graph: Graph, id: string) {
  const name = new Map(graph.nodes.map((n) => [n.id, n] as const));
  return graph.links
    .filter((l) => l.from === id || l.to === id)
    .flatMap((l) => {
      const other = name.get(l.from === id ? l.to : l.from);
      return other ? [{ link: l, other, own: l.from === id }] : [];
    });
}

function About({ node, graph, onOpen }: { node: Placed; graph: Graph; onOpen: OpenNode }) {
  const { record } = useEditor();
  const lines = linesOf(graph, node.id);
  const hints = record.hints.filter((h) => h.entity_id === node.id || h.person_id === node.id);
  return (
    <section
      aria-label={`About ${node.label}`}
      data-testid="map-about"
      className="mt-5 border-t border-line pt-4"
    >
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <h3 className="font-medium">{node.label}</h3>
        <span className="text-sm text-ink-2">{node.note}</span>
        {node.kind !== "outsider" && (
          <button
            type="button"
            onClick={() => onOpen(node)}
            className="ml-auto rounded-md px-2 py-1 text-sm font-medium text-brand-ink hover:bg-sunken focus-ring"
          >
            Open
          </button>
        )}
      </div>
      <ul className="mt-1 space-y-0.5 text-sm text-ink-2">
        {lines.map(({ link, other, own }) => (
          <li key={`${link.from}${link.to}${link.label}`}>
            {own ? `${link.label}: ${other.label}` : `${other.label} (${link.label})`}
            {link.past && " (past)"}
          </li>
        ))}
        {lines.length === 0 && <li>Linked to nobody yet.</li>}
        {hints.map((h) => (
          <li key={`${h.kind}${h.entity_id}`} className="text-warn">
            {h.text}
          </li>
        ))}
      </ul>
    </section>
  );
}

function LinkTable({ graph, onOpen }: { graph: Graph; onOpen: OpenNode }) {
  return (
    <div className="overflow-x-auto px-5 pb-5">
      <table className="w-full text-sm" aria-label="Relationships">
        <thead className="text-left text-xs text-ink-3">
          <tr>
            {["Who or what", "Kind", "Linked to"].map((head) => (
              <th key={head} scope="col" className="pr-4 pb-1.5 font-medium">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {graph.nodes.map((node) => (
            <tr key={node.id} className="border-t border-line align-top">
              <th scope="row" className="py-2 pr-4 text-left font-medium">
                {node.kind === "outsider" ? (
                  node.label
                ) : (
                  <button
                    type="button"
                    onClick={() => onOpen(node)}
                    className="rounded-sm text-left hover:text-brand-ink focus-ring"
                  >
                    {node.label}
                  </button>
                )}
              </th>
              <td className="py-2 pr-4 text-ink-2">{node.note}</td>
              <td className="py-2 text-ink-2">
                {linesOf(graph, node.id)
                  .map(({ link, other, own }) =>
                    own ? `${link.label}: ${other.label}` : `${other.label} (${link.label})`,
                  )
                  .join("; ")}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
