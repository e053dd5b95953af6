import { describe, expect, it } from "vitest";
import { segment } from "../../testing/icp";
import { picture } from "./build";

const of = (value: string) => [{ dimension: "industry", value }];
const key = (one: { parts: { value: string | null }[] }) => one.parts[0]?.value ?? "";

describe("picture", () => {
  const all = segment([], 200, 0.25);
  const shown = [
    segment(of("Many"), 100, 0.5),
    segment(of("Some"), 16, 0.25),
    segment(of("Few"), 3, 0),
  ];
  const drawn = picture(all, shown, key, 614, 200);

  it("draws a row for each segment with a number, in their order", () => {
    expect(drawn.marks.map((mark) => mark.key)).toEqual(["Many", "Some"]);
    expect(drawn.marks.map((mark) => mark.y)).toEqual([23, 49]);
  });
  it("makes the dot's area the number of deals, and hollows what is weak", () => {
    const [many, some] = drawn.marks;
    expect(many?.radius).toBe(9);
    expect(some?.radius).toBeCloseTo(3.6);
    expect([many?.weak, some?.weak]).toEqual([false, true]);
  });
  it("puts the average where a segment with its rate is", () => {
    expect(drawn.average).toBeCloseTo(drawn.marks[1]?.at ?? 0);
    const silent = picture(segment([], 3, 0), shown, key, 614, 200);
    expect(silent.average).toBeNull();
  });
  it("starts at zero and stays inside", () => {
    expect(drawn.ticks[0]).toEqual({ x: 200, share: 0 });
    for (const mark of drawn.marks) {
      expect(mark.low).toBeGreaterThanOrEqual(200);
      expect(mark.high).toBeLessThanOrEqual(600);
    }
  });
});
