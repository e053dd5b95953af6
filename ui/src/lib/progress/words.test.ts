import { describe, expect, it } from "vitest";
import type { Progress } from "../bindings";
import { codeWords, inReadingOrder, phaseWords, progressFacts, share, streamWords } from "./words";

const plain = (text: string) => text.replace(/[\u00a0\u202f]/g, " ");
const reading: Progress = {
  phase: "reading",
  what: "records/deals",
  steps_done: 3,
  steps_total: 14,
  done: 2511,
  per_second: 850.2,
  seconds_left: 31,
  calls: 40,
};

describe("streamWords", () => {
  it.each([
    ["records/deals", "Deals"],
    ["associations/deals/contacts", "Deals to contacts"],
    ["properties/deals", "Properties of deals"],
    ["history/deals", "History of deals"],
    ["changes/deals", "Changes of deals"],
    ["gone/contacts", "Deleted and merged contacts"],
    ["backfill/companies", "New properties of companies"],
    ["owners", "Owners"],
    ["something_new", "Something new"],
  ])("%s is %s", (stream, expected) => expect(streamWords(stream)).toBe(expected));
});

describe("progress", () => {
  it("says what, how far, how fast, how long, at what cost", () => {
    expect(phaseWords(reading)).toBe("Reading deals");
    expect(share(reading)).toBeCloseTo(3 / 14);
    expect(progressFacts(reading).map(plain)).toEqual([
      "step 4 of 14",
      "2,511 rows",
      "850 rows a second",
      "40 calls",
      "about 35 s left",
    ]);
    expect(progressFacts({ ...reading, calls_left: 249_960 }).map(plain)).toContain(
      "249,960 calls left today",
    );
  });

  it("says nothing that is not known", () => {
    const start: Progress = {
      ...reading,
      phase: "waiting_for_consent",
      steps_done: 0,
      steps_total: 0,
      done: 0,
      per_second: 0,
      seconds_left: null,
      calls: 0,
    };
    expect(share(start)).toBeNull();
    expect(progressFacts(start)).toEqual([]);
    expect(phaseWords(start)).toBe("Waiting for your consent in the browser");
  });
});

describe("codeWords", () => {
  it("knows the table and survives what it does not know", () => {
    expect(codeWords("unreachable")).toBe("HubSpot was unreachable");
    expect(codeWords("reconnect")).toBe("HubSpot refused the token");
    expect(codeWords("toString")).toBe("toString");
  });
});

describe("inReadingOrder", () => {
  it("puts what the portal is before its records and their links", () => {
    const streams = ["associations/deals/contacts", "records/deals", "owners", "records/calls"];
    const ordered = inReadingOrder(streams.map((stream) => ({ stream })));
    expect(ordered.map(({ stream }) => stream)).toEqual([
      "owners",
      "records/calls",
      "records/deals",
      "associations/deals/contacts",
    ]);
  });
});
