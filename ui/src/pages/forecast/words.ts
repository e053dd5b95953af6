import type { Basis, DealRow, DealStory, ForecastReport, PeriodChoice, Risk } from "$lib/bindings";
import {
  amountOf,
  counted,
  day,
  decimal,
  isDay,
  moment,
  moneyBetween,
  moneyShort,
  odds,
} from "$lib/format";

/** The period of the address as the program wants it. */
export function periodChoice(period: string): PeriodChoice {
  if (period === "this_quarter" || period === "next_quarter" || period === "this_month") {
    return { kind: period };
  }
  const [first = "", last = ""] = period.split("..");
  return { kind: "days", first, last };
}

export const PERIODS = [
  { value: "this_quarter", text: "This quarter" },
  { value: "next_quarter", text: "Next quarter" },
  { value: "this_month", text: "This month" },
] as const;

/** The finding: how the period will likely end. Made from the report and nothing else. */
export function finding(report: ForecastReport): string {
  const { period, total, closed, spread } = report;
  if (period.days_left === 0) {
    return closed.value === null
      ? `${period.label} is over.`
      : `${period.label} is over: ${moneyShort(closed.value)} was won, in ${counted(closed.n, "deal")}.`;
  }
  if (spread === null || total.value === null || total.evidence.state === "none") {
    return `How ${period.label} will end cannot be told yet. ${total.needs ?? "Too few deals have closed."}`;
  }
  const level = total.level === null ? "" : ` (${odds(total.level)})`;
  const likely = `${period.label} will likely end between ${moneyBetween(spread.p10, spread.p90)}${level}`;
  return total.evidence.state === "weak" ? `${likely}, on weak evidence.` : `${likely}.`;
}

/** What is behind the finding: closed so far, and HubSpot's own number. */
export function findingDetails(report: ForecastReport): string {
  const parts: string[] = [];
  const { closed, hubspot, total, period } = report;
  if (period.days_left > 0 && closed.value !== null) {
    parts.push(
      `${moneyShort(closed.value)} is closed, ${counted(period.days_left, "day")} are left.`,
    );
  }
  if (hubspot.value !== null && total.value !== null && period.days_left > 0) {
    const gap = amountOf(hubspot.value) - amountOf(total.value);
    const amount = { ...hubspot.value, amount: String(Math.abs(gap)) };
    if (Math.abs(gap) >= 0.5) {
      parts.push(`HubSpot's own number is ${moneyShort(amount)} ${gap > 0 ? "higher" : "lower"}.`);
    }
  }
  return parts.join(" ").replace("1\u00a0day are left", "1\u00a0day is left");
}

export function riskWords(risk: Risk): string {
  switch (risk.kind) {
    case "close_date_past":
      return `close date passed ${counted(risk.days, "day")} ago`;
    case "pushed":
      return risk.times === 1 ? "pushed once" : `pushed ${counted(risk.times, "time")}`;
    case "no_close_date":
      return "no close date";
    case "no_amount":
      return "no amount";
    case "negative_amount":
      return "amount below zero";
    case "no_exchange_rate":
      return "no exchange rate";
    case "no_owner":
      return "no owner";
  }
}

/** Where a probability comes from. */
export function basisWords(basis: Basis): string {
  switch (basis) {
    case "hazard":
      return "all deals, by what was known of each";
    case "stage":
      return "the stage's own deals";
    case "stage_and_pipeline":
      return "the stage's few deals, drawn toward its pipeline";
    case "pipeline":
      return "its pipeline: the stage has too few deals";
    case "portal":
      return "all pipelines: this one has too few deals";
    case "nothing":
      return "nothing yet: too few deals anywhere";
    case "period_over":
      return "nothing: the period is over";
  }
}

const SOURCES: ReadonlyMap<string, string> = new Map([
  ["CRM_UI", "by hand in HubSpot"],
  ["CRM_UI_BULK_ACTION", "by hand, for several at once"],
  ["MOBILE_IOS", "by hand on a phone"],
  ["MOBILE_ANDROID", "by hand on a phone"],
  ["API", "by the API"],
  ["INTEGRATION", "by an integration"],
  ["IMPORT", "by an import"],
  ["AUTOMATION_PLATFORM", "by a workflow"],
  ["WORKFLOWS", "by a workflow"],
  ["CALCULATED", "computed by HubSpot"],
  ["MERGE_OBJECTS", "by a merge"],
]);

/** What set a value. The set is open: what is not known here keeps HubSpot's name. */
export function sourceWords(source: string): string {
  return SOURCES.get(source) ?? source.toLowerCase().replaceAll("_", " ");
}

/** `4 calls, 1 email`: the kinds come as HubSpot names its types, in the plural. */
export function activityWords(activities: DealStory["activities"]): string {
  return activities
    .filter(([, n]) => n > 0)
    .map(([kind, n]) => {
      const many = kind.replaceAll("_", " ");
      return counted(n, many.replace(/s$/, ""), many);
    })
    .join(", ");
}

/** A value of a deal's history as a person reads it: a day, a moment, a number, else the text. */
export function valueWords(value: string, zone: string): string {
  if (isDay(value)) return day(value);
  if (/^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/.test(value)) return moment(value, zone);
  // Longer digits are ids, which are not read as numbers.
  if (/^-?\d{1,12}(\.\d{1,6})?$/.test(value)) {
    const digits = value.split(".")[1]?.replace(/0+$/, "").length ?? 0;
    return decimal(Number(value), digits);
  }
  return value;
}

/** Whether a deal answers to what was typed: every word, in name, stage, owner or id. */
export function matches(deal: DealRow, search: string): boolean {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return true;
  const text = [deal.name, deal.stage_label, deal.owner_name, deal.id].join(" ").toLowerCase();
  return words.every((word) => text.includes(word));
}
