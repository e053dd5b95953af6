import type { ActivityRow, Effect, Evidence, Measure, Rung } from "$lib/bindings";
import { counted, decimal } from "$lib/format";

/** A change of a chance in points: `+3.1`. */
export function points(share: number): string {
  const text = decimal(100 * share, 1);
  return share > 0 && text !== "0.0" ? `+${text}` : text;
}

/** `+3.1 (1.2 to 5.0)` */
export function effectWords(effect: Effect): string {
  return `${points(effect.value)} (${points(effect.low)} to ${points(effect.high)})`;
}

/** What stands where there is no number. */
export function missing(evidence: Evidence): string {
  return evidence.state === "none"
    ? `Needs about ${counted(evidence.needs, "more win")} on each side`
    : "Could not be computed";
}

/** A rung in a sentence, as it is spoken. */
export function rungWords(row: ActivityRow, rung: Rung): string {
  const found =
    rung.effect === null ? missing(rung.evidence) : `${effectWords(rung.effect)} points`;
  const weak = rung.evidence.state === "weak" ? ", weak" : "";
  return `${row.label}, ${rung.label}: ${found}, ${counted(rung.n, "deal")}${weak}`;
}

/** The names of kinds of activity, where only their codes are at hand. */
export function lacksWords(lacks: readonly Measure[], rows: readonly ActivityRow[]): string {
  const label = (measure: Measure) => rows.find((row) => row.measure === measure)?.label ?? measure;
  return lacks.length === 0 ? "nothing that most others had" : lacks.map(label).join(", ");
}

/** The ends of one axis for all rungs: zero is on it, and no interval is wider than the picture. */
export function axis(rows: readonly ActivityRow[]): [number, number] {
  const effects = rows.flatMap((row) => row.rungs.flatMap(({ effect }) => effect ?? []));
  const low = Math.min(0, ...effects.map((effect) => effect.low));
  const high = Math.max(0, ...effects.map((effect) => effect.high));
  return [Math.max(-1, Math.min(low, -0.05)), Math.min(1, Math.max(high, 0.05))];
}
