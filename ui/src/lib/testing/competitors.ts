import type { Alert, Cell, CompetitorListView, CompetitorsView, Rate } from "../bindings";

/** A made-up report on competitors, for looking at screens and for component tests. */

function rate(k: number, n: number): Rate {
  const value = k / n;
  const half = 1.96 * Math.sqrt((value * (1 - value)) / n);
  return {
    value,
    low: Math.max(0, value - half),
    high: Math.min(1, value + half),
    level: 0.95,
    n,
    n_effective: n,
  };
}

const ids = (first: number, n: number) => Array.from({ length: n }, (_, i) => String(first + i));

interface Counts {
  won: number;
  competed: number;
  lostTo: number;
  lost: number;
}

function cell(
  competitor: string,
  segment: string | null,
  stage: string | null,
  { won, competed, lostTo, lost }: Counts,
): Cell {
  return {
    competitor,
    segment,
    stage,
    win_rate: competed < 5 ? null : rate(won, competed),
    borrowed: null,
    fractional: { won, closed: competed },
    p: 0.21,
    q: 0.4,
    share_of_losses: lost < 5 ? null : rate(lostTo, lost),
    evidence: competed < 5 ? { state: "none", needs: 5 - competed } : { state: "sound" },
    deals: ids(1000, competed),
    lost_deals: ids(1000, lostTo),
  };
}

export function sampleCompetitorList(): CompetitorListView {
  return {
    portal: "4711001",
    version: 4,
    changed_at: "2026-11-20T10:00:00.000Z",
    texts_since: null,
    competitors: [
      {
        id: "kranwerk",
        name: "Kranwerk",
        aliases: [
          { text: "Kranwerk", matching: "fuzzy_ok", ordinary_word: false },
          { text: "kranwerk.test", matching: "any_case", ordinary_word: false },
        ],
      },
      {
        id: "pumpify",
        name: "Pumpify",
        aliases: [{ text: "Pumpify", matching: "any_case", ordinary_word: false }],
      },
    ],
    own_names: ["Nordwind"],
    ordinary_words: [],
    properties: [
      { property: { name: "main_competitor", lost_to: false }, label: "Main competitor" },
    ],
    proposed: [{ property: { name: "lost_to", lost_to: true }, label: "Lost to" }],
    removed: 0,
  };
}

function alert(): Alert {
  return {
    key: "displacement/1/kranwerk/2026-11-16T08:00:00.000Z",
    kind: "surge",
    trigger: "ratio",
    competitor: "kranwerk",
    from: "2026-10-19T08:00:00.000Z",
    until: "2026-11-16T08:00:00.000Z",
    segment: null,
    count: 9,
    exposure: 31,
    count_before: 12,
    exposure_before: 170,
    ratio: {
      value: 4.1,
      low: 1.5,
      high: 10.6,
      level: 0.95,
      p_greater: 0.0031,
      p_less: 0.999,
      p_two_sided: 0.0062,
      p_greater_mid: 0.002,
    },
    money: null,
    p: 0.0031,
    q: 0.012,
    chart: null,
    deals: ids(1000, 9),
    companies: 9,
    owners: 4,
  };
}

export function sampleCompetitors(): CompetitorsView {
  const some = { won: 14, competed: 40, lostTo: 31, lost: 210 };
  const few = { won: 1, competed: 3, lostTo: 2, lost: 24 };
  return {
    portal: "4711001",
    pipelines: [{ id: "default", label: "Sales" }],
    list: sampleCompetitorList(),
    stages: { "default/quote": "Quote sent", "default/demo": "Demo held" },
    deal_names: Object.fromEntries(ids(1000, 60).map((id) => [id, `Deal number ${id}`])),
    report: {
      schema: "competitors/1",
      as_of: "2026-11-21T07:51:00.000Z",
      definitions: [
        { id: "cells.win_rate", text: "Deals won among those closed with it in them." },
      ],
      deals: 840,
      won: 260,
      lost: 210,
      texts: 512,
      cautions: ["logged_after_losses", "names_waiting"],
      logging: [
        {
          source: "property",
          won: 260,
          won_named: 40,
          lost: 210,
          lost_named: 60,
          ratio: { value: 1.9, low: 1.3, high: 2.7, level: 0.95, log_error: 0.19 },
          why_share: null,
        },
        {
          source: "loss_reason",
          won: 260,
          won_named: 0,
          lost: 210,
          lost_named: 44,
          ratio: null,
          why_share: "only_losses",
        },
      ],
      cells: [
        cell("kranwerk", null, null, some),
        cell("kranwerk", null, "default/quote", { ...some, competed: 22, won: 9, lostTo: 14 }),
        cell("kranwerk", null, "default/demo", { ...few, lostTo: 17 }),
        cell("kranwerk", "Retail", null, { ...few, lostTo: 6 }),
        cell("pumpify", null, null, { won: 9, competed: 19, lostTo: 8, lost: 210 }),
        cell("pumpify", null, "default/quote", few),
      ],
      adjusted: {
        rows: [
          {
            competitor: "kranwerk",
            odds: { value: 0.52, low: 0.31, high: 0.88, level: 0.95, log_error: 0.27 },
            effect: { value: -0.14, error: 0.05, low: -0.24, high: -0.04, level: 0.95, p: 0.006 },
            deals: ids(1000, 40),
          },
        ],
        deals: 470,
        segments: [],
        companies: 402,
        why_none: null,
      },
      loss_stages: [
        {
          competitor: "kranwerk",
          stages: [
            { stage: "default/quote", deals: ids(1000, 14), others: 30 },
            { stage: "default/demo", deals: ids(1014, 17), others: 90 },
          ],
          p: 0.031,
          p_error: 0.002,
          q: 0.06,
        },
      ],
      reasons: [
        { reason: "no_decision", share_of_losses: rate(22, 210), deals: ids(1000, 22) },
        { reason: "budget", share_of_losses: rate(31, 210), deals: ids(1000, 31) },
      ],
      alerts: [alert()],
      rule: {
        weeks: 4,
        baseline_days: 180,
        p: 0.004,
        p_over: 0.2,
        run_length: 520,
        chart_weeks: 8,
        p_first_seen: 0.01,
        p_segments: 0.001,
        p_money: 0.001,
        p_wins: 0.001,
        draws: 2000,
        least: 3,
        companies: 2,
        owners: 2,
        silent_days: 28,
      },
      margins: [{ segment: null, stage: null, lost_deals: ids(1000, 210) }],
      mentions: ids(1000, 12).map((deal) => ({
        deal,
        source: "loss_reason" as const,
        at: "2026-10-02T08:00:00.000Z",
        competitor: "kranwerk",
        role: "lost_to" as const,
        negated: false,
        sentence: "Went with Kranwerk, half the price per pump.",
        span: [10, 18] as [number, number],
      })),
      waiting: [
        {
          name: "Kranwerck",
          competitor: "kranwerk",
          sentences: ["lost to Kranwerck again"],
          deals: ids(1030, 2),
        },
        {
          name: "Valvero",
          competitor: null,
          sentences: ["They went with Valvero."],
          deals: ids(1040, 5),
        },
      ],
    },
  };
}
