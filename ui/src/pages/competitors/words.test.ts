import { describe, expect, it } from "vitest";
import { sampleCompetitors } from "$lib/testing/competitors";
import { alertCounts, alertRatio, columnWords, finding } from "./words";

const view = sampleCompetitors();
const [alert] = view.report.alerts;
if (alert === undefined) throw new Error("the sample has no alert");

/** Numbers and their nouns hold together on the screen; here they are compared as words. */
const plain = (text: string) => text.replaceAll("\u00a0", " ").replaceAll("\u202f", " ");

describe("the words of the competitors' page", () => {
  it("names who most is lost to, with the interval and the count", () => {
    expect(plain(finding(view))).toMatch(/^Most losses that name anybody name Kranwerk: 15\s?%/);
    expect(plain(finding(view))).toContain("of 210 lost deals");
  });

  it("claims nothing where nobody is listed or named", () => {
    const empty = { ...view, list: { ...view.list, competitors: [] } };
    expect(plain(finding(empty))).toContain("No competitor is listed");
    const silent = { ...view, report: { ...view.report, cells: [] } };
    expect(plain(finding(silent))).toContain("none of which names");
  });

  it("says what an alert counts", () => {
    expect(plain(alertCounts(alert))).toBe("9 of 31 losses, before that 12 of 170");
    expect(plain(alertCounts({ ...alert, kind: "wins_collapse" }))).toBe(
      "won 9 of 31 closed deals with it, before that 12 of 170",
    );
    expect(alertRatio(alert)).toBe("4.1 times as often (1.5 to 10.6)");
    const money = { value: 3, low: 1.2, high: 7.5, level: 0.95 };
    expect(alertRatio({ ...alert, money })).toContain("3.0 times the share of the money lost");
    expect(alertRatio({ ...alert, ratio: { ...alert.ratio, value: null, high: null } })).toBe(
      "at least 1.5 times as often",
    );
  });

  it("names columns, also those of what is not known", () => {
    expect(columnWords(null, null, view.stages)).toBe("All deals");
    expect(columnWords(null, "default/quote", view.stages)).toBe("Quote sent");
    expect(columnWords("", null, view.stages)).toBe("Not known");
    expect(columnWords(null, "", view.stages)).toBe("Arrived closed");
  });
});
