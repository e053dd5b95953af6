import { describe, expect, it } from "vitest";
import { START, isPeriod, parseRoute, routeHash, type Route } from "./route";

describe("parseRoute", () => {
  it("starts at the forecast", () => {
    expect(parseRoute("")).toEqual(START);
    expect(parseRoute("#/nowhere")).toEqual(START);
  });

  it("brings back what routeHash wrote", () => {
    const route: Route = {
      page: "writebacks",
      portal: "4711",
      asOf: "2026-08-03",
      since: "2026-07-27",
      period: "2026-10-01..2026-12-31",
      pipeline: "default",
      whose: "team:7",
      scored: "contacts",
      deal: "99",
      plan: 3,
    };
    expect(parseRoute(routeHash(route))).toEqual(route);
  });

  it.each([
    ["#/forecast?asof=2026-02-30", { asOf: null }],
    ["#/forecast?asof=<script>", { asOf: null }],
    ["#/forecast?portal=a/../b", { portal: null }],
    ["#/forecast?whose=owner:x", { whose: null }],
    ["#/forecast?period=2026-12-31..2026-10-01", { period: "this_quarter" }],
    ["#/scoring?scored=companies", { scored: "deals" }],
    ["#/writebacks?plan=-1", { plan: null }],
    ["#/writebacks?plan=x", { plan: null }],
  ])("leaves out what makes no sense: %s", (hash, expected) => {
    expect(parseRoute(hash)).toMatchObject(expected);
  });
});

describe("isPeriod", () => {
  it.each([
    ["this_month", true],
    ["2026-10-01..2026-10-01", true],
    ["2026-10-01", false],
    ["a..b", false],
    ["2026-01-01..2026-01-02..2026-01-03", false],
  ])("%s: %s", (text, expected) => expect(isPeriod(text)).toBe(expected));
});
