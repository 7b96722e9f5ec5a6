import { infiniteQueryOptions } from "@tanstack/react-query";
import { client, take } from "../client";
import type { components } from "../schema";
import type { Sent } from "../types";

export type Feedback = Sent<components["schemas"]["Feedback"]>;
export type FeedbackStatus = components["schemas"]["FeedbackStatus"];

/** One's own feedback, everybody's for a firm admin; the newest first. */
export const feedbackQuery = (status: FeedbackStatus | null) =>
  infiniteQueryOptions({
    queryKey: ["feedback", status],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam, signal }) => {
      const query = { status: status ?? undefined, cursor: pageParam ?? undefined };
      return take(client.GET("/api/feedback", { params: { query }, signal }));
    },
    getNextPageParam: (page) => page.next_cursor,
  });

export const sendFeedback = (body: components["schemas"]["FeedbackCreate"], key: string) =>
  take(client.POST("/api/feedback", { body, params: { header: { "Idempotency-Key": key } } }));

export const changeFeedback = (id: string, body: components["schemas"]["FeedbackChange"]) =>
  take(client.PATCH("/api/feedback/{id}", { params: { path: { id } }, body }));
