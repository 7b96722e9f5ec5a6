import { useMemo } from "react";
import { sentence } from "@/lib/words";
import { Markdown } from "@/ui/Markdown";
import { splitFrontMatter } from "./front-matter";

/** A brain file as it is read: what heads it as a table, below it the formatted text. */
export function FileText({ source }: { source: string }) {
  const { fields, body } = useMemo(() => splitFrontMatter(source), [source]);
  return (
    <>
      {fields.length > 0 && (
        <table data-testid="front-matter" className="mb-5 w-full max-w-[68ch] text-sm">
          <caption className="sr-only">What heads the file</caption>
          <tbody className="[&_tr]:border-t [&_tr]:border-line [&_tr:last-child]:border-b">
            {fields.map(([name, value], i) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a name may stand there twice, and its lines never reorder
              <tr key={i}>
                <th scope="row" className="w-2/5 py-1.5 pr-4 text-left align-top font-normal text-ink-2">
                  {sentence(name)}
                </th>
                <td className="py-1.5 align-top break-words">
                  {value || <span className="text-ink-3">empty</span>}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {body.trim() ? (
        <Markdown source={body} />
      ) : (
        <p className="text-ink-2">There is no text in this file.</p>
      )}
    </>
  );
}
