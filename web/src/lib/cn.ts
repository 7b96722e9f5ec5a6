import { type ClassValue, clsx } from "clsx";
import { extendTailwindMerge } from "tailwind-merge";

// The type scale is our own: undeclared, tailwind-merge would drop `text-md` next to `text-ink`.
const twMerge = extendTailwindMerge({
  extend: { classGroups: { "font-size": [{ text: ["xs", "sm", "base", "md", "lg", "xl", "2xl", "3xl"] }] } },
});
/** Joins class names; of two that set the same property the later one wins. */
export const cn = (...classes: ClassValue[]) => twMerge(clsx(classes));
