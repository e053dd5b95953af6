import { describe, expect, it } from "vitest";
import { whisker } from "./build";

const rate = { value: 0.5, low: 0.25, high: 1, level: 0.95, n: 40, n_effective: 40 };

describe("whisker", () => {
  it("places value, interval and HubSpot's number on one line", () => {
    expect(whisker(rate, { state: "sound" }, 0, 112)).toEqual({
      left: 6,
      right: 106,
      line: { from: 31, at: 56, to: 106 },
      other: 6,
    });
  });
  it("draws no rate without evidence", () => {
    expect(whisker(rate, { state: "none", needs: 9 }, null, 112).line).toBeNull();
    expect(whisker(null, { state: "weak" }, null, 112).line).toBeNull();
  });
});
