import { describe, expect, it } from "vitest";
import type { Figure, Rate } from "../bindings";
import { figureWords, rateWords } from "./words";

const plain = (text: string | null) => text?.replace(/[\u00a0\u202f]/g, " ") ?? null;
const eur = (amount: string) => ({ amount, currency: "EUR" });

const sound: Figure = {
  id: "forecast.total",
  label: "Likely total",
  definition: "d",
  method: "m",
  value: eur("1350000.00"),
  low: eur("1100000.00"),
  high: eur("1600000.00"),
  level: 0.8,
  n: 160,
  evidence: { state: "sound" },
  needs: null,
  as_of: "2026-11-21T08:00:00.000Z",
  seed: "7",
  query: { name: "q", parameters: [] },
};

describe("figureWords", () => {
  it("says value, interval and count", () => {
    const words = figureWords(sound);
    expect(plain(words.value)).toBe("1.35 M EUR");
    expect(plain(words.interval)).toBe("4 in 5: 1.10–1.60 M EUR");
    expect(plain(words.deals)).toBe("160 deals");
    expect(words.evidence).toBeNull();
  });

  it("marks weak evidence", () => {
    const words = figureWords({ ...sound, n: 12, evidence: { state: "weak" } });
    expect(plain(words.evidence)).toBe("weak: 12 deals");
    expect(words.deals).toBeNull();
    expect(words.value).not.toBeNull();
  });

  it("shows no number where there is no evidence, even if one came along", () => {
    const words = figureWords({ ...sound, evidence: { state: "none", needs: 18 } });
    expect(words.value).toBeNull();
    expect(words.interval).toBeNull();
    expect(plain(words.evidence)).toBe("Needs about 18 more closed deals");
  });
});

describe("rateWords", () => {
  const rate: Rate = { value: 0.31, low: 0.24, high: 0.38, level: 0.95, n: 160, n_effective: 140 };
  it("is never naked", () => {
    expect(plain(rateWords(rate, { state: "sound" }))).toBe("31 % (24–38) of 160 deals");
    expect(plain(rateWords({ ...rate, n: 12 }, { state: "weak" }))).toBe(
      "31 % (24–38) of 12 deals, weak",
    );
    expect(plain(rateWords(rate, { state: "none", needs: 1 }))).toBe(
      "Needs about 1 more closed deal",
    );
  });
});
