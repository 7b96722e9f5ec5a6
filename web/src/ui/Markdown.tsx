/* biome-ignore-all lint/suspicious/noArrayIndexKey: a parsed note never reorders */
import type { ReactNode } from "react";
import { type Block, type Inline, parseMarkdown } from "@/lib/markdown";

/** A note as formatted text. Built from a parsed tree: no HTML of the note ever reaches the page. */
export function Markdown({ source }: { source: string }) {
  return (
    <div className="max-w-[68ch] text-base break-words [&>*+*]:mt-2.5">{blocks(parseMarkdown(source))}</div>
  );
}

const blocks = (nodes: Block[]): ReactNode => nodes.map((node, i) => <BlockView key={i} node={node} />);
const inlines = (nodes: Inline[]): ReactNode => nodes.map((node, i) => <InlineView key={i} node={node} />);

function BlockView({ node }: { node: Block }): ReactNode {
  switch (node.kind) {
    case "paragraph":
      return <p>{inlines(node.children)}</p>;
    case "heading":
      // A note's headings live below the page's own, so they are strong text, not part of its outline.
      return (
        <p className={node.level <= 2 ? "text-md font-semibold" : "font-semibold"}>
          {inlines(node.children)}
        </p>
      );
    case "list": {
      const items = node.items.map((item, i) => <li key={i}>{inlines(item)}</li>);
      return node.ordered ? (
        <ol className="list-decimal space-y-1 pl-5">{items}</ol>
      ) : (
        <ul className="list-disc space-y-1 pl-5">{items}</ul>
      );
    }
    case "quote":
      return (
        <blockquote className="border-l-2 border-brass pl-3 text-ink-2 [&>*+*]:mt-2">
          {blocks(node.children)}
        </blockquote>
      );
    case "code":
      return (
        <pre className="overflow-x-auto rounded-md bg-sunken p-3 font-mono text-sm whitespace-pre-wrap">
          {node.text}
        </pre>
      );
    case "rule":
      return <hr className="border-line" />;
  }
}

function InlineView({ node }: { node: Inline }): ReactNode {
  switch (node.kind) {
    case "text":
      return node.text;
    case "code":
      return <code className="rounded-sm bg-sunken px-1 font-mono text-sm">{node.text}</code>;
    case "strong":
      return <strong className="font-semibold">{inlines(node.children)}</strong>;
    case "em":
      return <em>{inlines(node.children)}</em>;
    case "strike":
      return <s>{inlines(node.children)}</s>;
    case "break":
      return <br />;
    case "mention":
      return (
        <span
          data-mention={node.id}
          className="rounded-sm bg-brand-soft px-1 font-medium text-brand-ink box-decoration-clone"
        >
          @{node.name}
        </span>
      );
    case "link":
      return (
        <a
          href={node.href}
          target="_blank"
          rel="noopener noreferrer nofollow"
          className="text-brand-ink underline underline-offset-2 focus-ring"
        >
          {inlines(node.children)}
        </a>
      );
  }
}
