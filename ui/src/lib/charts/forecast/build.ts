import type { ForecastReport, MoneyValue } from "../../bindings";
import {
  amountOf,
  amountShort,
  axisAmount,
  counted,
  day,
  dayIn,
  dayShort,
  daysBetween,
  moneyShort,
  plusDays,
} from "../../format";
import { linear, niceStep, spreadApart, ticks } from "../scale";

/** The parts of a report that the picture shows. */
export type FanData = Pick<
  ForecastReport,
  "as_of" | "time_zone" | "home_currency" | "period" | "pace" | "spread" | "hubspot" | "closed"
> & { total: ForecastReport["total"] };

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** A point that the keyboard stops at. */
export interface Stop {
  readonly x: number;
  readonly y: number;
  /** What is said of it. */
  readonly sentence: string;
}

export interface Label {
  readonly kind: "p90" | "p50" | "p10" | "hubspot";
  readonly text: string;
  /** Where the value is. */
  readonly at: number;
  /** Where the words stand, so that they do not cover each other. */
  readonly y: number;
}

/** Where a text stands. */
export interface Place {
  readonly x: number;
  readonly y: number;
  readonly anchor: "start" | "middle" | "end";
}

export interface Fan {
  readonly plot: { left: number; right: number; top: number; bottom: number };
  readonly days: readonly { x: number; text: string; anchor: "start" | "middle" | "end" }[];
  readonly amounts: readonly { y: number; text: string; zero: boolean }[];
  /** Won so far, a step a day. */
  readonly closed: string;
  readonly closedEnd: { x: number; y: number; text: string; label: Place } | null;
  /** From now to the ends that eight periods in ten stay between. */
  readonly band: string | null;
  readonly median: string | null;
  readonly whisker: { x: number; p10: number; p50: number; p90: number } | null;
  /** HubSpot's own number at the period's end. */
  readonly hubspot: { x: number; y: number } | null;
  readonly now: { x: number; text: string } | null;
  readonly labels: readonly Label[];
  readonly stops: readonly Stop[];
  /** The whole picture in words. */
  readonly summary: string;
}

const MARGIN = { top: 12, bottom: 28, left: 56 };
/** Room for the words at the right end. */
const LABELS = 178;
const LABELS_NARROW = 112;
const NARROW = 520;
const LABEL_HEIGHT = 17;
const TICK_ROOM = 44;

/** Days on the axis: the first of each month in a quarter, Mondays in a shorter period. */
function dayTicks(first: string, last: string): string[] {
  const length = daysBetween(first, last) + 1;
  const all = Array.from({ length }, (_, index) => plusDays(first, index));
  const isMonday = (value: string) => new Date(`${value}T00:00:00Z`).getUTCDay() === 1;
  if (length > 45) {
    const firsts = all.filter((value) => value.endsWith("-01"));
    const every = Math.ceil(firsts.length / 6);
    return firsts.filter((_, index) => index % every === 0);
  }
  return length > 9 ? all.filter(isMonday) : all;
}

/** The axis of days: its ticks, and the last day at its end where it has room. */
function days(first: string, last: string, x: (days: number) => number): Fan["days"] {
  const start = x(0);
  const end = x(daysBetween(first, last) + 1);
  const marks = dayTicks(first, last).map((value) => ({
    x: x(daysBetween(first, value)),
    text: dayShort(value),
    anchor: value === first ? ("start" as const) : ("middle" as const),
  }));
  const shown = marks.filter((mark) => mark.x === start || mark.x - start > TICK_ROOM);
  const room = shown.every((mark) => end - mark.x > TICK_ROOM * 1.5);
  return room ? [...shown, { x: end, text: dayShort(last), anchor: "end" as const }] : shown;
}

/** What is won never goes down, so the words stand free above the line's end, to its left. Early in
 * a period there is no room there: then below it, or above it at the very bottom. */
function closedLabel(x: number, y: number, plot: Fan["plot"]): Place {
  if (x - plot.left > 124) return { x: x - 8, y: y - 9, anchor: "end" };
  return { x: x + 9, y: y > plot.bottom - 24 ? y - 9 : y + 17, anchor: "start" };
}

/** The picture of a report, in places and words; the view only draws it. */
export function buildFan(data: FanData, size: Size): Fan {
  const { period, pace, spread } = data;
  const narrow = size.width < NARROW;
  const plot = {
    left: MARGIN.left,
    right: Math.max(MARGIN.left + 80, size.width - (narrow ? LABELS_NARROW : LABELS)),
    top: MARGIN.top,
    bottom: size.height - MARGIN.bottom,
  };
  const length = daysBetween(period.first_day, period.last_day) + 1;
  // A day's value is that at its end, so the first day begins one step before it.
  const x = linear([0, length], [plot.left, plot.right]);
  const xOfDayEnd = (value: string) => x(daysBetween(period.first_day, value) + 1);

  const hubspotValue = data.hubspot.value;
  const amounts = [
    0,
    ...pace.closed.map((point) => amountOf(point.won)),
    ...(spread === null ? [] : [amountOf(spread.p10), amountOf(spread.p90)]),
    ...(hubspotValue === null ? [] : [amountOf(hubspotValue)]),
  ];
  const marks = ticks(Math.min(...amounts), Math.max(...amounts), 4);
  const [lowest, highest] = [marks[0] ?? 0, marks.at(-1) ?? 1];
  const y = linear([lowest, highest], [plot.bottom, plot.top]);
  const yOf = (money: MoneyValue) => y(amountOf(money));
  const step = niceStep(highest - lowest, marks.length - 1);

  const path = (points: readonly (readonly [number, number])[]) =>
    points.map(([px, py], index) => `${index === 0 ? "M" : "L"}${round(px)},${round(py)}`).join("");

  // Steps, not slopes: between two wins nothing was won.
  const steps: [number, number][] = [[x(0), y(0)]];
  let level = y(0);
  for (const point of pace.closed) {
    const to = yOf(point.won);
    const at = xOfDayEnd(point.day);
    steps.push([at, level], [at, to]);
    level = to;
  }
  const lastPoint = pace.closed.at(-1);
  const nowX = lastPoint === undefined ? x(0) : xOfDayEnd(lastPoint.day);
  const over = nowX >= plot.right - 0.5;
  const band =
    spread === null || over
      ? null
      : `${path([
          [nowX, level],
          [plot.right, yOf(spread.p90)],
          [plot.right, yOf(spread.p10)],
        ])}Z`;

  // A narrow picture leaves out what its axis and its sentence say.
  const word = (money: MoneyValue, meaning: string) =>
    narrow ? amountShort(money) : `${moneyShort(money)} · ${meaning}`;
  const words: { kind: Label["kind"]; text: string; at: number }[] = [];
  if (spread !== null && !over) {
    words.push(
      { kind: "p90", text: word(spread.p90, "1 in 10 above"), at: yOf(spread.p90) },
      { kind: "p50", text: word(spread.p50, "middle"), at: yOf(spread.p50) },
      { kind: "p10", text: word(spread.p10, "1 in 10 below"), at: yOf(spread.p10) },
    );
  }
  if (hubspotValue !== null && !over) {
    const text = narrow
      ? `${amountShort(hubspotValue)} HubSpot`
      : `${moneyShort(hubspotValue)} · HubSpot`;
    words.push({ kind: "hubspot", text, at: yOf(hubspotValue) });
  }
  const places = spreadApart(
    words.map((word) => word.at),
    LABEL_HEIGHT,
    plot.top + 4,
    plot.bottom - 4,
  );

  const asOfDay = dayIn(data.as_of, data.time_zone);
  return {
    plot,
    days: days(period.first_day, period.last_day, x),
    amounts: marks.map((value) => ({
      y: y(value),
      text: axisAmount(value, step, Math.max(Math.abs(lowest), Math.abs(highest))),
      zero: value === 0,
    })),
    closed: path(steps),
    closedEnd:
      lastPoint === undefined
        ? null
        : {
            x: nowX,
            y: level,
            text: `${moneyShort(lastPoint.won)} closed`,
            label: closedLabel(nowX, level, plot),
          },
    band,
    median:
      spread === null || over
        ? null
        : path([
            [nowX, level],
            [plot.right, yOf(spread.p50)],
          ]),
    whisker:
      spread === null || over
        ? null
        : { x: plot.right, p10: yOf(spread.p10), p50: yOf(spread.p50), p90: yOf(spread.p90) },
    hubspot: hubspotValue === null || over ? null : { x: plot.right, y: yOf(hubspotValue) },
    now: over || lastPoint === undefined ? null : { x: nowX, text: dayShort(asOfDay) },
    labels: words.map((word, index) => ({ ...word, y: places[index] ?? word.at })),
    stops: stops(data, xOfDayEnd, yOf, plot.right, over),
    summary: summary(data),
  };
}

function stops(
  { pace, spread, hubspot, period }: FanData,
  xOfDayEnd: (value: string) => number,
  yOf: (money: MoneyValue) => number,
  right: number,
  over: boolean,
): Stop[] {
  const end = day(period.last_day);
  const found: Stop[] = pace.closed.map((point) => ({
    x: xOfDayEnd(point.day),
    y: yOf(point.won),
    sentence: `${day(point.day)}: ${moneyShort(point.won)} closed so far, ${counted(point.deals, "deal")}.`,
  }));
  if (over) return found;
  if (spread !== null) {
    const at = (money: MoneyValue, sentence: string) =>
      found.push({ x: right, y: yOf(money), sentence: `${end}: ${sentence}` });
    at(spread.p10, `1 period in 10 ends below ${moneyShort(spread.p10)}.`);
    at(spread.p50, `as likely above as below ${moneyShort(spread.p50)}.`);
    at(spread.p90, `1 period in 10 ends above ${moneyShort(spread.p90)}.`);
  }
  if (hubspot.value !== null) {
    found.push({
      x: right,
      y: yOf(hubspot.value),
      sentence: `${end}: HubSpot's own stage probabilities give ${moneyShort(hubspot.value)}.`,
    });
  }
  return found;
}

function summary({ pace, spread, period, hubspot }: FanData): string {
  const last = pace.closed.at(-1);
  const closed =
    last === undefined ? "Nothing closed yet" : `${moneyShort(last.won)} closed so far`;
  const end =
    spread === null
      ? "no likely end can be given"
      : `the end lies between ${moneyShort(spread.p10)} and ${moneyShort(spread.p90)} 4 times in 5`;
  const theirs =
    hubspot.value === null ? "" : ` HubSpot's own number is ${moneyShort(hubspot.value)}.`;
  return `${period.label}: ${closed}; ${end}.${theirs}`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

/** The table twin of the picture. */
export function fanRows({ pace, spread, hubspot, period }: FanData) {
  const rows = pace.closed.map((point) => ({
    day: point.day,
    what: "Closed so far",
    amount: point.won,
    deals: point.deals as number | null,
  }));
  const end = (what: string, amount: MoneyValue) =>
    rows.push({ day: period.last_day, what, amount, deals: null });
  if (spread !== null) {
    end("1 in 10 ends below", spread.p10);
    end("As likely above as below", spread.p50);
    end("1 in 10 ends above", spread.p90);
  }
  if (hubspot.value !== null) end("HubSpot's own number", hubspot.value);
  return rows;
}
