import { describe, expect, it } from "vitest";
import type { ReconciliationView, SyncReportView, SyncRunView } from "$lib/bindings";
import { compareCost, fullCost, kindWords, lastRunWords, reportWords, unprovenWords } from "./runs";

const plain = (text: string) => text.replace(/[\u00a0\u202f]/g, " ");

const run = (kind: SyncRunView["kind"], outcome: SyncRunView["outcome"] = "done"): SyncRunView => ({
  started_at: "2026-11-21T07:50:00.000Z",
  finished_at: null,
  outcome,
  kind,
  rows: 1,
  calls: 1,
  error_code: null,
});

describe("the kind of a run", () => {
  it.each([
    ["first load", "This was the first load: everything.", [run("full"), run("full", "failed")]],
    ["everything", "It read everything again.", [run("full"), run("changes")]],
    ["what was left", "It went on where the run before had stopped.", [run("resumed")]],
    ["what changed", "It reads what changed since the run before.", [run("changes", "running")]],
  ] as const)("%s", (words, sentence, runs) => {
    expect(kindWords(runs[0], runs)).toBe(words);
    expect(lastRunWords(runs)).toBe(sentence);
  });

  it("does not take a run for the first one where older ones may not be told", () => {
    const runs = [run("full"), ...Array.from({ length: 19 }, () => run("changes", "failed"))];
    expect(kindWords(runs[0] as SyncRunView, runs)).toBe("everything");
    expect(lastRunWords([])).toBe("");
  });
});

it("tells what a sync read, and what comparing cost beside it", () => {
  const report: SyncReportView = {
    portal: "1",
    kind: "changes",
    outcome: "done",
    rows: 1200,
    calls: 14,
    calls_to_check: 9,
    seconds: 3,
    streams: [],
    reconciliation: null,
  };
  expect(plain(reportWords(report))).toBe(
    "Read what changed: 1,200 rows in 3 s with 14 calls, and 9 more to compare.",
  );
  expect(plain(reportWords({ ...report, kind: "full", calls_to_check: 0 }))).toBe(
    "Read everything: 1,200 rows in 3 s with 14 calls.",
  );
});

it("says what could not be proven in words, whatever the figures", () => {
  const stream = { stream: "changes/deals", rows: 0, unavailable: null };
  expect(unprovenWords({ ...stream, unproven: "4980 of 5000" })).toBe(
    "Changes of deals: HubSpot counts 5,000 and gave 4,980.",
  );
  expect(unprovenWords({ ...stream, unproven: "odd" })).toBe("Changes of deals: odd");
});

describe("costs", () => {
  const of = (object: string, ours: number, unavailable: string | null = null) => ({
    object,
    theirs: ours,
    ours,
    explained: { archived: 0, merged: 0, purged: 0, no_access: 0, newer: 0, repaired: 0 },
    unexplained: 0,
    unavailable,
    months: [],
  });
  const reconciliation = {
    objects: [of("deals", 2501), of("contacts", 0), of("emails", 900, "missing_scopes")],
  } as unknown as ReconciliationView;

  it.each([
    [264, null, "Costs about 264 calls, as the last time."],
    [
      264,
      1,
      "Costs about 264 calls, as the last time. HubSpot says that 1 call is left today, too few: it would stop there, and go on tomorrow.",
    ],
    [
      null,
      900,
      "Costs at least 27 calls: one for every hundred records, and more for histories and links. HubSpot says that 900 calls are left today.",
    ],
  ])("of reading everything: %s calls, %s left", (full_calls, calls_left, expected) => {
    expect(plain(fullCost({ full_calls, calls_left, reconciliation }))).toBe(expected);
  });

  it("of comparing all ids", () => {
    const known = { full_calls: null, calls_left: null, reconciliation };
    expect(plain(compareCost(known))).toBe(
      "Costs about 27 calls, one for every hundred records, beside those for what changed.",
    );
    const unknown = { ...known, reconciliation: null };
    expect(compareCost(unknown)).toContain("one call for every hundred records");
    expect(fullCost(unknown)).toContain("at least one call for every hundred records");
  });
});
