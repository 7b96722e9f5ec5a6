/** The households somebody came from, newest first. In memory alone: gone with the page, and with the session. */
import { onSignedOut } from "@/api/client";
import { onAnotherUser } from "@/api/user";

const MOST = 6;
let visited: string[] = [];
const forget = () => {
  visited = [];
};
onSignedOut(forget);
onAnotherUser(forget);

export function visit(householdId: string) {
  visited = [householdId, ...visited.filter((id) => id !== householdId)].slice(0, MOST);
}
export const recents = () => visited;
