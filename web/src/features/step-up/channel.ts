/**
 * How the window at the identity provider tells the page that asked for it. The provider's page and ours do not share a
 * browsing context, so there is no `opener` to speak to: windows of one origin hear each other by a channel of a name.
 */
const NAME = "magfin-confirmed";

export function tellConfirmed() {
  const channel = new BroadcastChannel(NAME);
  channel.postMessage("confirmed");
  channel.close();
}

/** Calls `then` when a window of this browser says that the person has confirmed. Returns the way to stop. */
export function onConfirmed(then: () => void) {
  const channel = new BroadcastChannel(NAME);
  channel.onmessage = () => then();
  return () => channel.close();
}
