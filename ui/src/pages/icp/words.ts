import type {
  IcpCheck,
  IcpCondition,
  IcpLift,
  IcpPart,
  IcpReport,
  IcpSegment,
  IcpStratum,
  IcpVerdict,
  IcpView,
  QueryRef,
  Rate,
} from "$lib/bindings";
import { count, counted, day, percent, percentRange } from "$lib/format";
import { visible } from "$lib/text";

type Names = IcpView["names"];

/** A value as HubSpot shows it. */
export function valueName(names: Names, dimension: string, value: string | null): string {
  if (value === null) return "unknown";
  return visible(names[dimension]?.values[value] ?? value, 60);
}

/** A dimension as HubSpot shows it. */
export function dimensionName(names: Names, dimension: string): string {
  return visible(names[dimension]?.label ?? dimension, 60);
}

export function partName(names: Names, part: IcpPart): string {
  const value = valueName(names, part.dimension, part.value);
  return `${dimensionName(names, part.dimension)}: ${value}`;
}

export function segmentName(names: Names, segment: IcpSegment): string {
  if (segment.parts.length === 0) return "All deals";
  return segment.parts.map((part) => partName(names, part)).join(", ");
}

/** How a segment compares with the rest, in a few words. */
export function liftWords(lift: IcpLift): string {
  if (lift.strata.length > 0) return "see its parts";
  if (lift.ratio === null) return "";
  const [value, low, high] = [lift.ratio.value, lift.ratio.low, lift.ratio.high].map((ratio) =>
    ratio.toFixed(2),
  );
  return `${value} × (${low}–${high})`;
}

/** Whether a difference is more than chance. */
export function findingWords(lift: IcpLift): string {
  if (lift.found) return "differs";
  return lift.p === null ? "not asked" : "like the others";
}

/** The same with what would show a difference as it stands. */
export function findingDetails(lift: IcpLift): string {
  const needed =
    lift.found || lift.p === null || lift.needs === null
      ? ""
      : `; ${count(lift.needs)} on each side would tell this difference`;
  return `${findingWords(lift)}${needed}`;
}

/** The sentence at the head of the page: facts alone. */
export function finding(view: IcpView): string {
  const { report, names } = view;
  const all = report.all;
  if (all.n === 0) return "No deals were created in the last two years.";
  // That unknown values do worse says something about the records, not about the customers.
  const found = report.segments.filter(
    ({ lift, parts }) => lift.found && parts.length === 1 && parts[0]?.value !== null,
  );
  const rate =
    all.win_rate === null
      ? `${counted(all.n, "deal")}, too few for a rate.`
      : `${percent(all.win_rate.value)} of ${counted(all.n, "deal")} are won within ${report.horizon_days} days.`;
  const told = found
    .slice(0, 3)
    .map((segment) => `${segmentName(names, segment)} ${more(segment.lift)}`);
  if (told.length === 0) {
    return `${rate} No segment differs from the others by more than chance.`;
  }
  const rest = found.length - told.length;
  return `${rate} ${told.join("; ")}${rest > 0 ? `; and ${rest} more` : ""}.`;
}

function more(lift: IcpLift): string {
  const ratio = lift.ratio ?? lift.crude;
  if (ratio === null) return "differs";
  if (lift.strata.length > 0) return "differs, part by part";
  return ratio.value > 1
    ? `wins ${ratio.value.toFixed(1)} times as often as the others`
    : `wins ${percent(1 - ratio.value)} less often than the others`;
}

/** What the picture shows, spoken. */
export function pictureWords(report: IcpReport, shown: readonly IcpSegment[]): string {
  const average =
    report.all.win_rate === null ? "" : `, average ${percent(report.all.win_rate.value)}`;
  return `Win rates of ${counted(shown.length, "segment")} with 95 % intervals${average}. The table says the same.`;
}

export function stratumName(names: Names, stratum: IcpStratum): string {
  if (stratum.quarter !== null) return `Quarter from ${day(stratum.quarter)}`;
  if (stratum.dimension === null) return "All";
  return partName(names, { dimension: stratum.dimension, value: stratum.value });
}

export function conditionName(names: Names, condition: IcpCondition): string {
  return `${condition.is ? "" : "not "}${partName(names, condition)}`;
}

const VERDICTS: Record<IcpVerdict, string> = {
  validated: "validated",
  not_distinguishable: "not distinguishable from the others",
  contradicted: "contradicted",
};

export function verdictWords(verdict: IcpVerdict, seenBefore: boolean): string {
  return seenBefore
    ? "not checked yet: it was made from the data of these quarters"
    : VERDICTS[verdict];
}

function rateOf(rate: Rate | null, n: number): string {
  if (rate === null) return `too few (${count(n)})`;
  return `${percent(rate.value)} (${percentRange(rate.low, rate.high)}) of ${count(n)}`;
}

/** What newer deals say of a rule. */
export function checkWords(check: IcpCheck): string {
  const both = `won ${rateOf(check.rate, check.n)}, others ${rateOf(check.others_rate, check.others)}`;
  if (check.lift === null) return both;
  const { value, low, high } = check.lift;
  return `${both}: ${value.toFixed(2)} × (${low.toFixed(2)}–${high.toFixed(2)})`;
}

/** The query that lists the deals of a segment; `place` is none for all deals. */
export function segmentQuery(view: IcpView, place: number | null): QueryRef {
  const shared = Object.entries(view.query.parameters).map(([name, value]) => ({ name, value }));
  const parts = view.query.parts[place === null ? 0 : place + 1] ?? "[]";
  return { name: view.query.name, parameters: [...shared, { name: ":parts", value: parts }] };
}
