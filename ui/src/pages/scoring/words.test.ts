import { describe, expect, test } from "vitest";
import { sampleScoring } from "$lib/testing/scoring";
import {
  between,
  byColumn,
  evidenceOf,
  matching,
  reach,
  reasonsWords,
  refusals,
  signed,
  stateOf,
  typeOf,
  unbroken,
  usedWords,
} from "./words";

describe("words of scores", () => {
  test.each([
    [3, { state: "none", needs: 17 }],
    [5, { state: "weak" }],
    [20, { state: "sound" }],
  ])("%i deals", (n, expected) => {
    expect(evidenceOf(n)).toEqual(expected);
  });

  test("the way of a reason is said by a sign", () => {
    const [first] = sampleScoring().report.scores;
    expect(first && reasonsWords(first)).toBe(
      "+ Stage: Contract sent; + Meetings in 30 days: 3; − Days in stage: 41",
    );
    expect([signed(0.5), signed(-0.25)]).toEqual(["+0.50", "−0.25"]);
  });

  test("an interval stands beside its value", () => {
    expect(between({ value: 0.781, low: 0.72, high: 0.834 }, 2)).toBe("0.78 (0.72–0.83)");
    expect(between(null, 2)).toBe("none");
  });

  test("bars reach as far as their share of the largest", () => {
    const reasons = sampleScoring().report.scores[0]?.reasons ?? [];
    const reached = reasons.map((reason) => reach(reason, reasons));
    expect(reached[0]).toBe(1);
    expect(reached.every((share) => share > 0 && share <= 1)).toBe(true);
  });

  test("a refusal is told in sentences, and a score has none", () => {
    expect(refusals(sampleScoring().report.card)).toEqual([]);
    expect(refusals(sampleScoring("refused").report.card)[0]).toContain("62 more");
  });

  test("what a kept model is used for", () => {
    expect(stateOf({ in_use: "It is the first.", is_published: true })).toBe("In use");
    expect(stateOf({ in_use: null, is_published: true })).toBe("Kept");
    expect(stateOf({ in_use: null, is_published: false })).toBe("No score");
    expect(usedWords(1, { before: 2, scored: 1 })).toBe(
      "Model 1 is in use and has scored 1\u00a0open deal. Choosing model 2 takes that back.",
    );
    expect(usedWords(1, { before: null, scored: 0 })).not.toContain("back");
  });

  test("properties are found by label or name, and tell whose they are", () => {
    const tier = { name: "companies.tier", label: "Customer class", is_own: true };
    expect(matching([tier], " CLASS ")).toEqual([tier]);
    expect(matching([tier], "tier")).toEqual([tier]);
    expect(matching([tier], "size")).toEqual([]);
    expect(typeOf(tier)).toBe("company, your own");
    expect(unbroken("28 % (26-30)")).toBe("28\u00a0% (26-30)");
  });

  test("a column that is suspect twice is named once", () => {
    const [first] = sampleScoring().report.card.model.audit.suspects;
    if (first === undefined) throw new Error("the sample has suspects");
    const again = { ...first, sentence: "It is written at the closing." };
    const rows = { ...first, column: null };
    expect(byColumn([first, again, rows])).toEqual([
      [first, [first.sentence, again.sentence]],
      [rows, [rows.sentence]],
    ]);
  });
});
