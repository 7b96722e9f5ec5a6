import { expect, test } from "vitest";
import { phoneText } from "./phone";

test.each([
  ["+17045550142", "704.555.0142", null, "(704) 555-0142"],
  ["+14155550142", "(415) 555-0142 ext 7", "7", "(415) 555-0142 ext. 7"],
  ["+442071234567", "020 7123 4567", null, "+442071234567"],
  [null, "ask for Dana", null, "ask for Dana"],
  [null, null, null, ""],
])("a number %s typed as %s reads well", (e164, typed, extension, text) => {
  expect(phoneText(e164, typed, extension)).toBe(text);
});
