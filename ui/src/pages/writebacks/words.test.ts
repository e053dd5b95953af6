import { describe, expect, it } from "vitest";
import { changeState, outcome, unsent } from "./words";

const counts = {
  total: 312,
  planned: 0,
  sending: 0,
  confirmed: 298,
  failed: 2,
  conflict: 12,
};

describe("outcome", () => {
  it("names each end that occurred", () => {
    expect(outcome(counts)).toBe("298 confirmed, 2 refused, 12 changed meanwhile.");
  });
  it("says so when there was nothing", () => {
    expect(outcome({ ...counts, total: 0, confirmed: 0, failed: 0, conflict: 0 })).toBe(
      "Nothing to change.",
    );
  });
});

describe("unsent", () => {
  it("counts what applying again would send or find out", () => {
    expect(unsent({ ...counts, planned: 5, sending: 3 })).toBe(8);
    expect(unsent(counts)).toBe(0);
  });
});

describe("changeState", () => {
  it("survives a state it does not know", () => {
    expect(changeState("confirmed").word).toBe("confirmed");
    expect(changeState("toString")).toEqual({ tone: "idle", word: "toString" });
  });
});
