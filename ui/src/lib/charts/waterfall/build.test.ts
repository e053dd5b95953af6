import { describe, expect, it } from "vitest";
import type { WaterfallReport } from "../../bindings";
import { sampleWaterfall } from "../../testing/waterfall";
import { buildBars } from "./build";

const bars = (report: WaterfallReport) =>
  buildBars(report).map(({ id, left, width, kind }) => [
    id,
    Math.round(left * 100) / 100,
    Math.round(width * 100) / 100,
    kind,
  ]);

describe("buildBars", () => {
  it("begins each line where the one before it stopped, and stands both ends on zero", () => {
    expect(bars(sampleWaterfall())).toEqual([
      ["start", 0, 86.96, "end"],
      ["created", 86.96, 13.04, "more"],
      ["down", 95.65, 4.35, "less"],
      ["won", 69.57, 26.09, "won"],
      ["lost", 69.57, 0, "none"],
      ["gone", 65.22, 4.35, "less"],
      ["end", 0, 65.22, "end"],
    ]);
  });

  it("draws sums below zero to the left of it", () => {
    const report = sampleWaterfall();
    const money = (amount: string) => ({ amount, currency: "EUR" });
    report.start.amount = money("-100.00");
    report.end.amount = money("0.00");
    report.lines = report.lines
      .filter((line) => line.line === "created")
      .map((line) => ({ ...line, amount: money("100.00") }));
    expect(bars(report)).toEqual([
      ["start", 0, 100, "end"],
      ["created", 0, 100, "more"],
      ["end", 100, 0, "end"],
    ]);
  });

  it("has nothing to draw where nothing was open", () => {
    const report = sampleWaterfall();
    report.lines = [];
    report.start.amount = { amount: "0.00", currency: "EUR" };
    report.end.amount = { amount: "0.00", currency: "EUR" };
    expect(bars(report)).toEqual([
      ["start", 0, 0, "end"],
      ["end", 0, 0, "end"],
    ]);
  });
});
