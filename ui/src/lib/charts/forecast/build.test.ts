import { describe, expect, it } from "vitest";
import { sampleReport } from "../../testing/report";
import { buildFan, fanRows } from "./build";

const plain = (text: string) => text.replace(/[\u00a0\u202f]/g, " ");
const size = { width: 900, height: 288 };

describe("buildFan", () => {
  const report = sampleReport();
  const fan = buildFan(report, size);

  it("begins at nothing on the first day and steps to what is closed", () => {
    expect(fan.closed.startsWith(`M${fan.plot.left},`)).toBe(true);
    expect(fan.closedEnd?.text && plain(fan.closedEnd.text)).toBe("412 k EUR closed");
  });

  it("ends the fan between P10 and P90, with the middle inside", () => {
    const whisker = fan.whisker;
    expect(whisker).not.toBeNull();
    if (whisker === null) return;
    // Up is less on a screen.
    expect(whisker.p90).toBeLessThan(whisker.p50);
    expect(whisker.p50).toBeLessThan(whisker.p10);
    expect(whisker.x).toBe(fan.plot.right);
    expect(fan.now?.x).toBeLessThan(fan.plot.right);
  });

  it("keeps everything within the picture and zero on the axis", () => {
    const ys = [...fan.stops.map((stop) => stop.y), ...fan.labels.map((label) => label.y)];
    for (const y of ys) {
      expect(y).toBeGreaterThanOrEqual(fan.plot.top - 1);
      expect(y).toBeLessThanOrEqual(fan.plot.bottom + 1);
    }
    expect(fan.amounts.some((amount) => amount.zero)).toBe(true);
  });

  it("labels do not cover each other", () => {
    const ys = fan.labels.map((label) => label.y).sort((a, b) => a - b);
    for (let index = 1; index < ys.length; index++) {
      expect((ys[index] ?? 0) - (ys[index - 1] ?? 0)).toBeGreaterThanOrEqual(16.9);
    }
  });

  it("says every day and every end in a sentence", () => {
    expect(fan.stops).toHaveLength(report.pace.closed.length + 4);
    expect(plain(fan.stops.at(-1)?.sentence ?? "")).toBe(
      "31 Dec 2026: HubSpot's own stage probabilities give 1.52 M EUR.",
    );
    expect(plain(fan.summary)).toContain("between 0.98 M EUR".replace("0.98 M", "980 k"));
  });

  it("draws no end that nothing speaks for", () => {
    const unknown = buildFan({ ...report, spread: null }, size);
    expect([unknown.band, unknown.median, unknown.whisker]).toEqual([null, null, null]);
    expect(unknown.labels.map((label) => label.kind)).toEqual(["hubspot"]);
    expect(unknown.summary).toContain("no likely end can be given");
  });

  it("draws no fan after the period's end", () => {
    const last = report.pace.closed.at(-1);
    if (last === undefined) throw new Error("the sample has a pace");
    const closed = [...report.pace.closed, { ...last, day: report.period.last_day }];
    const over = buildFan({ ...report, pace: { ...report.pace, closed } }, size);
    expect([over.band, over.whisker, over.hubspot, over.now]).toEqual([null, null, null, null]);
    expect(over.labels).toEqual([]);
  });

  it("stands on an empty period", () => {
    const empty = buildFan({ ...report, pace: { ...report.pace, closed: [] } }, size);
    expect(empty.closedEnd).toBeNull();
    expect(empty.closed).not.toContain("NaN");
  });

  it.each([280, 360, 520, 2000])("holds at %i px without a NaN", (width) => {
    expect(JSON.stringify(buildFan(report, { width, height: 288 }))).not.toMatch(/NaN|null,null/);
  });
});

describe("fanRows", () => {
  it("holds what the picture holds", () => {
    const rows = fanRows(sampleReport());
    expect(rows.filter((row) => row.deals === null).map((row) => row.what)).toEqual([
      "1 in 10 ends below",
      "As likely above as below",
      "1 in 10 ends above",
      "HubSpot's own number",
    ]);
  });
});
