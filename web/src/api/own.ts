/** Which requests this page made itself, so that their echo in the stream is known. In memory alone. */
const MOST = 200;
const own = new Set<string>();

export function rememberOwn(request: string) {
  own.add(request);
  for (const oldest of own) {
    if (own.size <= MOST) break;
    own.delete(oldest);
  }
}

export const isOwn = (request: string | null) => request !== null && own.has(request);

/** A change is waited for so long: a server that does not answer keeps nobody from seeing what others do. */
const LONGEST_MS = 5_000;
const going = new Map<object, number>();
const resting: (() => void)[] = [];

/** Until it is answered, what is read of the server may be of before it. */
export function onItsWay<T>(change: Promise<T>): Promise<T> {
  const mark = {};
  going.set(mark, Date.now());
  return change.finally(() => {
    going.delete(mark);
    if (going.size === 0) for (const go of resting.splice(0)) go();
  });
}

/** Whether a change that this page made has not been answered. */
export const isChanging = () => [...going.values()].some((since) => Date.now() - since < LONGEST_MS);

/** Ends once none of them is on its way. */
export const whenAnswered = () =>
  new Promise<void>((done) => {
    if (!isChanging()) return done();
    resting.push(done);
    setTimeout(done, LONGEST_MS);
  });
