/** Between a number and its unit: does not break, and is narrower than a word space. */
export const NARROW = "\u202f";
export const NO_BREAK = "\u00a0";
/** Between the ends of a range. */
export const DASH = "\u2013";
const MINUS = "\u2212";

const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });

/** `-0` is no number that a person writes. */
function unsigned(value: number): number {
  return Object.is(value, -0) ? 0 : value;
}

function withMinus(text: string): string {
  return text.replace("-", MINUS);
}

/** `12,480` */
export function count(value: number): string {
  return withMinus(whole.format(unsigned(Math.round(value))));
}

/** `1 deal`, `12,480 deals` */
export function counted(value: number, one: string, many = `${one}s`): string {
  return `${count(value)}${NO_BREAK}${Math.round(value) === 1 ? one : many}`;
}

/** `4.2`, with a fixed number of digits after the point. */
export function decimal(value: number, digits: number): string {
  return withMinus(
    new Intl.NumberFormat("en", {
      minimumFractionDigits: digits,
      maximumFractionDigits: digits,
    }).format(unsigned(value)),
  );
}

/** A share as whole percent, without the sign: what stands inside an interval. Never rounds a small
 * share to none, nor a large one to all. */
function percentDigits(share: number): string {
  if (share > 0 && share < 0.005) return "<1";
  if (share < 1 && share > 0.995) return ">99";
  return withMinus(String(unsigned(Math.round(share * 100))));
}

/** `31 %` */
export function percent(share: number): string {
  return `${percentDigits(share)}${NARROW}%`;
}

/** `24–38`, in percent */
export function percentRange(low: number, high: number): string {
  return `${percentDigits(low)}${DASH}${percentDigits(high)}`;
}

/** `31 % (24–38)` */
export function percentWithRange(value: number, low: number, high: number): string {
  return `${percent(value)} (${percentRange(low, high)})`;
}

/** How often an interval holds, in words that need no statistics: `4 in 5`. */
export function odds(level: number): string {
  for (const of of [2, 3, 4, 5, 10, 20, 100]) {
    const part = level * of;
    if (Math.abs(part - Math.round(part)) < 1e-9) return `${Math.round(part)} in ${of}`;
  }
  return percent(level);
}

/** `85 rows a second` */
export function ratePerSecond(value: number, many: string): string {
  const digits = value < 10 ? 1 : 0;
  return `${withMinus(
    new Intl.NumberFormat("en", { maximumFractionDigits: digits }).format(unsigned(value)),
  )}${NO_BREAK}${many} a second`;
}
