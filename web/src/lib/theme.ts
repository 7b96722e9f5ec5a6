import { useSyncExternalStore } from "react";

export type Theme = "light" | "dark";
const read = (): Theme => (document.documentElement.dataset.theme === "dark" ? "dark" : "light");
const listeners = new Set<() => void>();

/** The theme is the only thing this app keeps in browser storage. */
export function setTheme(theme: Theme) {
  const page = document.documentElement;
  page.dataset.theme = theme;
  const rail = getComputedStyle(page).getPropertyValue("--mf-rail");
  document.querySelector("meta[name=theme-color]")?.setAttribute("content", rail);
  try {
    localStorage.setItem("mf-theme", theme);
  } catch {
    // storage is closed to us: the choice lasts for this page
  }
  for (const listener of listeners) listener();
}

export const useTheme = () =>
  useSyncExternalStore((listener) => {
    // After `theme.js`, which was there first, has followed the system.
    const system = matchMedia("(prefers-color-scheme: dark)");
    system.addEventListener("change", listener);
    listeners.add(listener);
    return () => {
      system.removeEventListener("change", listener);
      listeners.delete(listener);
    };
  }, read);
