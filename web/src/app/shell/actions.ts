import { keyRouter } from "@/app/keys";
import { press } from "@/lib/press";

const ITEM = "[data-row], [role=row], article, li";

/** Opens the menu of the item that holds the focus; where it has none, that of the page. */
export function openActions() {
  for (let item = document.activeElement?.closest(ITEM); item; item = item.parentElement?.closest(ITEM)) {
    const menu = item.querySelector<HTMLElement>("button[aria-haspopup=menu]");
    if (menu) return press(menu);
  }
  keyRouter.run("record.more");
}
