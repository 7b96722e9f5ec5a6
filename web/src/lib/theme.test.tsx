import { render, screen, waitFor } from "@testing-library/react";
import { afterEach, expect, test } from "vitest";
import { setTheme, useTheme } from "./theme";

afterEach(() => {
  delete document.documentElement.dataset.theme;
  localStorage.clear();
});

function Shown({ name }: { name: string }) {
  return (
    <p>
      {name} {useTheme()}
    </p>
  );
}

test("a theme that the page takes from the system is shown by whatever was drawn before and after it", async () => {
  const { rerender } = render(<Shown name="button" />);
  expect(screen.getByText("button light")).toBeInTheDocument();
  // As `theme.js` does it when the system changes its own, with nothing said to anybody else.
  document.documentElement.dataset.theme = "dark";
  await waitFor(() => expect(screen.getByText("button dark")).toBeInTheDocument());
  rerender(<Shown name="menu" />);
  document.documentElement.dataset.theme = "light";
  await waitFor(() => expect(screen.getByText("menu light")).toBeInTheDocument());
});

test("a theme that is chosen is shown and kept", async () => {
  render(<Shown name="button" />);
  setTheme("dark");
  await waitFor(() => expect(screen.getByText("button dark")).toBeInTheDocument());
  expect(localStorage.getItem("mf-theme")).toBe("dark");
});
