import type { Evidence, Rate } from "../../bindings";
import { linear } from "../scale";

export interface Whisker {
  readonly left: number;
  readonly right: number;
  /** None where there is no evidence: nothing is drawn as if it were known. */
  readonly line: { from: number; at: number; to: number } | null;
  readonly other: number | null;
}

/** Room for a mark that stands at an end. */
const EDGE = 6;

/** A rate and its interval on a line from 0 to 100 %. */
export function whisker(
  rate: Rate | null,
  evidence: Evidence,
  other: number | null,
  width: number,
): Whisker {
  const [left, right] = [EDGE, Math.max(EDGE, width - EDGE)];
  const x = linear([0, 1], [left, right]);
  const known = rate !== null && evidence.state !== "none";
  return {
    left,
    right,
    line: known ? { from: x(rate.low), at: x(rate.value), to: x(rate.high) } : null,
    other: other === null ? null : x(other),
  };
}
