import { fireEvent, render, screen, waitFor } from "@testing-library/svelte";
import { beforeEach, describe, expect, it, vi } from "vitest";
import App from "../../App.svelte";
import { mockBackend } from "$lib/backend/mock";
import type { IcpView } from "$lib/bindings";
import { sampleDeclared, sampleIcp } from "$lib/testing/icp";
import {
  choices,
  countWords,
  inForce,
  matching,
  meaning,
  sentence,
  type Values,
} from "./declaring";

const sample = sampleIcp("1", 90);

/** The sample with the deals of some values set by hand. */
function withDeals(deals: Record<string, string[]>): IcpView {
  const segments = sample.report.segments.map((segment) => {
    const [part] = segment.parts;
    const of = part?.value === null ? undefined : deals[part?.value ?? ""];
    return segment.parts.length === 1 && of !== undefined ? { ...segment, deals: of } : segment;
  });
  return { ...sample, report: { ...sample.report, segments } };
}

describe("declaring customers", () => {
  it("offers values that deals have, the most frequent first, and those declared before", () => {
    const offered = choices(sample, { industry: ["TEXTILES"] });
    expect(offered.map(({ label }) => label)).toEqual([
      "Industry",
      "Employees",
      "Country",
      "Source",
    ]);
    expect(offered[0]?.values).toEqual([
      { value: "CHEMICALS", label: "Chemicals", n: 118 },
      { value: "MACHINERY", label: "Machinery", n: 78 },
      { value: "TEXTILES", label: "TEXTILES", n: 0 },
    ]);
  });

  it("offers sizes in their order", () => {
    const sizes = choices(sample, {}).find(({ dimension }) => dimension === "size");
    expect(sizes?.values.map(({ value }) => value)).toEqual(["11-50", "51-200"]);
  });

  it("never offers what nobody can mean", () => {
    const [first] = sample.report.segments;
    if (first === undefined) throw new Error("the sample has segments");
    const rest = { ...first, parts: [{ dimension: "industry", value: "(other values)" }] };
    const view = { ...sample, report: { ...sample.report, segments: [rest] } };
    expect(choices(view, {})).toEqual([]);
  });

  function check(values: Values, said: string, n: number) {
    const view = withDeals({
      MACHINERY: ["1", "2", "3"],
      CHEMICALS: ["4", "5"],
      REFERRALS: ["2", "5", "6"],
    });
    expect(sentence(view.names, values)).toBe(said);
    expect(matching(view, values)).toBe(n);
  }
  it("is any value of a box, and all boxes", () => {
    check({}, "", 0);
    check({ industry: [] }, "", 0);
    check({ industry: ["MACHINERY"] }, "Industry is Machinery", 3);
    check({ industry: ["MACHINERY", "CHEMICALS"] }, "Industry is Machinery or Chemicals", 5);
    check(
      { industry: ["MACHINERY", "CHEMICALS"], source: ["REFERRALS"] },
      "Industry is Machinery or Chemicals, and Source is Referrals",
      2,
    );
    check({ industry: ["TEXTILES"] }, "Industry is TEXTILES", 0);
  });

  it("says how many before it is kept, and never how often they win", () => {
    expect(countWords(sample, {})).toBe("");
    const told = countWords(sample, { industry: ["MACHINERY"] });
    expect(told.replace(/\s/g, " ")).toBe(
      "78 of 640 deals created since 21 Nov 2024 are of such customers (12 %).",
    );
    expect(countWords(sample, { source: ["PAID_SEARCH"] })).toContain("needs at least 20");
  });

  it("is in force until it is taken back", () => {
    const [one] = sampleDeclared();
    if (one === undefined) throw new Error("the sample has one");
    expect(inForce([])).toBeNull();
    expect(inForce([one])).toBe(one);
    expect(inForce([{ ...one, version: 2, declared: {} }, one])).toBeNull();
  });

  it("says what a verdict rests on", () => {
    const check = sample.report.declared?.check;
    if (check === undefined) throw new Error("the sample is checked");
    expect(meaning(check, false)).toContain("above 1.2 times");
    expect(meaning({ ...check, verdict: "contradicted" }, false)).toContain("below the others");
    const open = { ...check, verdict: "not_distinguishable" as const };
    expect(meaning(open, false)).toContain("leaves both open");
    expect(meaning({ ...open, lift: null }, false)).toContain("too few");
    expect(meaning(check, true)).toContain("cannot bear it out");
  });
});

describe("the page of customers", () => {
  beforeEach(() => {
    // The test browser lays nothing out.
    Element.prototype.scrollIntoView = () => undefined;
  });

  function open() {
    window.location.hash = "#/icp";
    const backend = mockBackend({ delay: 0 });
    const call = vi.spyOn(backend, "call");
    render(App, { props: { backend } });
    const kept = () =>
      call.mock.calls.filter(([name]) => name === "icp_declare").map(([, args]) => args);
    return { kept };
  }
  const button = (name: string | RegExp) => screen.findByRole("button", { name });

  it("shows the verdict with its numbers, changes what is declared, and goes back", async () => {
    const { kept } = open();
    await screen.findByRole("heading", { name: /^Machine makers/ });
    expect(screen.getByText("validated")).toBeTruthy();
    expect(screen.getByRole("region", { name: /^Machine makers/ }).textContent).toMatch(
      /Such customers\s+44\s%\s+\(29.59\) of 41/,
    );

    await fireEvent.click(await button("Change it"));
    const form = screen.getByRole("form", { name: "Change the declared ICP" });
    expect(form.textContent).toMatch(/78 of 640\sdeals/);
    await fireEvent.click(screen.getByRole("checkbox", { name: /Chemicals/ }));
    expect(form.textContent).toContain("Industry is Machinery or Chemicals");
    await fireEvent.click(await button("Save as version 2"));
    await screen.findByText("The ICP is changed. Every version is kept.");
    await screen.findByText("not checked yet");
    const portal = "4711001";
    expect(kept()).toEqual([
      {
        portal,
        name: "Machine makers",
        declared: { industry: ["MACHINERY", "CHEMICALS"] },
        seen_until: "2026-11-21",
      },
    ]);

    await fireEvent.click(await button("Undo"));
    await screen.findByText("validated");
    expect(kept()[1]).toEqual({
      portal,
      name: "Machine makers",
      declared: { industry: ["MACHINERY"] },
      seen_until: null,
    });
  });

  it("takes back what is declared, and declares it anew", async () => {
    const { kept } = open();
    await fireEvent.click(await button("Take it back"));
    await screen.findByText("The ICP is taken back. Every version is kept.");
    const declare = await button("Declare an ICP");
    expect(kept()[0]).toMatchObject({ declared: {}, seen_until: null });

    await fireEvent.click(declare);
    const save = await button("Declare this ICP");
    expect(save.getAttribute("aria-disabled")).toBe("true");
    await fireEvent.click(screen.getByRole("checkbox", { name: /Germany/ }));
    await fireEvent.click(screen.getByRole("radio", { name: /What we believed/ }));
    await fireEvent.click(save);
    await waitFor(() =>
      expect(kept()[1]).toMatchObject({ declared: { country: ["Germany"] }, seen_until: null }),
    );
  });

  it("declares nothing in the past", async () => {
    window.location.hash = "#/icp?asof=2026-08-03";
    render(App, { props: { backend: mockBackend({ delay: 0 }) } });
    await screen.findByText("An ICP is declared now, not in the past.");
    expect(screen.queryByRole("button", { name: "Change it" })).toBeNull();
  });
});
