import path from "node:path";
import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

export default defineConfig({
  base: "/crm/",
  plugins: [react(), tailwindcss()],
  resolve: { alias: { "@": path.resolve(import.meta.dirname, "src") } },
  build: { target: "es2022", manifest: true, assetsInlineLimit: 0 },
  // During development the API is the locally running server.
  server: { proxy: { "/api": process.env.MAGFIN_API ?? "http://127.0.0.1:8787" } },
});
