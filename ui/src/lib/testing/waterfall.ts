import type { LineView, PartView, WaterfallLine, WaterfallReport } from "../bindings";

const money = (amount: number) => ({ amount: amount.toFixed(2), currency: "EUR" });
const moved = { name: "deals_moved", parameters: [] };

function line(
  of: WaterfallLine,
  label: string,
  definition: string,
  deals: readonly (Omit<PartView, "amount" | "merged_into"> & {
    amount: number;
    merged_into?: string;
  })[],
): LineView {
  return {
    line: of,
    label,
    definition,
    amount: money(deals.reduce((sum, deal) => sum + deal.amount, 0)),
    n: deals.length,
    deals: deals.map(({ merged_into, ...deal }) => ({
      ...deal,
      amount: money(deal.amount),
      merged_into: merged_into ?? null,
    })),
    query: deals.length === 0 ? null : moved,
  };
}

/** What moved a made-up pipeline in a week. */
export function sampleWaterfall(): WaterfallReport {
  const lines = [
    line("created", "Created", "Deals that did not exist at the start.", [
      { id: "31", name: "Okafor Freight, fleet", amount: 40_000 },
      { id: "32", name: "Lindqvist AB", amount: 20_000 },
    ]),
    line("up", "Up", "Amounts that rose.", []),
    line("down", "Down", "Amounts that fell or were cleared.", [
      { id: "12", name: "Meyer Maschinen", amount: -20_000 },
    ]),
    line("won", "Won", "Deals that were won.", [
      { id: "13", name: "Silva e Filhos", amount: -80_000 },
      { id: "14", name: null, amount: -40_000 },
    ]),
    line("lost", "Lost", "Deals that were lost.", [{ id: "15", name: "Nakamura", amount: 0 }]),
    line("gone", "Deleted or merged", "Deals that were deleted, or merged into another.", [
      { id: "16", name: "Meyer Maschinen (copy)", amount: -20_000, merged_into: "12" },
    ]),
  ];
  const end = (at: string, amount: number, n: number, gone_since: string[]) => ({
    at,
    amount: money(amount),
    n,
    deals: Array.from({ length: n }, (_, index) => String(10 + index)),
    without_amount: 1,
    unknown_amount: 0,
    without_rate: 0,
    not_known: [],
    gone_since,
    query: { name: "deals_open", parameters: [] },
  });
  return {
    schema: "waterfall/1",
    time_zone: "Europe/Berlin",
    home_currency: "EUR",
    scope: { pipeline: null, team: null, owners: null, closing: null },
    summary: {
      text: "−100k EUR: two wins −120k, one down-sell −20k, one deletion or merge −20k, one loss ±0, two new deals +60k.",
      clauses: [],
    },
    start: end("2026-11-08T22:59:59.999Z", 400_000, 41, ["16"]),
    lines,
    end: end("2026-11-16T08:00:00.000Z", 300_000, 39, []),
    change: money(-100_000),
    residual: money(0),
    exchange_rates: [],
    method: "Only the two ends are compared, each as it was known then.",
  };
}
