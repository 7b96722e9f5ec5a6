import { useQueryClient } from "@tanstack/react-query";
import { RETENTION_KEY } from "@/api/queries/retention";
import { confirmed } from "@/features/step-up";
import { toast } from "@/ui/toast";

/** Sends a decision about deletion, asks for a confirmation where the server wants one, and renews what shows it. */
export function useDecision() {
  const client = useQueryClient();
  return async <T>(decide: () => Promise<T>, done: string): Promise<T> => {
    const answer = await confirmed(decide);
    await Promise.all(
      [RETENTION_KEY, ["audit"], ["households"]].map((queryKey) => client.invalidateQueries({ queryKey })),
    );
    toast(done);
    return answer;
  };
}
