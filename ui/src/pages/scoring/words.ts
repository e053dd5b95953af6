import type { RecordScore, Evidence, ScoreCard, ScoreReason } from "$lib/bindings";
import { decimal } from "$lib/format";

/** What a rate of so many deals is worth. */
export function evidenceOf(n: number): Evidence {
  if (n < 5) return { state: "none", needs: 20 - n };
  return { state: n < 20 ? "weak" : "sound" };
}

/** `+ Industry: Software`, so that colour alone never tells which way a reason goes. */
export function reasonWords(reason: ScoreReason): string {
  return `${reason.log_odds > 0 ? "+" : "−"} ${reason.column}: ${reason.value}`;
}

/** The strongest reasons in a line. */
export function reasonsWords(score: RecordScore): string {
  return score.reasons.map(reasonWords).join("; ");
}

/** A change of the log-odds with its sign. */
export function signed(value: number): string {
  return `${value < 0 ? "−" : "+"}${decimal(Math.abs(value), 2)}`;
}

/** `0.78 (0.72–0.83)`. */
export function between(
  found: { value: number; low: number; high: number } | null,
  digits: number,
): string {
  if (found === null) return "none";
  const [value, low, high] = [found.value, found.low, found.high].map((of) => decimal(of, digits));
  return `${value} (${low}–${high})`;
}

/** What stands between the portal and a score; empty where there is one. */
export function refusals(card: ScoreCard): string[] {
  return card.model.refusals.map((refusal) => refusal.sentence);
}

/** How far a reason's bar reaches, as a share of half the picture. */
export function reach(reason: ScoreReason, all: readonly ScoreReason[]): number {
  const most = Math.max(...all.map((of) => Math.abs(of.log_odds)), 1e-9);
  return Math.abs(reason.log_odds) / most;
}
