import { describe, expect, it } from "vitest";
import * as f from ".";

/** Narrow and no-break spaces read as plain ones, so that an expectation can be read. */
const plain = (text: string) => text.replace(/[\u00a0\u202f]/g, " ");
const eur = (amount: string) => ({ amount, currency: "EUR" });

function check<A extends unknown[]>(
  name: string,
  run: (...args: A) => string,
  cases: [A, string][],
) {
  describe(name, () => {
    it.each(cases)("%j is %s", (args, expected) => {
      expect(plain(run(...args))).toBe(expected);
    });
  });
}

check("count", f.count, [
  [[0], "0"],
  [[-0], "0"],
  [[12480], "12,480"],
  [[-3.6], "−4"],
]);

check("counted", f.counted, [
  [[1, "deal"], "1 deal"],
  [[0, "deal"], "0 deals"],
  [[2500, "company", "companies"], "2,500 companies"],
]);

check("percent", f.percent, [
  [[0], "0 %"],
  [[0.001], "<1 %"],
  [[0.305], "31 %"],
  [[0.999], ">99 %"],
  [[1], "100 %"],
]);

check("percentWithRange", f.percentWithRange, [
  [[0.31, 0.24, 0.38], "31 % (24–38)"],
  [[0.02, 0.001, 0.06], "2 % (<1–6)"],
]);

check("odds", f.odds, [
  [[0.8], "4 in 5"],
  [[0.95], "19 in 20"],
  [[0.5], "1 in 2"],
  [[0.683], "68 %"],
]);

check("moneyShort", f.moneyShort, [
  [[eur("0.00")], "0 EUR"],
  [[eur("312.40")], "312 EUR"],
  [[eur("9940")], "9,940 EUR"],
  [[eur("9999.9")], "10.0 k EUR"],
  [[eur("84000")], "84.0 k EUR"],
  [[eur("999499")], "999 k EUR"],
  [[eur("999999")], "1.00 M EUR"],
  [[eur("1243000.25")], "1.24 M EUR"],
  [[eur("-1243000")], "−1.24 M EUR"],
  [[eur("3100000000")], "3.10 bn EUR"],
]);

check("moneyRange", f.moneyRange, [
  [[eur("980000"), eur("1600000")], "0.98–1.60 M EUR"],
  [[eur("100"), eur("900")], "100–900 EUR"],
]);

check("moneyBetween", f.moneyBetween, [[[eur("1100000"), eur("1600000")], "1.10 and 1.60 M EUR"]]);

check("moneySigned", f.moneySigned, [
  [[eur("84000")], "+84.0 k EUR"],
  [[eur("-84000")], "−84.0 k EUR"],
  [[eur("0")], "0 EUR"],
]);

check("moneyExact", f.moneyExact, [[[eur("1240500.25")], "1,240,500.25 EUR"]]);
check("moneyWhole", f.moneyWhole, [[[eur("1240500.75")], "1,240,501 EUR"]]);

check("axisAmount", f.axisAmount, [
  [[0, 500_000, 2_000_000], "0"],
  [[500_000, 500_000, 2_000_000], "0.5 M"],
  [[2_000_000, 1_000_000, 4_000_000], "2 M"],
  [[250_000, 250_000, 1_000_000], "0.25 M"],
  [[200, 100, 800], "200"],
]);

check("day", f.day, [
  [["2026-08-03"], "3 Aug 2026"],
  [["nonsense"], "nonsense"],
]);
check("dayWithWeekday", f.dayWithWeekday, [[["2026-08-03"], "Mon 3 Aug 2026"]]);
check("month", f.month, [[["2026-12-01"], "Dec 2026"]]);

check("moment", f.moment, [
  [["2026-08-03T12:05:00.000Z", "Europe/Berlin"], "3 Aug 2026, 14:05"],
  [["2026-12-31T23:30:00Z", "Europe/Berlin"], "1 Jan 2027, 00:30"],
  [["2026-12-31T23:30:00Z", "No/Where"], "31 Dec 2026, 23:30"],
]);

check("dayIn", f.dayIn, [
  [["2026-12-31T23:30:00Z", "Europe/Berlin"], "2027-01-01"],
  [["2026-12-31T23:30:00Z", "America/New_York"], "2026-12-31"],
]);

check("plusDays", f.plusDays, [
  [["2026-02-28", 1], "2026-03-01"],
  [["2026-03-01", -1], "2026-02-28"],
]);

check("duration", f.duration, [
  [[0.2], "0 s"],
  [[59], "59 s"],
  [[125], "2 min 5 s"],
  [[120], "2 min"],
  [[4800], "1 h 20 min"],
  [[3 * 86_400], "3 days"],
]);

check("timeLeft", f.timeLeft, [
  [[2], "a few seconds left"],
  [[31], "about 35 s left"],
  [[170], "about 3 min left"],
  [[5000], "about 1 h 20 min left"],
]);

check("ago", f.ago, [
  [["2026-11-21T08:00:00Z", Date.parse("2026-11-21T08:00:30Z")], "just now"],
  [["2026-11-21T08:00:00Z", Date.parse("2026-11-21T08:04:30Z")], "4 min ago"],
  [["2026-11-18T08:00:00Z", Date.parse("2026-11-21T08:04:30Z")], "3 days ago"],
]);

describe("isDay", () => {
  it.each([
    ["2026-08-03", true],
    ["2026-02-30", false],
    ["2026-8-3", false],
    ["", false],
  ])("%s: %s", (text, expected) => {
    expect(f.isDay(text)).toBe(expected);
  });
});

describe("quarterMonths", () => {
  it.each([
    [1, "January, April, July, October"],
    [2, "February, May, August, November"],
    [12, "December, March, June, September"],
  ])("from %i: %s", (first, expected) => {
    expect(f.quarterMonths(first).join(", ")).toBe(expected);
  });
});
