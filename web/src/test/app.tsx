/** The whole app in a test, on the stand-in server. */
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { render } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { queryClient } from "@/app/query";
import { makeRouter } from "@/app/router";
import { server } from "./setup";
import { StandIn } from "./standin";

/** Serves `standIn` at /api and opens the app at `path`. */
export function openApp(path: string, standIn = new StandIn()) {
  queryClient.clear();
  server.use(
    // Nobody else changes anything here: the stream is open and silent.
    http.get(
      "*/api/live",
      () => new HttpResponse(new ReadableStream(), { headers: { "content-type": "text/event-stream" } }),
    ),
    http.put("*/api/presence", () => new HttpResponse(null, { status: 204 })),
    http.all("*/api/*", async ({ request }) => {
      const url = new URL(request.url);
      const text = await request.text();
      const name = request.headers.get("x-request-id");
      const reply = standIn.handle(
        request.method,
        url.pathname + url.search,
        text ? JSON.parse(text) : {},
        name,
      );
      if (reply.body === undefined) return new HttpResponse(null, { status: reply.status });
      return HttpResponse.json(structuredClone(reply.body) as object, { status: reply.status });
    }),
  );
  window.history.replaceState({}, "", `/crm${path}`);
  render(
    <QueryClientProvider client={queryClient}>
      <RouterProvider router={makeRouter()} />
    </QueryClientProvider>,
  );
  return standIn;
}
