import type { DeclaredIcpView, IcpLift, IcpPart, IcpSegment, IcpView, Ratio } from "../bindings";

/** A made-up report on customers. Never part of a build that ships. */

const LEVEL = 0.95;

function ratio(value: number, error: number): Ratio {
  const reach = Math.exp(1.96 * error);
  return { value, low: value / reach, high: value * reach, level: LEVEL, log_error: error };
}

export const NO_LIFT: IcpLift = {
  n: 0,
  happened: 0,
  others: 0,
  others_happened: 0,
  younger: 0,
  ratio: null,
  crude: null,
  p: null,
  q: null,
  found: false,
  smallest_found: null,
  needs: null,
  strata: [],
};

export function segment(
  parts: IcpPart[],
  n: number,
  share: number,
  part: Partial<IcpSegment> = {},
) {
  const error = 1.96 * Math.sqrt((share * (1 - share)) / Math.max(1, n));
  const rate = {
    value: share,
    low: Math.max(0, share - error),
    high: Math.min(1, share + error),
    level: LEVEL,
    n,
    n_effective: n,
  };
  const won = Math.round(n * share);
  const shown = n >= 5;
  const made: IcpSegment = {
    parts,
    n,
    weight: n,
    companies: Math.ceil(n * 0.7),
    won,
    lost: Math.max(0, Math.round(n * 0.8) - won),
    open: n - Math.max(won, Math.round(n * 0.8)),
    zombies: 0,
    evidence:
      n >= 20 ? { state: "sound" } : shown ? { state: "weak" } : { state: "none", needs: 20 - n },
    win_rate: shown ? { ...rate, weight: n / (n + 12) } : null,
    by_horizon: [
      { days: 90, rate: shown ? rate : null },
      { days: 180, rate: shown ? { ...rate, value: share * 1.2 } : null },
    ],
    if_zombies_lost: null,
    closed_only: shown ? { ...rate, value: Math.min(1, share * 1.25) } : null,
    lift: NO_LIFT,
    contacts: { n: n * 2, with_deal: shown ? { ...rate, value: 0.22 } : null, lift: NO_LIFT },
    revenue: shown
      ? {
          per_deal: {
            value: 9_000 * share,
            low: 6_000 * share,
            high: 13_000 * share,
            level: LEVEL,
          },
          won,
          won_without_amount: 0,
          cut_to: 90_000,
          cut: 1,
          top_three: 0.2,
          concentrated: false,
        }
      : null,
    days_to_win: shown ? { value: 64, low: 48, high: 80, level: LEVEL } : null,
    one_owner: false,
    deals: Array.from({ length: n }, (_, index) => String(9_000 + index)),
    ...part,
  };
  return made;
}

const of = (dimension: string, value: string | null): IcpPart => ({ dimension, value });

/** Two findings, one of them in parts; weak and silent segments; rules; a declared ICP. */
export function sampleIcp(portal: string, horizon: number): IcpView {
  const quarters = ["2025-10-01", "2026-01-01", "2026-04-01", "2026-07-01"];
  const differs = (value: number): IcpLift => ({
    ...NO_LIFT,
    n: 70,
    happened: 32,
    others: 560,
    others_happened: 128,
    younger: 8,
    ratio: ratio(value, 0.15),
    crude: ratio(value * 0.97, 0.15),
    p: 0.0003,
    q: 0.02,
    found: true,
    smallest_found: 1.6,
    needs: 60,
  });
  const like = (value: number): IcpLift => ({
    ...differs(value),
    p: 0.4,
    q: 0.7,
    found: false,
    needs: 900,
  });
  const segments = [
    segment([of("industry", "MACHINERY")], 78, 0.46, { lift: differs(1.96) }),
    segment([of("source", "REFERRALS")], 92, 0.38, {
      lift: {
        ...differs(1.2),
        strata: quarters.map((quarter, index) => ({
          quarter,
          dimension: null,
          value: null,
          n: 20 + index,
          happened: 6 + index * 2,
          others: 140,
          others_happened: 60 - index * 15,
        })),
      },
    }),
    segment([of("size", "51-200")], 210, 0.29, { lift: like(1.1) }),
    segment([of("country", "Germany")], 320, 0.26, { lift: like(0.98) }),
    segment([of("industry", "CHEMICALS")], 118, 0.25, { lift: like(0.95) }),
    segment([of("size", "11-50")], 190, 0.23, { lift: like(0.9) }),
    segment([of("country", "Austria")], 64, 0.22, { lift: like(0.9) }),
    segment([of("industry", null)], 41, 0.12, { lift: { ...like(0.5), found: true, q: 0.08 } }),
    segment([of("source", "PAID_SEARCH")], 15, 0.27),
    segment([of("country", "Poland")], 4, 0.25),
    segment([of("industry", "MACHINERY"), of("size", "51-200")], 31, 0.52, { lift: like(2.1) }),
  ];
  // A deal has one value in each dimension.
  const given = new Map<string, number>();
  for (const made of segments) {
    const [part, second] = made.parts;
    if (part === undefined || second !== undefined) continue;
    const first = given.get(part.dimension) ?? 0;
    made.deals = made.deals.map((_, index) => String(9_000 + first + index));
    given.set(part.dimension, first + made.n);
  }
  const check = {
    verdict: "validated" as const,
    horizon_days: horizon,
    n: 41,
    others: 190,
    rate: segment([], 41, 0.44).by_horizon[0]?.rate ?? null,
    others_rate: segment([], 190, 0.2).by_horizon[0]?.rate ?? null,
    lift: ratio(2.2, 0.2),
  };
  const named = (label: string, values: Record<string, string> = {}) => ({ label, values });
  return {
    portal,
    pipelines: [{ id: "default", label: "Sales" }],
    declared_version: 1,
    names: {
      industry: named("Industry", { MACHINERY: "Machinery", CHEMICALS: "Chemicals" }),
      size: named("Employees"),
      country: named("Country"),
      source: named("Source", { REFERRALS: "Referrals", PAID_SEARCH: "Paid search" }),
    },
    deal_names: Object.fromEntries(
      Array.from({ length: 120 }, (_, index) => [
        String(9_000 + index),
        `Spare parts ${index + 1}`,
      ]),
    ),
    query: {
      name: "deals_in_segment",
      parameters: {
        ":as_of": "1795248000000",
        ":created_from": "1732176000000",
        ":pipeline": "",
        ":left_out": "[]",
      },
      parts: ["[]", ...segments.map((one) => JSON.stringify(one.parts))],
    },
    report: {
      schema: "icp/1",
      as_of: "2026-11-21T08:00:00.000Z",
      time_zone: "Europe/Berlin",
      created_from: "2024-11-20T23:00:00.000Z",
      horizon_days: horizon,
      design_effect: 1.1,
      all: segment([], 640, 0.25),
      segments,
      questions: 64,
      rules: {
        rules: [
          {
            conditions: [{ dimension: "industry", value: "MACHINERY", is: true }],
            learned_from: 60,
            learned_rate: {
              value: 0.45,
              low: 0.33,
              high: 0.58,
              level: LEVEL,
              n: 60,
              n_effective: 60,
            },
            check,
            tier: "A",
          },
          {
            conditions: [{ dimension: "industry", value: "MACHINERY", is: false }],
            learned_from: 410,
            learned_rate: {
              value: 0.22,
              low: 0.18,
              high: 0.26,
              level: LEVEL,
              n: 410,
              n_effective: 410,
            },
            check: { ...check, verdict: "contradicted", lift: ratio(0.45, 0.2) },
            tier: "D",
          },
        ],
        learned_from: 470,
        won: 118,
        enough: true,
      },
      declared: {
        declared: { values: { industry: ["MACHINERY"] }, seen_until: null },
        checked_in: { from: "2026-04-01", until: "2026-10-01" },
        seen_before: false,
        check,
      },
      notes: [
        {
          warning: true,
          code: "unknown_values_leak",
          message:
            "Where industry is unknown, 12 % of 41 deals were won; where it is known, 26 % of 540. It may have been filled in after the outcome.",
          deals: [],
        },
        {
          warning: false,
          code: "values_of_today",
          message:
            "No history is kept of industry (1200), size (1180): so many values are those of today, not of the creation.",
          deals: [],
        },
      ],
      method: {
        id: "segments-and-rules/2",
        seed: "4711001",
        draws: 1000,
        false_discoveries_percent: 10,
        renewals: 25,
        unwatched: [],
        unwatched_contacts: 0,
        after_their_deal: 12,
        merged: 3,
      },
    },
  };
}

/** What was declared in the made-up portal. */
export function sampleDeclared(): DeclaredIcpView[] {
  return [
    {
      version: 1,
      declared_at: "2026-03-02T09:00:00.000Z",
      seen_until: null,
      name: "Machine makers",
      declared: { industry: ["MACHINERY"] },
    },
  ];
}

/** The report with the newest version checked, as the program does it. */
export function checkedIcp(
  portal: string,
  horizon: number,
  newest: DeclaredIcpView | undefined,
): IcpView {
  const view = sampleIcp(portal, horizon);
  const { declared } = view.report;
  if (declared === null || newest === undefined || Object.keys(newest.declared).length === 0) {
    return { ...view, declared_version: null, report: { ...view.report, declared: null } };
  }
  const { seen_until, declared: values, version } = newest;
  const checked = {
    ...declared,
    declared: { values, seen_until },
    seen_before: seen_until !== null,
  };
  return { ...view, declared_version: version, report: { ...view.report, declared: checked } };
}
