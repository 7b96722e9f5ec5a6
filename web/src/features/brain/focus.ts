/** Where the focus goes when what had it is gone: the head of the list, or of the file that is read. */
export const LIST_ID = "brain-files";
export const TITLE_ID = "brain-file";
export const EDITOR_ID = "brain-editor";

/** How long it may take to appear. */
const WAIT_MS = 3_000;

/**
 * Gives it the focus as soon as it is there, unless its user has put it elsewhere by then; on a phone, where it takes the whole
 * screen, at the top of it.
 */
export function focusOn(id: string, toTop = false) {
  const until = performance.now() + WAIT_MS;
  const before = document.activeElement;
  const look = () => {
    const { activeElement } = document;
    if (activeElement !== before && activeElement !== document.body) return;
    const element = document.getElementById(id);
    if (element) {
      element.focus({ preventScroll: toTop });
      if (toTop) element.scrollIntoView({ block: "start" });
    } else if (performance.now() < until) requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}

/** Back to the text that is being written. */
export const focusOnText = () =>
  requestAnimationFrame(() =>
    document.querySelector<HTMLElement>(`form[aria-labelledby=${EDITOR_ID}] textarea`)?.focus(),
  );
