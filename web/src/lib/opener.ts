/**
 * What should have the focus again when a dialog closes: what had it when the dialog was asked for. A menu's item is gone
 * by then, so the button of its menu stands in for it. A tab is chosen by the focus, so it never gets it back.
 */
export function opener(): HTMLElement | null {
  const active = document.activeElement;
  const button = active?.closest("[role=menu]")?.getAttribute("aria-labelledby");
  const element = button ? document.getElementById(button) : active;
  if (!(element instanceof HTMLElement) || element === document.body) return null;
  return element.matches("[role=tab]") ? null : element;
}
