import "@testing-library/jest-dom/vitest";
import { cleanup, configure } from "@testing-library/react";
import { setupServer } from "msw/node";
import { afterAll, afterEach, beforeAll } from "vitest";

/** A part that is loaded for the first time takes a busy machine more than the second that is waited for by itself. */
configure({ asyncUtilTimeout: 12_000 });

/** Every test names the answers it needs; a request nobody expected fails it. */
export const server = setupServer();
beforeAll(() => server.listen({ onUnhandledRequest: "error" }));
afterEach(() => {
  cleanup();
  server.resetHandlers();
});
afterAll(() => server.close());
