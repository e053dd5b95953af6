import { describe, expect, it } from "vitest";
import { Chords } from "./chords";

describe("Chords", () => {
  it.each([
    [
      ["g", "f"],
      [null, "forecast"],
    ],
    [
      ["g", "p"],
      [null, "portals"],
    ],
    [["?"], ["sheet"]],
    [["Escape"], ["close"]],
    [["f"], [null]],
    [
      ["g", "?"],
      [null, "sheet"],
    ],
    [
      ["g", "g", "w"],
      [null, null, "writebacks"],
    ],
    [["s"], [null]],
  ])("%j", (keys, expected) => {
    const chords = new Chords();
    expect(keys.map((key, index) => chords.press(key, index * 100))).toEqual(expected);
  });

  it("forgets the first key after a while", () => {
    const chords = new Chords();
    chords.press("g", 0);
    expect(chords.press("f", 5000)).toBeNull();
  });
});
