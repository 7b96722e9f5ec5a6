import { useSyncExternalStore } from "react";

export type Theme = "light" | "dark";
const read = (): Theme => (document.documentElement.dataset.theme === "dark" ? "dark" : "light");

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
}

/** The page's own mark, whoever sets it: what one hears of the system here could be of before or after what `theme.js` hears. */
function subscribe(listener: () => void) {
  const marked = new MutationObserver(listener);
  marked.observe(document.documentElement, { attributeFilter: ["data-theme"] });
  return () => marked.disconnect();
}

export const useTheme = () => useSyncExternalStore(subscribe, read);
