import type { Evidence, Figure, Rate } from "../bindings";
import { counted, moneyRange, moneyShort, odds, percentWithRange } from "../format";

/** A figure's parts as text: the same on a card, in a sentence for a screen reader, in an export. */
export interface FigureWords {
  /** None when the evidence does not carry a number. */
  readonly value: string | null;
  /** `4 in 5: 1.10–1.60 M EUR`; none where the value counts facts. */
  readonly interval: string | null;
  readonly deals: string | null;
  /** What the evidence is worth, where that needs saying. */
  readonly evidence: string | null;
}

export function figureWords(figure: Figure): FigureWords {
  const { value, low, high, level, n } = figure;
  const none = value === null || figure.evidence.state === "none";
  return {
    value: none ? null : moneyShort(value),
    interval:
      none || low === null || high === null
        ? null
        : `${level === null ? "" : `${odds(level)}: `}${moneyRange(low, high)}`,
    // Weak evidence names the count itself.
    deals: figure.evidence.state === "weak" ? null : counted(n, "deal"),
    evidence: evidenceWords(figure.evidence, n, figure.needs),
  };
}

/** `weak: 12 deals`, `Needs about 18 more closed deals`, or nothing where the evidence is sound. */
export function evidenceWords(evidence: Evidence, n: number, needs: string | null): string | null {
  switch (evidence.state) {
    case "sound":
      return null;
    case "weak":
      return `weak: ${counted(n, "deal")}`;
    case "none":
      return needs ?? `Needs about ${counted(evidence.needs, "more closed deal")}`;
  }
}

/** `31 % (24–38) of 160 deals`, or what is missing. */
export function rateWords(rate: Rate | null, evidence: Evidence): string {
  if (rate === null || evidence.state === "none") {
    return evidenceWords(evidence, 0, null) ?? "No rate";
  }
  const text = `${percentWithRange(rate.value, rate.low, rate.high)} of ${counted(rate.n, "deal")}`;
  return evidence.state === "weak" ? `${text}, weak` : text;
}
