import { describe, expect, it } from "vitest";
import { pieces, visible } from "./visible";

describe("visible", () => {
  it.each([
    ["Acme GmbH", "Acme GmbH"],
    ["Zoë & Söhne <b>", "Zoë & Söhne <b>"],
    ["invoice\u202efdp.exe", "invoice[RLO]fdp.exe"],
    ["pay\u200bpal", "pay[ZWSP]pal"],
    ["a\nb\tc", "a[LF]b[TAB]c"],
    ["bell\u0007", "bell[U+0007]"],
    ["tag\u{e0041}", "tag[U+E0041]"],
    ["half\ud800", "half[U+D800]"],
    ["\ufeffAcme", "[BOM]Acme"],
    // Scripts and emoji that need their joiners keep them.
    ["👩‍💻 Ada", "👩‍💻 Ada"],
    ["می‌خواهم", "می‌خواهم"],
    ["شركة النور", "شركة النور"],
    ["ad\u200dmin", "ad[ZWJ]min"],
  ])("%j shows as %j", (text, expected) => {
    expect(visible(text)).toBe(expected);
  });

  it("cuts what is too long, by characters and not by halves of them", () => {
    expect(visible("🙂".repeat(10), 4)).toBe("🙂🙂🙂🙂…");
    expect(visible("abcd", 4)).toBe("abcd");
  });
});

describe("pieces", () => {
  it("names what it marks", () => {
    expect(pieces("a\u202eb")).toEqual([
      { kind: "text", text: "a" },
      { kind: "mark", text: "RLO", name: "right-to-left override" },
      { kind: "text", text: "b" },
    ]);
  });
});
