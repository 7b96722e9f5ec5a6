import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo, useState } from "react";
import { householdQuery } from "@/api/queries/households";
import { searchQuery } from "@/api/queries/search";
import { keyRouter } from "@/app/keys";
import { useCan } from "@/features/auth";
import { type Command, commandsOf, itemsFor } from "./items";
import { recents } from "./recents";

const PAUSE_MS = 90;

/** What the palette offers for a text, and whether that is the answer to this very text. */
export function useItems(text: string) {
  const settled = useSettled(text);
  const asked = settled !== "";
  const result = useQuery({ ...searchQuery(settled), enabled: asked, placeholderData: keepPreviousData });
  const cache = useQueryClient();
  const canCreate = useCan("book.write");
  // The commands of the page below, as they were when the palette opened.
  const [commands] = useState(() => commandsOf(keyRouter.active() as Command[], canCreate));
  const [recent] = useState(() =>
    recents().flatMap((id) => {
      const name = cache.getQueryData(householdQuery(id).queryKey)?.household.name;
      return name ? [{ id, name }] : [];
    }),
  );
  const answer = text && asked ? result.data : undefined;
  const items = useMemo(() => itemsFor(text, answer, commands, recent), [text, answer, commands, recent]);
  const arrived = result.isSuccess && !result.isPlaceholderData;
  const fresh = text === settled && (!text || arrived || result.isError);
  const error = fresh && text && result.isError ? result.error : null;
  return { items, fresh, answer, error, retry: () => void result.refetch() };
}

/** The text once nobody has typed for a moment. */
function useSettled(text: string) {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), text ? PAUSE_MS : 0);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}
