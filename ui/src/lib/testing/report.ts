import type {
  Backtest,
  CategoryRow,
  DealRow,
  DifferenceRow,
  Evidence,
  Figure,
  ForecastReport,
  MoneyValue,
  OriginRow,
  Rate,
  Score,
  RiskRate,
  StageRow,
  WonRow,
} from "../bindings";
import { plusDays } from "../format";

/** Made-up data for component states and tests. Never part of a build that ships. */

const AS_OF = "2026-11-21T08:00:00.000Z";

export const eur = (amount: number): MoneyValue => ({ amount: amount.toFixed(2), currency: "EUR" });

/** The same numbers on every run. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return state / 4_294_967_296;
  };
}

function rate(value: number, n: number): Rate {
  const half = 1.96 * Math.sqrt((value * (1 - value)) / n);
  return {
    value,
    low: Math.max(0, value - half),
    high: Math.min(1, value + half),
    level: 0.95,
    n,
    n_effective: n * 0.8,
  };
}

function figure(id: string, label: string, value: number, part: Partial<Figure> = {}): Figure {
  return {
    id,
    label,
    definition: "Closed so far and what the open deals are expected to bring within the period.",
    method: "Stage win rates as known then, times amount, 10,000 draws.",
    value: eur(value),
    low: null,
    high: null,
    level: null,
    n: 160,
    evidence: { state: "sound" },
    needs: null,
    as_of: AS_OF,
    seed: null,
    query: { name: "forecast_open_deals", parameters: [{ name: ":as_of", value: AS_OF }] },
    ...part,
  };
}

const PIPELINE = { id: "default", label: "Sales" };
const STAGES: readonly [string, string, number, number, number][] = [
  ["appointmentscheduled", "Appointment scheduled", 0.12, 412, 0.2],
  ["qualifiedtobuy", "Qualified to buy", 0.22, 356, 0.4],
  ["presentationscheduled", "Presentation scheduled", 0.34, 241, 0.6],
  ["decisionmakerboughtin", "Decision maker bought in", 0.52, 138, 0.8],
  ["contractsent", "Contract sent", 0.71, 12, 0.9],
];
const NAMES = [
  "Nordwind Logistik – fleet renewal",
  "Brücke & Söhne <b>bold</b>",
  '=HYPERLINK("http://example.invalid")',
  "شركة النور – تجديد",
  "Kestrel Analytics 🚀 pilot",
  "invoice\u202efdp.exe",
  "Meridian Health rollout",
  "Q4 upsell: Larkspur",
  "Oakline Manufacturing, 400 seats, including the option on the second plant in Gdańsk",
  "Aster Foods",
];
const OWNERS = ["Ada Brandt", "Jonas Weil", "Mai Nguyen", "Priya Raman", null];

const evidenceOf = (n: number): Evidence => (n < 20 ? { state: "weak" } : { state: "sound" });

function deals(count: number): DealRow[] {
  const next = numbers(7);
  return Array.from({ length: count }, (_, index): DealRow => {
    const stage = STAGES[Math.floor(next() * STAGES.length)] ?? STAGES[0];
    if (stage === undefined) throw new Error("there are stages");
    const [stageId, stageLabel, share, n, theirs] = stage;
    const amount = index % 17 === 5 ? null : Math.round(2000 + next() ** 3 * 90_000);
    const closeDate = plusDays("2026-11-05", Math.floor(next() * 90));
    return {
      id: String(9_000_000 + index),
      name: `${NAMES[index % NAMES.length] ?? ""}${index < NAMES.length ? "" : ` ${index}`}`,
      pipeline: PIPELINE,
      stage_id: stageId,
      stage_label: stageLabel,
      owner_id: String(index % 5),
      owner_name: OWNERS[index % OWNERS.length] ?? null,
      amount: amount === null ? null : eur(amount),
      own_amount: amount === null ? null : eur(amount),
      close_date: closeDate,
      closes_in_period: closeDate <= "2026-12-31",
      age_days: Math.floor(next() * 200),
      stage_days: Math.floor(next() * 60),
      probability: rate(share, n),
      evidence: evidenceOf(n),
      basis: n < 20 ? "stage_and_pipeline" : "stage",
      why: `Of ${n} deals seen in ${stageLabel}, ${Math.round(share * 100)} % were won within 40 days.`,
      contribution: amount === null ? null : eur(amount * share),
      hubspot_probability: theirs,
      category: index % 4 === 0 ? "COMMIT" : index % 4 === 1 ? "BEST_CASE" : null,
      benchmark:
        index % 6 === 5
          ? null
          : { percentile: next(), at_that_age: 40 + index, won: rate(share, 40 + index) },
      risks: [
        ...(closeDate < "2026-11-21" ? [{ kind: "close_date_past" as const, days: 7 }] : []),
        ...(amount === null ? [{ kind: "no_amount" as const }] : []),
        ...(index % 9 === 0 ? [{ kind: "pushed" as const, times: 2 }] : []),
      ],
    };
  }).sort((a, b) => Number(b.contribution?.amount ?? 0) - Number(a.contribution?.amount ?? 0));
}

function stages(): StageRow[] {
  return STAGES.map(([id, label, share, n, theirs], index) => ({
    pipeline: PIPELINE,
    id,
    label,
    open_deals: 60 - index * 11,
    open_amount: eur(1_400_000 - index * 220_000),
    expected: eur((1_400_000 - index * 220_000) * share),
    own: rate(share, n),
    own_deals: n,
    own_won: Math.round(share * n),
    own_evidence: evidenceOf(n),
    used: rate(share, n),
    basis: n < 20 ? ("stage_and_pipeline" as const) : ("stage" as const),
    evidence: evidenceOf(n),
    hubspot_probability: theirs,
    query: { name: "forecast_stage_record", parameters: [{ name: ":stage", value: id }] },
  }));
}

function won(): WonRow[] {
  return Array.from({ length: 14 }, (_, index) => ({
    id: String(8_000_000 + index),
    name: `Won deal ${index + 1}`,
    pipeline: PIPELINE,
    owner_id: "1",
    owner_name: OWNERS[index % OWNERS.length] ?? null,
    won_at: `${plusDays("2026-10-02", index * 3)}T10:00:00.000Z`,
    won_day: plusDays("2026-10-02", index * 3),
    amount: eur(29_428.57),
    own_amount: { amount: "31000.00", currency: "USD" },
  }));
}

const FORECASTERS: readonly [Score["forecaster"], string, number, number][] = [
  ["report", "This report", 0.14, 0.02],
  ["stage_rates", "Stage rates", 0.16, -0.03],
  ["hazard", "Hazard", 0.14, 0.01],
  ["hubspot_stage_weights", "HubSpot's stage weights", 0.31, 0.22],
  ["closed_only_rates", "Closed-only rates", 0.27, 0.15],
  ["age_ratio", "Age ratio", 0.38, -0.3],
  ["last_period", "Last period", 0.24, -0.05],
  ["seasonal_naive", "Same time last year, or last quarter in a young portal", 0.26, -0.08],
];

function scores(n: number): Score[] {
  return FORECASTERS.map(([forecaster, label, wape, bias]) => {
    const model =
      forecaster === "report" || forecaster === "stage_rates" || forecaster === "hazard";
    return {
      forecaster,
      label,
      n,
      wape,
      bias,
      pinball_10: model ? 31_000 : null,
      pinball_50: wape * 600_000,
      pinball_90: model ? 36_000 : null,
      coverage: model ? rate(0.79, n) : null,
    };
  });
}

function backtest(): Backtest {
  return {
    origins: 104,
    periods: 8,
    first: "2024-09-30",
    last: "2026-09-21",
    draws: 500,
    description: "Every Monday of eight past quarters, with what was known then.",
    scores: scores(104),
    by_weeks_to_go: [
      { from: 1, to: 3, origins: 24, periods: 8, scores: scores(24) },
      { from: 4, to: 7, origins: 32, periods: 8, scores: scores(32) },
      { from: 8, to: 12, origins: 40, periods: 8, scores: scores(40) },
      { from: 13, to: null, origins: 8, periods: 8, scores: scores(8) },
    ],
    rows: Array.from({ length: 104 }, (_, index): OriginRow => {
      const middle = 1_100_000 + (index % 13) * 9_000;
      return {
        day: plusDays("2024-09-30", 7 * index),
        period: plusDays("2024-10-01", 91 * Math.floor(index / 13)),
        weeks_to_go: 13 - (index % 13),
        p10: eur(middle * 0.86),
        p50: eur(middle),
        p90: eur(middle * 1.15),
        actual: eur(1_180_000 - Math.floor(index / 13) * 20_000),
        used: "hazard",
      };
    }),
  };
}

const LISTED = { name: "deals_listed", parameters: [{ name: ":deals", value: "[]" }] };

function differences(): DifferenceRow[] {
  return deals(160)
    .filter((deal) => deal.contribution !== null)
    .slice(0, 30)
    .map((deal): DifferenceRow => {
      const ours = Number(deal.contribution?.amount ?? 0);
      const amount = Number(deal.amount?.amount ?? 0);
      const theirs = deal.closes_in_period ? amount * (deal.hubspot_probability ?? 0) : 0;
      return {
        id: deal.id,
        name: deal.name,
        ours: eur(ours),
        hubspot: eur(theirs),
        difference: eur(ours - theirs),
        reason: deal.closes_in_period ? "rate" : "close_date",
        why: deal.closes_in_period
          ? "34 % instead of HubSpot's 60 % for its stage."
          : "34 %; HubSpot leaves it out, because its close date is outside the period.",
      };
    });
}

function category(raw: string | null, label: string, n: number, share: number): CategoryRow {
  return {
    category: raw,
    label,
    open_deals: n,
    amount: eur(n * 30_000),
    closing_deals: Math.round(n * 0.6),
    closing_amount: eur(n * 18_000),
    hubspot: eur(n * 9_000),
    expected: eur(n * 30_000 * share),
    won: rate(share, n * 4),
    evidence: { state: "sound" },
    won_query: LISTED,
    query: LISTED,
  };
}

function risk(
  flag: RiskRate["flag"],
  label: string,
  open: number,
  having: Rate | null,
  others: Rate | null,
): RiskRate {
  return {
    flag,
    label,
    definition: "As known when the deal was seen.",
    open_deals: open,
    with: having,
    with_evidence: having === null ? { state: "none", needs: 17 } : { state: "sound" },
    with_query: LISTED,
    without: others,
    without_evidence: { state: "sound" },
    without_query: LISTED,
    horizon_days: 90,
  };
}

/** A report as the app would send it: the fourth quarter, seen on 21 Nov 2026. */
export function sampleReport(): ForecastReport {
  const wins = won();
  return {
    schema: "forecast/1",
    as_of: AS_OF,
    time_zone: "Europe/Berlin",
    home_currency: "EUR",
    period: {
      label: "Q4 2026",
      first_day: "2026-10-01",
      last_day: "2026-12-31",
      starts_at: "2026-09-30T22:00:00.000Z",
      ends_at: "2026-12-31T23:00:00.000Z",
      days_left: 41,
    },
    pipeline: null,
    whose: { team: null, owners: null },
    closed: figure("forecast.closed", "Closed so far", 412_000, { n: wins.length }),
    open: figure("forecast.open", "Open deals", 4_820_000),
    expected_from_open: figure("forecast.expected", "Expected from open deals", 772_000, {
      low: eur(482_000),
      high: eur(1_068_000),
      level: 0.8,
      evidence: { state: "weak" },
      n: 12,
    }),
    expected_from_new: figure("forecast.expected_from_new", "Expected from new deals", 96_000, {
      low: eur(52_000),
      high: eur(148_000),
      level: 0.8,
      n: 312,
      seed: "7",
      query: { name: "deals_won", parameters: [] },
    }),
    total: figure("forecast.total", "Likely total", 1_280_000, {
      low: eur(980_000),
      high: eur(1_590_000),
      level: 0.8,
      n: 174,
      seed: "7",
    }),
    hubspot: figure("forecast.hubspot", "HubSpot's own number", 1_520_000),
    difference: {
      rates: eur(-506_000),
      close_dates: eur(170_000),
      new_deals: eur(96_000),
      baseline: null,
      deals_in_period: 96,
      deals_elsewhere: 64,
    },
    difference_by_deal: differences(),
    quota: {
      amount: eur(1_400_000),
      set_at: "2026-10-01T08:00:00.000Z",
      versions: 2,
      gap: eur(988_000),
      expected_gap: eur(120_000),
      probability: { value: 0.31, low: 0.301, high: 0.319, level: 0.95, draws: 10_000 },
      expected_shortfall: eur(171_000),
      coverage: {
        have: 4.9,
        needed: 5.6,
        needed_low: 4.1,
        needed_high: 8.5,
        level: 0.8,
        needed_amount: eur(5_480_000),
      },
    },
    categories: [
      category("COMMIT", "Commit", 40, 0.46),
      category("BEST_CASE", "Best case", 40, 0.29),
      category(null, "No category", 80, 0.17),
    ],
    risks: [
      risk("pushed_once", "Pushed once", 21, rate(0.22, 140), rate(0.31, 402)),
      risk("pushed_twice", "Pushed twice or more", 18, rate(0.11, 64), rate(0.3, 388)),
      risk("close_date_past", "Close date passed", 24, rate(0.14, 91), rate(0.28, 350)),
      risk("no_close_date", "No close date", 3, null, rate(0.27, 60)),
    ],
    pushes: [0, 1, 2, 3].map((pushes) => ({
      pushes,
      or_more: pushes === 3,
      label:
        ["never pushed", "pushed once", "pushed 2 times", "pushed 3 times or more"][pushes] ?? "",
      open_deals: 60 - pushes * 18,
      statements: 320 - pushes * 90,
      won: pushes === 3 ? null : rate(0.34 - pushes * 0.1, 300 - pushes * 85),
      closed: pushes === 3 ? null : rate(0.52 - pushes * 0.1, 300 - pushes * 85),
      evidence: pushes === 3 ? { state: "none" as const, needs: 18 } : evidenceOf(200),
      query: LISTED,
    })),
    stage_ages: STAGES.map(([id, label, , n], index) => ({
      pipeline: PIPELINE,
      stage_id: id,
      label,
      stays: n,
      median_days: 9 + index * 3,
      p80_days: 31 + index * 6,
      evidence: evidenceOf(n),
      query: LISTED,
    })),
    spread: {
      p10: eur(980_000),
      p50: eur(1_272_000),
      p90: eur(1_590_000),
      monte_carlo_error: [eur(2100), eur(1800), eur(2300)],
    },
    new_deals: {
      created_per_week: 6.4,
      weeks: 52,
      won_within: rate(0.11, 640),
      won_within_days: 40.6,
      wins: 3.2,
      amounts: 88,
      p10: eur(52_000),
      p50: eur(92_000),
      p90: eur(148_000),
    },
    approach: {
      model: "hazard",
      why: "On 104 past Mondays the hazard told won from not won better than stage rates did.",
      comparison: {
        stage_rates: 0.412,
        hazard: 0.371,
        error: 0.009,
        deals: 845,
        sightings: 9_120,
      },
      baseline: null,
      baseline_why: null,
      amount_ratio: { mean: 0.97, unchanged: 0.81, deals: 312 },
      band_stretch: 1.08,
      band_origins: 104,
      hazard_sample: null,
    },
    backtest: backtest(),
    pace: {
      closed: Array.from({ length: 52 }, (_, index) => {
        const day = plusDays("2026-10-01", index);
        const deals = wins.filter((row) => row.won_day <= day).length;
        return { day, won: eur(deals * 29_428.571), deals };
      }),
      last_day: "2026-12-31",
    },
    stages: stages(),
    deals: deals(160),
    won: wins,
    won_by_month: [],
    exchange_rates: [
      { currency: "USD", rate: "0.92", lowest: "0.90", highest: "0.95", deals: 212 },
    ],
    notes: [
      {
        code: "close_date_past",
        severity: "warning",
        message: "24 open deals have a close date that has passed.",
        count: 24,
        deals: [],
      },
    ],
    method: {
      id: "stage-rates/1",
      description: "Open deals by stage win rates learned from history as known then, by amount.",
      seed: "7",
      draws: 10_000,
      horizon_days: 40.6,
      landmarks: 104,
      first_landmark: "2024-11-18",
      last_landmark: "2026-10-05",
      training_months: 24,
      common_shock: 0.01,
      closed_won: 312,
      closed_lost: 845,
    },
  };
}
