import { describe, expect, it } from "vitest";
import { csv, type Cell } from "./csv";

describe("csv", () => {
  it.each<[Cell, string]>([
    ["plain", "plain"],
    ["", ""],
    [null, ""],
    [-5.2, "-5.2"],
    [NaN, ""],
    ['say "hi", twice', '"say ""hi"", twice"'],
    ["two\nlines", '"two\nlines"'],
    ["=HYPERLINK(1)", `"'=HYPERLINK(1)"`],
    ["-5.2", `"'-5.2"`],
    ["@sum", `"'@sum"`],
    ["\ttab", `"'\ttab"`],
    ["＝1", `"'＝1"`],
  ])("%j is %j", (cell, expected) => {
    expect(csv([[cell]])).toBe(`${expected}\r\n`);
  });

  it("writes rows", () => {
    expect(
      csv([
        ["a", 1],
        ["b", null],
      ]),
    ).toBe("a,1\r\nb,\r\n");
  });
});
