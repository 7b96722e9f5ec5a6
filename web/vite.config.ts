import path from "node:path";
import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

// What every page needs, in one file: split up as chance would have it, the same code weighs more.
const EVERY_PAGE =
  /node_modules\/(react|react-dom|scheduler|@tanstack\/(history|router-core|react-router|react-store|store)|@floating-ui\/[a-z-]+|@radix-ui\/(primitive|react-(context|compose-refs|dialog|dismissable-layer|focus-guards|focus-scope|id|menu|dropdown-menu|popper|portal|presence|primitive|slot|direction|collection|roving-focus|use-[a-z-]+))|aria-hidden|react-remove-scroll|react-remove-scroll-bar|react-style-singleton|get-nonce|use-[a-z-]+|tslib|clsx|tailwind-merge|openapi-fetch)\//;

// The small parts of forms and lists, which most pages share.
const PIECES = /src\/(ui\/(form|card|overlay|Tick)|lib\/(fields|money|phone|conflict|opener))\.tsx?$/;

/**
 * What is asked for together with a lazy part. The shell names all that a page needs, so that a page comes in one round; by the time a page
 * asks for a part of its own, nearly all of that is there, and the list of it would weigh more than it saves.
 */
const preloaded = (
  _part: string,
  needs: string[],
  { hostId, hostType }: { hostId: string; hostType: string },
) =>
  hostType === "html" || hostId.startsWith("assets/index-")
    ? needs
    : needs.filter((file) => file.endsWith(".css"));

export default defineConfig({
  base: "/crm/",
  plugins: [react(), tailwindcss()],
  resolve: { alias: { "@": path.resolve(import.meta.dirname, "src") } },
  build: {
    target: "es2022",
    manifest: true,
    assetsInlineLimit: 0,
    modulePreload: { resolveDependencies: preloaded },
    rolldownOptions: {
      output: {
        codeSplitting: {
          includeDependenciesRecursively: false,
          groups: [
            { name: "every-page", test: EVERY_PAGE },
            { name: "pieces", test: PIECES, minShareCount: 3 },
          ],
        },
      },
    },
  },
  // During development the API is the locally running server.
  server: { proxy: { "/api": process.env.MAGFIN_API ?? "http://127.0.0.1:8787" } },
});
