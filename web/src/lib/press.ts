/** Opens a menu as the keyboard does: its button listens to presses, not to clicks. */
export function press(button: HTMLElement | null | undefined) {
  button?.focus();
  button?.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true }));
}
