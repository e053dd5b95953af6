import { describe, expect, it } from "vitest";
import { eur, sampleReport } from "$lib/testing/report";
import {
  activityWords,
  finding,
  findingDetails,
  matches,
  periodChoice,
  riskWords,
  sourceWords,
  valueWords,
} from "./words";

const plain = (text: string) => text.replace(/[\u00a0\u202f]/g, " ");

describe("finding", () => {
  const report = sampleReport();

  it("says the likely end and how sure it is", () => {
    expect(plain(finding(report))).toBe(
      "Q4 2026 will likely end between 0.98 and 1.59 M EUR (4 in 5).",
    );
    expect(plain(findingDetails(report))).toBe(
      "412 k EUR is closed, 41 days are left. HubSpot's own number is 240 k EUR higher.",
    );
  });

  it("says so when the evidence is weak or missing", () => {
    const weak = { ...report, total: { ...report.total, evidence: { state: "weak" as const } } };
    expect(finding(weak)).toContain("on weak evidence");
    const none = {
      ...report,
      spread: null,
      total: { ...report.total, value: null, needs: "Needs about 18 more closed deals." },
    };
    expect(finding(none)).toBe(
      "How Q4 2026 will end cannot be told yet. Needs about 18 more closed deals.",
    );
  });

  it("looks back when the period is over", () => {
    const over = { ...report, period: { ...report.period, days_left: 0 } };
    expect(plain(finding(over))).toBe("Q4 2026 is over: 412 k EUR was won, in 14 deals.");
    expect(findingDetails(over)).toBe("");
  });

  it("minds the singular and an equal number", () => {
    const { total } = report;
    const last = {
      ...report,
      period: { ...report.period, days_left: 1 },
      hubspot: { ...report.hubspot, value: total.value ?? eur(0) },
    };
    expect(plain(findingDetails(last))).toBe("412 k EUR is closed, 1 day is left.");
  });
});

describe("periodChoice", () => {
  it.each([
    ["this_quarter", { kind: "this_quarter" }],
    ["2026-10-01..2026-12-31", { kind: "days", first: "2026-10-01", last: "2026-12-31" }],
  ])("%s", (text, expected) => expect(periodChoice(text)).toEqual(expected));
});

describe("riskWords", () => {
  it("counts", () => {
    expect(plain(riskWords({ kind: "pushed", times: 1 }))).toBe("pushed once");
    expect(plain(riskWords({ kind: "pushed", times: 3 }))).toBe("pushed 3 times");
    expect(plain(riskWords({ kind: "close_date_past", days: 1 }))).toBe(
      "close date passed 1 day ago",
    );
  });
});

describe("matches", () => {
  const [deal] = sampleReport().deals;
  it("finds by every word, wherever it stands", () => {
    if (deal === undefined) throw new Error("the sample has deals");
    const named = { ...deal, name: "Nordwind Logistik", owner_name: "Ada Brandt" };
    expect(matches(named, "")).toBe(true);
    expect(matches(named, "ada nord")).toBe(true);
    expect(matches(named, "ada süd")).toBe(false);
    expect(matches({ ...named, name: null, owner_name: null }, named.id)).toBe(true);
  });
});

describe("valueWords", () => {
  it.each([
    ["2026-12-15", "15 Dec 2026"],
    ["2026-12-15T22:30:00.000Z", "15 Dec 2026, 23:30"],
    ["40000", "40,000"],
    ["40000.50", "40,000.5"],
    ["-12.00", "−12"],
    ["12345678901234", "12345678901234"],
    ["Contract sent", "Contract sent"],
    ["", ""],
  ])("%s reads %s", (value, expected) => {
    expect(plain(valueWords(value, "Europe/Berlin"))).toBe(expected);
  });
});

describe("sourceWords", () => {
  it("knows the common ones and keeps the others", () => {
    expect(sourceWords("CRM_UI")).toBe("by hand in HubSpot");
    expect(sourceWords("SIDEKICK_X")).toBe("sidekick x");
  });
});

describe("activityWords", () => {
  it("minds the singular and leaves out what there is none of", () => {
    const words = activityWords([
      ["calls", 1],
      ["emails", 12],
      ["meetings", 0],
    ]);
    expect(plain(words)).toBe("1 call, 12 emails");
  });
});
