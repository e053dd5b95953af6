import { describe, expect, it } from "vitest";
import { sampleReport } from "$lib/testing/report";
import { changeWords } from "./whatif";
import { whoseArgs } from "./whose";

describe("whoseArgs", () => {
  it.each([
    [null, { team: null, owner: null }],
    ["team:7", { team: "7", owner: null }],
    ["owner:512", { team: null, owner: "512" }],
  ])("reads %s", (whose, expected) => {
    expect(whoseArgs(whose)).toEqual(expected);
  });
});

describe("changeWords", () => {
  const report = sampleReport();
  const deal = report.deals[0]?.id ?? "";
  const name = report.deals[0]?.name ?? "";

  it.each([
    [{ kind: "drop" as const, deal }, `${name} is dropped`],
    [
      { kind: "close_on" as const, deal, day: "2027-01-05" },
      `${name} closes on 5\u00a0Jan\u00a02027`,
    ],
    [
      { kind: "chance" as const, deal: "1", chance: 0.5 },
      "deal 1 is won with a chance of 50\u202f%",
    ],
    [{ kind: "rates" as const, stage: null, factor: 1.1 }, "All chances +10 %"],
    [{ kind: "rates" as const, stage: null, factor: 0.5 }, "All chances \u221250 %"],
  ])("says %o", (change, words) => {
    expect(changeWords(change, report)).toBe(words);
  });
});
