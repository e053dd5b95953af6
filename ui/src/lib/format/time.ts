import { NO_BREAK, count } from "./number";

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const WEEKDAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];

/** A day of a calendar without a time, as the wire spells it: `2026-08-03`. */
export type Day = string;

type Parts = { year: number; month: number; day: number; hour: number; minute: number };

/** What a clock in this zone shows at this instant. An unknown zone counts as UTC. */
function partsIn(at: Date, zone: string): Parts {
  const options: Intl.DateTimeFormatOptions = {
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    hourCycle: "h23",
  };
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat("en", { ...options, timeZone: zone });
  } catch {
    format = new Intl.DateTimeFormat("en", { ...options, timeZone: "UTC" });
  }
  const found = new Map(format.formatToParts(at).map((part) => [part.type, Number(part.value)]));
  const get = (type: Intl.DateTimeFormatPartTypes) => found.get(type) ?? 0;
  return {
    year: get("year"),
    month: get("month"),
    day: get("day"),
    hour: get("hour"),
    minute: get("minute"),
  };
}

const two = (value: number) => String(value).padStart(2, "0");

/** `2026-08-03`: the day of an instant in a zone. */
export function dayIn(moment: string | number | Date, zone: string): Day {
  const { year, month, day } = partsIn(new Date(moment), zone);
  return `${year}-${two(month)}-${two(day)}`;
}

function utc(day: Day): Date {
  return new Date(`${day}T00:00:00Z`);
}

/** `3 Aug 2026`: the month is a word, so that nobody takes it for the day. */
export function day(value: Day): string {
  const at = utc(value);
  if (Number.isNaN(at.getTime())) return value;
  return `${at.getUTCDate()}${NO_BREAK}${MONTHS[at.getUTCMonth()]}${NO_BREAK}${at.getUTCFullYear()}`;
}

/** `Mon 3 Aug 2026` */
export function dayWithWeekday(value: Day): string {
  const at = utc(value);
  if (Number.isNaN(at.getTime())) return value;
  return `${WEEKDAYS[at.getUTCDay()]}${NO_BREAK}${day(value)}`;
}

/** `3 Aug`: where the year stands beside it, as on an axis. */
export function dayShort(value: Day): string {
  const at = utc(value);
  return `${at.getUTCDate()}${NO_BREAK}${MONTHS[at.getUTCMonth()]}`;
}

/** `Aug 2026` */
export function month(value: Day): string {
  const at = utc(value);
  return `${MONTHS[at.getUTCMonth()]}${NO_BREAK}${at.getUTCFullYear()}`;
}

/** `3 Aug 2026, 14:05` in the zone. */
export function moment(value: string, zone: string): string {
  const at = new Date(value);
  if (Number.isNaN(at.getTime())) return value;
  const parts = partsIn(at, zone);
  return `${day(dayIn(at, zone))}, ${two(parts.hour)}:${two(parts.minute)}`;
}

/** Whole days from one day to another; negative when `to` is earlier. */
export function daysBetween(from: Day, to: Day): number {
  return Math.round((utc(to).getTime() - utc(from).getTime()) / 86_400_000);
}

/** The day so many days later. */
export function plusDays(value: Day, days: number): Day {
  return new Date(utc(value).getTime() + days * 86_400_000).toISOString().slice(0, 10);
}

/** Whether a text is a real day of the calendar in the wire's spelling. */
export function isDay(text: string): boolean {
  return (
    /^\d{4}-\d{2}-\d{2}$/.test(text) &&
    !Number.isNaN(utc(text).getTime()) &&
    utc(text).toISOString().startsWith(text)
  );
}

/** `2 min 5 s`, `1 h 20 min`, `3 days`: two units at most. */
export function duration(seconds: number): string {
  const s = Math.max(0, Math.round(seconds));
  if (s < 60) return `${s}${NO_BREAK}s`;
  const minutes = Math.floor(s / 60);
  if (minutes < 60) {
    return s % 60 === 0
      ? `${minutes}${NO_BREAK}min`
      : `${minutes}${NO_BREAK}min ${s % 60}${NO_BREAK}s`;
  }
  const hours = Math.floor(minutes / 60);
  if (hours < 48) {
    return minutes % 60 === 0
      ? `${hours}${NO_BREAK}h`
      : `${hours}${NO_BREAK}h ${minutes % 60}${NO_BREAK}min`;
  }
  return `${count(Math.floor(hours / 24))}${NO_BREAK}days`;
}

/** What is left, no finer than it is known: `about 3 min left`. */
export function timeLeft(seconds: number): string {
  if (seconds < 5) return "a few seconds left";
  if (seconds < 55) return `about ${Math.ceil(seconds / 5) * 5}${NO_BREAK}s left`;
  if (seconds < 3300) return `about ${Math.round(seconds / 60)}${NO_BREAK}min left`;
  return `about ${duration(Math.round(seconds / 600) * 600)} left`;
}

/** `just now`, `4 min ago`, `3 days ago`. Only ever beside the absolute time. */
export function ago(value: string, now: number): string {
  const seconds = (now - new Date(value).getTime()) / 1000;
  if (seconds < 60) return "just now";
  if (seconds < 3600) return `${Math.floor(seconds / 60)}${NO_BREAK}min ago`;
  if (seconds < 48 * 3600) return `${Math.floor(seconds / 3600)}${NO_BREAK}h ago`;
  return `${count(Math.floor(seconds / 86_400))}${NO_BREAK}days ago`;
}

/** The months as people call them. */
export const MONTH_NAMES = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
] as const;

/** The months in which the quarters of a fiscal year begin, from its first month (1 to 12) on. */
export function quarterMonths(firstMonth: number): string[] {
  return [0, 3, 6, 9].map((later) => MONTH_NAMES[(firstMonth - 1 + later) % 12] ?? "");
}
