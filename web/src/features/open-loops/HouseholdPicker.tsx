import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { client, take } from "@/api/client";
import { Button } from "@/ui/button";
import { Input, Labelled } from "@/ui/form";
import { seenHouseholds } from "./seen";

export interface Picked {
  id: string;
  name: string;
}
const SHOWN = 6;

/**
 * Finds a household by a part of its name, contact or city; without a server, by its name among those that this page has shown.
 * What is typed goes in a body and never into an address.
 */
export function HouseholdPicker({
  picked,
  onPick,
}: {
  picked: Picked | null;
  onPick: (household: Picked | null) => void;
}) {
  const [text, setText] = useState("");
  const cache = useQueryClient();
  const answer = useQuery({
    queryKey: ["households", "picker", text.trim()],
    enabled: picked === null && text.trim().length > 1,
    retry: false,
    queryFn: ({ signal }) =>
      take(client.POST("/api/households/search", { body: { q: text.trim(), limit: SHOWN }, signal })),
  });
  const found = answer.isError ? seenHouseholds(cache, text.trim(), SHOWN) : answer.data?.items;
  if (picked)
    return (
      <div className="flex items-end justify-between gap-3">
        <div className="min-w-0">
          <p className="text-sm font-medium">Household</p>
          <p className="break-words">{picked.name}</p>
        </div>
        <Button size="sm" onClick={() => onPick(null)}>
          Change
        </Button>
      </div>
    );
  return (
    <div>
      <Labelled label="Household" required hint="Type a part of its name, then choose it.">
        {({ id, describedBy }) => (
          <Input
            id={id}
            aria-describedby={describedBy}
            autoFocus
            maxLength={200}
            value={text}
            onChange={(event) => setText(event.target.value)}
            onKeyDown={(event) => {
              const [first] = found ?? [];
              if (event.key !== "Enter" || !first) return;
              event.preventDefault();
              onPick({ id: first.id, name: first.name });
            }}
          />
        )}
      </Labelled>
      <div aria-live="polite" className="mt-1 flex flex-col empty:hidden">
        {answer.isError && (
          <p className="text-sm text-warn">The server does not answer. Of the households shown before:</p>
        )}
        {found?.length === 0 && <p className="text-sm text-ink-2">No household of that name.</p>}
        {found?.map((h) => (
          <Button
            key={h.id}
            variant="ghost"
            className="justify-start"
            onClick={() => onPick({ id: h.id, name: h.name })}
          >
            {h.name}
          </Button>
        ))}
      </div>
    </div>
  );
}
