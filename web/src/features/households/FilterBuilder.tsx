import { Plus, Trash2, X } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { Button, IconButton } from "@/ui/button";
import { Input, Select } from "@/ui/form";
import { asNode, choicesOf, FIELDS, fieldOf, type Question, rowOf } from "./filter/fields";
import { canonical, childrenOf, complete, sizeOf } from "./filter/shape";
import { type Condition, DEEPEST, type FilterNode, MOST_NODES } from "./filter/tree";

export interface FilterWords {
  teams: readonly { id: string; name: string }[];
  /** The firm's own words, as far as they have been seen, by field. */
  seen: Readonly<Record<string, readonly string[]>>;
}

const BLANK: Condition = { field: "tier", op: "is", value: "" };

/** Keeps what is not filled in yet; hands on what is. */
export function FilterBuilder({
  filter,
  onChange,
  words,
}: {
  filter: FilterNode | undefined;
  onChange: (next: FilterNode | undefined) => void;
  words: FilterWords;
}) {
  const rooted = (tree: FilterNode | undefined): FilterNode =>
    tree === undefined ? { all: [BLANK] } : "all" in tree || "any" in tree ? tree : { all: [tree] };
  const [draft, setDraft] = useState(() => rooted(filter));
  const [full, setFull] = useState(false);
  // What was handed on and has not come back yet: the address is a step behind whoever types.
  const sent = useRef<string[]>([]);
  const came = canonical(filter && complete(rooted(filter)));
  // biome-ignore lint/correctness/useExhaustiveDependencies: only what comes in from outside is looked at
  useEffect(() => {
    const at = sent.current.indexOf(came);
    sent.current = at < 0 ? [] : sent.current.slice(at + 1);
    // Changed elsewhere, by a chip or a saved view: the draft follows.
    if (at < 0 && came !== canonical(complete(draft))) setDraft(rooted(filter));
  }, [came]);
  const change = (next: FilterNode) => {
    const { depth, nodes } = sizeOf(next);
    setFull(depth > DEEPEST || nodes > MOST_NODES);
    if (depth > DEEPEST || nodes > MOST_NODES) return;
    setDraft(next);
    const whole = complete(next);
    if (canonical(whole) === (sent.current.at(-1) ?? came)) return;
    sent.current.push(canonical(whole));
    onChange(whole);
  };
  return (
    <div>
      <Group node={draft} level={1} onChange={change} words={words} />
      {full && (
        <p role="alert" className="mt-2 text-sm text-neg">
          A filter has at most {MOST_NODES} conditions and {DEEPEST} levels.
        </p>
      )}
    </div>
  );
}

type Joint = "all" | "any" | "none";
type GroupNode = { all: FilterNode[] } | { any: FilterNode[] };
const isGroup = (node: FilterNode): node is GroupNode => "all" in node || "any" in node;

function partsOf(node: FilterNode): { joint: Joint; children: FilterNode[] } {
  if ("not" in node && isGroup(node.not))
    return { joint: "none", children: "any" in node.not ? node.not.any : [node.not] };
  if (isGroup(node)) return { joint: "all" in node ? "all" : "any", children: childrenOf(node) };
  return { joint: "all", children: [node] };
}
function groupOf(joint: Joint, children: FilterNode[]): FilterNode {
  if (joint === "none") return { not: { any: children } };
  return joint === "all" ? { all: children } : { any: children };
}

function Group({
  node,
  level,
  onChange,
  onRemove,
  words,
}: {
  node: FilterNode;
  level: number;
  onChange: (next: FilterNode) => void;
  onRemove?: () => void;
  words: FilterWords;
}) {
  const { joint, children } = partsOf(node);
  const put = (index: number, child: FilterNode | null) =>
    onChange(
      groupOf(
        joint,
        child === null
          ? children.filter((_, i) => i !== index)
          : children.map((c, i) => (i === index ? child : c)),
      ),
    );
  return (
    // biome-ignore lint/a11y/useSemanticElements: a group of conditions inside another, not a form's fieldset
    <div
      role="group"
      aria-label={level === 1 ? "Conditions" : `Group of conditions, level ${level}`}
      className={level > 1 ? "rounded-md border border-line bg-sunken/50 p-2.5" : undefined}
    >
      <div className="flex items-center gap-2">
        <Select
          aria-label="How the conditions join"
          className="h-8 w-auto"
          value={joint}
          onChange={(e) => onChange(groupOf(e.target.value as Joint, children))}
        >
          <option value="all">All of these hold</option>
          <option value="any">Any of these holds</option>
          {level > 1 && <option value="none">None of these holds</option>}
        </Select>
        {onRemove && (
          <IconButton label="Remove this group" className="ml-auto size-8" onClick={onRemove}>
            <Trash2 />
          </IconButton>
        )}
      </div>
      <ul className="mt-2 flex flex-col gap-2">
        {children.map((child, index) => {
          const row = rowOf(child);
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: conditions have no identity but their place
            <li key={index}>
              {row ? (
                <ConditionRow
                  {...row}
                  onChange={(next) => put(index, next)}
                  onRemove={() => put(index, null)}
                  words={words}
                />
              ) : (
                <Group
                  node={child}
                  level={level + 1}
                  onChange={(next) => put(index, next)}
                  onRemove={() => put(index, null)}
                  words={words}
                />
              )}
            </li>
          );
        })}
      </ul>
      <div className="mt-2 flex gap-1">
        <Button
          size="sm"
          variant="ghost"
          onClick={() => onChange(groupOf(joint, [...children, { ...BLANK }]))}
        >
          <Plus />
          Condition
        </Button>
        {level < 3 && (
          <Button
            size="sm"
            variant="ghost"
            onClick={() => onChange(groupOf(joint, [...children, { any: [{ ...BLANK }] }]))}
          >
            <Plus />
            Group
          </Button>
        )}
      </div>
    </div>
  );
}

const keyOf = (question: Question) => (question.negated ? `not ${question.op}` : question.op);

function ConditionRow({
  condition,
  negated,
  onChange,
  onRemove,
  words,
}: {
  condition: Condition;
  negated: boolean;
  onChange: (next: FilterNode) => void;
  onRemove: () => void;
  words: FilterWords;
}) {
  const questions = fieldOf(condition.field)?.questions ?? [];
  const question =
    questions.find((q) => q.op === condition.op && Boolean(q.negated) === negated) ?? questions[0];
  const ask = (field: string, next: Question | undefined, value: string | number | undefined) => {
    if (!next) return;
    const asked = next.value === "none" ? { field, op: next.op } : { field, op: next.op, value: value ?? "" };
    onChange(asNode(asked, Boolean(next.negated)));
  };
  return (
    <div className="flex flex-wrap items-center gap-2 sm:flex-nowrap">
      <Select
        aria-label="Field"
        className="h-8 w-full sm:w-44"
        value={condition.field}
        onChange={(e) => ask(e.target.value, fieldOf(e.target.value)?.questions[0], undefined)}
      >
        {FIELDS.map((f) => (
          <option key={f.field} value={f.field}>
            {f.label}
          </option>
        ))}
      </Select>
      <Select
        aria-label="Question"
        className="h-8 w-full sm:w-56"
        value={question && keyOf(question)}
        onChange={(e) => {
          const next = questions.find((q) => keyOf(q) === e.target.value);
          ask(condition.field, next, next?.value === question?.value ? condition.value : undefined);
        }}
      >
        {questions.map((q) => (
          <option key={keyOf(q)} value={keyOf(q)}>
            {q.text}
          </option>
        ))}
      </Select>
      <ValueInput
        question={question}
        condition={condition}
        words={words}
        onChange={(value) => ask(condition.field, question, value)}
      />
      <IconButton label="Remove this condition" className="ml-auto size-8 shrink-0" onClick={onRemove}>
        <X />
      </IconButton>
    </div>
  );
}

function ValueInput({
  question,
  condition,
  words,
  onChange,
}: {
  question: Question | undefined;
  condition: Condition;
  words: FilterWords;
  onChange: (value: string | number) => void;
}) {
  const value = String(condition.value ?? "");
  const shared = { "aria-label": "Value", className: "h-8 min-w-0 flex-1 basis-28", value };
  if (!question || question.value === "none") return null;
  if (question.value === "choice")
    return (
      <Select {...shared} onChange={(e) => onChange(e.target.value)}>
        <option value="">Choose…</option>
        {choicesOf(condition.field, words.teams).map(([v, l]) => (
          <option key={v} value={v}>
            {l}
          </option>
        ))}
      </Select>
    );
  if (question.value === "day")
    return <Input {...shared} type="date" onChange={(e) => onChange(e.target.value)} />;
  if (question.value === "word")
    return <WordInput {...shared} words={words.seen[condition.field] ?? []} onChange={onChange} />;
  const number = question.value === "money" ? value : value.replace(/\D/g, "");
  return (
    <Input
      {...shared}
      value={number}
      inputMode="numeric"
      placeholder={question.value === "money" ? "1,000,000" : "30"}
      maxLength={20}
      onChange={(e) => {
        const digits = e.target.value.replace(/[$,\s]/g, "");
        onChange(question.value === "days" && digits !== "" ? Number(digits.replace(/\D/g, "")) : digits);
      }}
    />
  );
}

/** The firm's own words: those seen are offered, any other may be typed. */
function WordInput({
  words,
  onChange,
  ...shared
}: {
  "aria-label": string;
  className: string;
  value: string;
  words: readonly string[];
  onChange: (value: string) => void;
}) {
  const id = `words-${words.length}-${words[0] ?? ""}`.replace(/\W+/g, "-");
  return (
    <>
      <Input {...shared} list={id} maxLength={100} onChange={(e) => onChange(e.target.value.trimStart())} />
      <datalist id={id}>
        {words.map((word) => (
          <option key={word} value={word} />
        ))}
      </datalist>
    </>
  );
}
