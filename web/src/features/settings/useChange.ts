import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { asProblem, type Problem } from "@/api/problem";
import { meQuery, teamsQuery, usersQuery } from "@/api/queries/session";
import { SETTINGS_KEY } from "@/api/queries/settings";
import { confirmed } from "@/features/step-up";
import { toast } from "@/ui/toast";

/** One change of the settings at a time: asks for a confirmation where the server wants one, and renews what shows it. */
export function useChange() {
  const client = useQueryClient();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const renew = () => {
    const keys = [
      SETTINGS_KEY,
      usersQuery.queryKey,
      teamsQuery.queryKey,
      meQuery.queryKey,
      ["tiers"],
      ["households"],
    ];
    return Promise.all(keys.map((queryKey) => client.invalidateQueries({ queryKey })));
  };
  /** Answers what the server answered; `null` when it refused, which is then shown. */
  const run = async <T>(change: () => Promise<T>, done?: string): Promise<T | null> => {
    setBusy(true);
    setProblem(null);
    try {
      const answer = await confirmed(change);
      await renew();
      if (done) toast(done);
      return answer ?? (true as T);
    } catch (error) {
      setProblem(asProblem(error));
      return null;
    } finally {
      setBusy(false);
    }
  };
  return { run, busy, problem, renew };
}
