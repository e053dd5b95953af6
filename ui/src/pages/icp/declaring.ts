import type { DeclaredIcpView, IcpCheck, IcpView } from "$lib/bindings";
import { count, counted, day, dayIn, percent } from "$lib/format";
import { dimensionName, valueName } from "./words";

/** Values by dimension: any of them, in each. */
export type Values = Record<string, readonly string[]>;

/** A value that can be chosen, and how many deals have it. */
export interface Choosable {
  value: string;
  label: string;
  n: number;
}

/** What the report calls values that are too many to tell apart: nobody can mean them. */
const OTHER = "(other values)";
/** Fewer such deals tell nothing of a difference. */
const FEW = 20;

const byDeals = (a: Choosable, b: Choosable) => b.n - a.n || a.label.localeCompare(b.label, "en");
/** Bands such as `51-200` stand in their order. */
const bySize = (a: Choosable, b: Choosable) => parseInt(a.value, 10) - parseInt(b.value, 10);

/** By what customers can be told apart, and the values that deals have, the most frequent first, sizes in
 * their order; those that were declared before are there even where no deal has them any more. */
export function choices(
  view: IcpView,
  declared: Values,
): { dimension: string; label: string; values: Choosable[] }[] {
  const found = Object.keys(view.names).map((dimension) => {
    const deals = new Map<string, number>();
    for (const { parts, n } of view.report.segments) {
      const [part] = parts;
      if (parts.length !== 1 || part?.dimension !== dimension) continue;
      if (part.value !== null && part.value !== OTHER) deals.set(part.value, n);
    }
    for (const value of declared[dimension] ?? []) {
      if (!deals.has(value)) deals.set(value, 0);
    }
    const values = [...deals]
      .map(([value, n]) => ({ value, label: valueName(view.names, dimension, value), n }))
      .sort(dimension === "size" ? bySize : byDeals);
    return { dimension, label: dimensionName(view.names, dimension), values };
  });
  return found.filter(({ values }) => values.length > 0);
}

/** Without dimensions of which nothing is chosen. */
export function chosenOf(values: Values): Record<string, string[]> {
  const kept = Object.entries(values).filter(([, chosen]) => chosen.length > 0);
  return Object.fromEntries(kept.map(([dimension, chosen]) => [dimension, [...chosen]]));
}

/** "Industry is Machinery or Chemicals, and Source is Referrals". */
export function sentence(names: IcpView["names"], values: Values): string {
  return Object.entries(chosenOf(values))
    .map(([dimension, chosen]) => {
      const any = chosen.map((value) => valueName(names, dimension, value)).join(" or ");
      return `${dimensionName(names, dimension)} is ${any}`;
    })
    .join(", and ");
}

/** How many of the deals that the page is about are of such customers. */
export function matching(view: IcpView, values: Values): number {
  const chosen = Object.entries(chosenOf(values));
  if (chosen.length === 0) return 0;
  const sets = chosen.map(([dimension, wanted]) => {
    const of = view.report.segments.filter(
      ({ parts: [part, second] }) =>
        second === undefined &&
        part?.dimension === dimension &&
        part.value !== null &&
        wanted.includes(part.value),
    );
    return new Set(of.flatMap(({ deals }) => deals));
  });
  const [first = new Set<string>(), ...others] = sets;
  return [...first].filter((deal) => others.every((set) => set.has(deal))).length;
}

/** What is said below the choice before it is kept: how many, and never how often they win, which
 * would be choosing by the answer. */
export function countWords(view: IcpView, values: Values): string {
  const all = view.report.all.n;
  const n = matching(view, values);
  if (Object.keys(chosenOf(values)).length === 0) return "";
  const since = day(dayIn(view.report.created_from, view.report.time_zone));
  const told = `${count(n)} of ${counted(all, "deal")} created since ${since} are of such customers`;
  const share = all === 0 || n === 0 ? "" : ` (${percent(n / all)})`;
  if (n === all && all > 0) return `${told}${share}: no others are left to compare them with.`;
  if (n < FEW) return `${told}${share}: a verdict needs at least ${FEW} in the newest quarters.`;
  return `${told}${share}.`;
}

/** The version in force; none where nothing was declared or the last was taken back. */
export function inForce(versions: readonly DeclaredIcpView[]): DeclaredIcpView | null {
  const [newest] = versions;
  return newest !== undefined && Object.keys(newest.declared).length > 0 ? newest : null;
}

/** What a verdict says, and what it does not. */
export function meaning(check: IcpCheck, seenBefore: boolean): string {
  if (seenBefore) {
    return "It was made from the data of these quarters, which cannot bear it out. Quarters that begin later will.";
  }
  if (check.verdict === "validated") {
    return "Even the low end of the interval is above 1.2 times the others.";
  }
  if (check.verdict === "contradicted") {
    return "Even the high end of the interval is below the others.";
  }
  return check.lift === null
    ? "There are too few deals on one side for a comparison."
    : "The interval leaves both open: that they win more often than the others, and that they do not.";
}
