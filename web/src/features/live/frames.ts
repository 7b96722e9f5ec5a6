/** Server-sent events (WHATWG HTML, 9.2.6), as far as the stream of live updates uses them. */
export interface Frame {
  event: string;
  id: string;
  data: string;
}

/** What no server says: from here on nothing is missed, so what was asked before it, or everything, is asked again. */
export const beginning = (event: "begin" | "reset"): Frame => ({ event, id: "", data: "{}" });

/** Takes text as it arrives and gives the frames that are complete. Comments keep the line open and say nothing. */
export function frameReader() {
  let rest = "";
  return (text: string): Frame[] => {
    const parts = (rest + text.replaceAll("\r\n", "\n")).split("\n\n");
    rest = parts.pop() ?? "";
    return parts.flatMap((part) => {
      const field = (name: string) =>
        part
          .split("\n")
          .find((line) => line.startsWith(`${name}:`))
          ?.slice(name.length + 1)
          .trimStart();
      const event = field("event");
      return event ? [{ event, id: field("id") ?? "", data: field("data") ?? "" }] : [];
    });
  };
}
