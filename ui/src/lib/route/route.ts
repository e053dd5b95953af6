import type { Scored } from "../bindings";
import { isDay } from "../format";

/** The pages that exist. */
export const PAGES = [
  "forecast",
  "waterfall",
  "icp",
  "scoring",
  "competitors",
  "activity",
  "writebacks",
  "sync",
  "portals",
] as const;
export type Page = (typeof PAGES)[number];

/** Where the window is: everything that a link or the way back must bring again. */
export interface Route {
  page: Page;
  portal: string | null;
  /** The day whose end is looked from; none means now. */
  asOf: string | null;
  /** The first day that what changed is told of; none means a week. */
  since: string | null;
  /** `this_quarter`, `next_quarter`, `this_month` or `2026-10-01..2026-12-31`. */
  period: string;
  pipeline: string | null;
  /** Whose deals: `team:7` or `owner:512`; none means everybody's. */
  whose: string | null;
  /** What is scored on the page of scores. */
  scored: Scored;
  /** The deal in the drawer. */
  deal: string | null;
  /** The plan that is open on the writebacks page. */
  plan: number | null;
}

export const START: Route = {
  page: "forecast",
  portal: null,
  asOf: null,
  since: null,
  period: "this_quarter",
  pipeline: null,
  whose: null,
  scored: "deals",
  deal: null,
  plan: null,
};

const PERIOD = /^(this_quarter|next_quarter|this_month)$/;
const WHOSE = /^(team:[\w.-]{1,90}|owner:\d{1,19})$/;
const ID = /^[\w.:-]{1,100}$/;

/** Whether a text names a period, be it by word or by its days. */
export function isPeriod(text: string): boolean {
  if (PERIOD.test(text)) return true;
  const [first, last, rest] = text.split("..");
  if (first === undefined || last === undefined || rest !== undefined) return false;
  return isDay(first) && isDay(last) && first <= last;
}

/** Reads a hash. What does not make sense is left out: a broken link opens the page, not an error. */
export function parseRoute(hash: string): Route {
  const [path = "", query = ""] = hash.replace(/^#\/?/, "").split("?");
  const params = new URLSearchParams(query);
  const id = (name: string) => {
    const value = params.get(name);
    return value !== null && ID.test(value) ? value : null;
  };
  const asOf = params.get("asof");
  const since = params.get("since");
  const period = params.get("period");
  const whose = params.get("whose");
  const plan = Number(params.get("plan"));
  return {
    page: PAGES.find((page) => page === path) ?? START.page,
    portal: id("portal"),
    asOf: asOf !== null && isDay(asOf) ? asOf : null,
    since: since !== null && isDay(since) ? since : null,
    period: period !== null && isPeriod(period) ? period : START.period,
    pipeline: id("pipeline"),
    whose: whose !== null && WHOSE.test(whose) ? whose : null,
    scored: params.get("scored") === "contacts" ? "contacts" : START.scored,
    deal: id("deal"),
    plan: Number.isSafeInteger(plan) && plan > 0 ? plan : null,
  };
}

/** The hash of a route; what is as at the start is not spelled out. */
export function routeHash(route: Route): string {
  const params = new URLSearchParams();
  if (route.portal !== null) params.set("portal", route.portal);
  if (route.asOf !== null) params.set("asof", route.asOf);
  if (route.since !== null) params.set("since", route.since);
  if (route.period !== START.period) params.set("period", route.period);
  if (route.pipeline !== null) params.set("pipeline", route.pipeline);
  if (route.whose !== null) params.set("whose", route.whose);
  if (route.scored !== START.scored) params.set("scored", route.scored);
  if (route.deal !== null) params.set("deal", route.deal);
  if (route.plan !== null) params.set("plan", String(route.plan));
  const query = params.toString();
  return `#/${route.page}${query === "" ? "" : `?${query}`}`;
}
