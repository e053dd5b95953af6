import { describe, expect, it } from "vitest";
import { linear, niceStep, spreadApart, ticks } from "./scale";

describe("linear", () => {
  it("maps ends to ends and turns round", () => {
    const y = linear([0, 10], [200, 0]);
    expect([y(0), y(5), y(10)]).toEqual([200, 100, 0]);
  });
  it("does not divide by nothing", () => expect(linear([3, 3], [0, 9])(3)).toBe(0));
});

describe("niceStep", () => {
  it.each([
    [1_000_000, 4, 250_000],
    [1_600_000, 4, 500_000],
    [7, 7, 1],
    [0, 4, 1],
  ])("%i in %i steps: %i", (span, steps, expected) => {
    expect(niceStep(span, steps)).toBe(expected);
  });
});

describe("ticks", () => {
  it("covers what it is given", () => {
    expect(ticks(0, 930, 4)).toEqual([0, 250, 500, 750, 1000]);
    expect(ticks(-120, 300, 4)).toEqual([-200, 0, 200, 400]);
    expect(ticks(0, 0, 4)).toEqual([0, 1]);
  });
});

describe("spreadApart", () => {
  it("keeps what has room and parts what has none", () => {
    expect(spreadApart([0, 50, 100], 16, 0, 200)).toEqual([0, 50, 100]);
    expect(spreadApart([50, 50, 52], 16, 0, 200)).toEqual([50, 66, 82]);
    expect(spreadApart([198, 199], 16, 0, 200)).toEqual([184, 200]);
  });
  it("shares the room when there is not enough", () => {
    expect(spreadApart([5, 5, 5], 16, 0, 20)).toEqual([0, 10, 20]);
  });
});
