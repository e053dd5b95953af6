import { describe, expect, it } from "vitest";
import { sampleActivity } from "$lib/testing/activity";
import { axis, effectWords, lacksWords, missing, points, rungWords } from "./words";

const report = sampleActivity();

describe("words of the ladder", () => {
  it("writes points with their sign", () => {
    expect(points(0.031)).toBe("+3.1");
    expect(points(-0.0124)).toBe("\u22121.2");
    expect(points(0.0001)).toBe("0.0");
  });

  it("says what is missing instead of a number", () => {
    expect(missing({ state: "none", needs: 17 })).toBe(
      "Needs about 17\u00a0more wins on each side",
    );
    expect(missing({ state: "sound" })).toBe("Could not be computed");
  });

  it("never gives an effect without its interval and its deals", () => {
    for (const row of report.rows)
      for (const rung of row.rungs) {
        const words = rungWords(row, rung);
        expect(words).toContain("deals");
        if (rung.effect !== null) expect(words).toContain(effectWords(rung.effect));
      }
  });

  it("names what a deal lacks", () => {
    expect(lacksWords(["meetings"], report.rows)).toBe("Meetings");
    expect(lacksWords([], report.rows)).toContain("nothing");
  });

  it("puts zero and every interval on one axis", () => {
    const [low, high] = axis(report.rows);
    expect(low).toBeLessThan(0);
    expect(high).toBeGreaterThan(0);
    for (const row of report.rows)
      for (const { effect } of row.rungs)
        if (effect !== null) expect(effect.low >= low && effect.high <= high).toBe(true);
    expect(axis([])).toEqual([-0.05, 0.05]);
  });
});
