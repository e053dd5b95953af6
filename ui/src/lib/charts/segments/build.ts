import type { IcpSegment } from "../../bindings";
import { linear, ticks } from "../scale";

/** A segment's rate on the axis. */
export interface Mark {
  readonly key: string;
  readonly y: number;
  readonly low: number;
  readonly at: number;
  readonly high: number;
  /** Grows with the root of the deals, so that the dot's area is what is compared. */
  readonly radius: number;
  readonly weak: boolean;
  readonly found: boolean;
}

export interface SegmentPicture {
  readonly height: number;
  readonly left: number;
  readonly right: number;
  readonly marks: readonly Mark[];
  /** The rate of all deals; none where there is too little evidence for it. */
  readonly average: number | null;
  readonly ticks: readonly { x: number; share: number }[];
}

const ROW = 26;
const TOP = 10;
const AXIS = 26;
const EDGE = 14;
const RADIUS = { least: 3, most: 9 };

/** Dots and whiskers, one a row; a segment without a number has no row. */
export function picture(
  all: IcpSegment,
  segments: readonly IcpSegment[],
  key: (segment: IcpSegment) => string,
  width: number,
  labels: number,
): SegmentPicture {
  const known = segments.flatMap((segment) =>
    segment.win_rate === null ? [] : [{ segment, rate: segment.win_rate }],
  );
  const highest = Math.max(0.1, ...known.map(({ rate }) => rate.high), all.win_rate?.high ?? 0);
  const shares = ticks(0, Math.min(1, highest), width < 480 ? 3 : 5);
  const end = Math.min(1, Math.max(...shares));
  const [left, right] = [labels, Math.max(labels + 1, width - EDGE)];
  const x = linear([0, end], [left, right]);
  const most = Math.max(1, ...known.map(({ segment }) => segment.n));
  return {
    height: TOP + known.length * ROW + AXIS,
    left,
    right,
    marks: known.map(({ segment, rate }, row) => ({
      key: key(segment),
      y: TOP + (row + 0.5) * ROW,
      low: x(rate.low),
      at: x(rate.value),
      high: x(Math.min(rate.high, end)),
      radius: Math.max(RADIUS.least, RADIUS.most * Math.sqrt(segment.n / most)),
      weak: segment.evidence.state !== "sound",
      found: segment.lift.found,
    })),
    average: all.win_rate === null ? null : x(all.win_rate.value),
    ticks: shares.filter((share) => share <= end).map((share) => ({ x: x(share), share })),
  };
}
