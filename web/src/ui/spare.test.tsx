import { render, screen } from "@testing-library/react";
import { lazy } from "react";
import { expect, test, vi } from "vitest";
import { Spare } from "./Spare";

test("ST-5 a part that cannot be loaded leaves the rest of its page", async () => {
  const told = vi.spyOn(console, "error").mockReturnValue();
  const Lost = lazy(() => Promise.reject(new TypeError("Failed to fetch")));
  render(
    <>
      <p>The household</p>
      <Spare fallback={<p>Coming</p>}>
        <Lost />
      </Spare>
    </>,
  );
  expect(screen.getByText("Coming")).toBeInTheDocument();
  await vi.waitFor(() => expect(screen.queryByText("Coming")).not.toBeInTheDocument());
  expect(screen.getByText("The household")).toBeInTheDocument();
  told.mockRestore();
});
