import { describe, expect, it } from "vitest";
import { NO_LIFT, sampleIcp } from "$lib/testing/icp";
import {
  checkWords,
  finding,
  findingWords,
  liftWords,
  segmentName,
  segmentQuery,
  verdictWords,
} from "./words";

const view = sampleIcp("1", 90);

describe("words of customers", () => {
  it("names values as HubSpot does, and unknown ones", () => {
    const names = view.report.segments.map((segment) => segmentName(view.names, segment));
    expect(names[0]).toBe("Industry: Machinery");
    expect(names[7]).toBe("Industry: unknown");
    expect(names[10]).toBe("Industry: Machinery, Employees: 51-200");
  });
  it("tells no single number where the parts disagree", () => {
    expect(liftWords(view.report.segments[1]?.lift ?? NO_LIFT)).toBe("see its parts");
    expect(liftWords(view.report.segments[0]?.lift ?? NO_LIFT)).toMatch(/^1\.96 × \(1\.4/);
    expect(findingWords(NO_LIFT)).toBe("not asked");
  });
  it("says what was found, and that nothing was", () => {
    expect(finding(view)).toContain("Industry: Machinery wins 2.0 times as often as the others");
    const none = { ...view, report: { ...view.report, segments: [] } };
    expect(finding(none)).toContain("No segment differs");
    const empty = { ...view.report.all, n: 0 };
    expect(finding({ ...view, report: { ...view.report, all: empty } })).toContain("No deals");
  });
  it("gives no verdict on what was made from the same data", () => {
    expect(verdictWords("validated", false)).toBe("validated");
    expect(verdictWords("validated", true)).toContain("not checked yet");
    const check = view.report.declared?.check;
    expect(check && checkWords({ ...check, n: 3, rate: null, lift: null })).toMatch(
      /too few \(3\)/,
    );
  });
  it("asks each segment's own query", () => {
    const parts = (place: number | null) =>
      segmentQuery(view, place).parameters.find(({ name }) => name === ":parts")?.value;
    expect(parts(null)).toBe("[]");
    expect(parts(0)).toContain("MACHINERY");
    expect(segmentQuery(view, 0).parameters).toHaveLength(5);
  });
});
