import { describe, expect, it } from "vitest";
import type { ExplainedCounts, ReconciledObject } from "$lib/bindings";
import {
  differenceWords,
  explainedWords,
  findingWords,
  sampleWords,
  verdict,
} from "./reconciliation";

const none: ExplainedCounts = {
  archived: 0,
  merged: 0,
  purged: 0,
  no_access: 0,
  newer: 0,
  repaired: 0,
};
const deals: ReconciledObject = {
  object: "deals",
  theirs: 2500,
  ours: 2500,
  explained: none,
  unexplained: 0,
  unavailable: null,
  months: [],
};
const view = (objects: ReconciledObject[]) => ({
  checked_at: "2026-11-21T08:00:00Z",
  since: "2026-11-21T07:50:00Z",
  whole: true,
  not_checked: null,
  unexplained: objects.reduce((sum, { unexplained }) => sum + unexplained, 0),
  objects,
  samples: [],
  differences: [],
});

describe("explainedWords", () => {
  it("names only what there was", () => {
    expect(explainedWords({ ...none, merged: 3, archived: 1 })).toBe("1 archived, 3 merged");
    expect(explainedWords(none)).toBe("");
  });
});

describe("differenceWords", () => {
  const month = { month: "2026-11", theirs: 5, ours: 5, explained: none, unexplained: 0 };
  it("begins with what nothing explains", () => {
    expect(differenceWords(month)).toBe("");
    expect(differenceWords({ ...month, unexplained: 2, explained: { ...none, newer: 1 } })).toBe(
      "2 unexplained, 1 newer than the sync",
    );
  });
});

describe("verdict", () => {
  it("tells equal from explained, and both from unexplained", () => {
    expect(verdict(deals)).toEqual({ tone: "good", word: "equal" });
    expect(verdict({ ...deals, explained: { ...none, newer: 2 } }).word).toBe("explained");
    expect(verdict({ ...deals, unexplained: 4 })).toEqual({ tone: "bad", word: "4 unexplained" });
    expect(verdict({ ...deals, theirs: null, unavailable: "forbidden" }).tone).toBe("off");
  });
});

describe("findingWords", () => {
  it("says exactly how far the copy agrees", () => {
    expect(findingWords(view([deals]))).toContain("holds exactly these");
    const moved = { ...deals, explained: { ...none, archived: 1 } };
    expect(findingWords(view([moved]))).toContain("every difference is explained");
    expect(findingWords(view([{ ...deals, unexplained: 4 }]))).toContain("4");
  });
  it("does not count a type that HubSpot is silent about", () => {
    const leads = { ...deals, object: "leads", theirs: null, unavailable: "forbidden" };
    expect(findingWords(view([deals, leads]))).toMatch(/of 1.type,/);
  });
});

describe("sampleWords", () => {
  const sample = {
    object: "deals",
    to: "contacts",
    sampled: 200,
    compared: 200,
    missing: 0,
    surplus: 0,
    repaired: 0,
  };
  it("says what was compared and what differed", () => {
    expect(sampleWords(sample)).toMatch(/^Deals to contacts: 200.records compared, all equal$/);
    expect(sampleWords({ ...sample, to: null, missing: 2, repaired: 2 })).toMatch(
      /^History of deals: .*2.rows differed, 2 set right$/,
    );
  });
});
