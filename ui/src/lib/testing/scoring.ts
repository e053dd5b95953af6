import type {
  Contender,
  Judged,
  Rate,
  RecordScore,
  ScoreBand,
  ScoreCard,
  ScoreExplainView,
  ScoreGroup,
  ScoreModelLine,
  ScoreModelView,
  ScorePropertiesView,
  ScoreReason,
  Scored,
  ScoringReport,
  ScoringView,
} from "../bindings";

/** Made-up data for component states and tests. Never part of a build that ships. */

const AS_OF = "2026-11-21T08:00:00.000Z";

function rate(value: number, n: number, half = 0.06): Rate {
  return {
    value,
    low: Math.max(0, value - half),
    high: Math.min(1, value + half),
    level: 0.95,
    n,
    n_effective: n,
  };
}

function reason(column: string, value: string, log_odds: number, alike: Rate | null): ScoreReason {
  const sentence = `${column}: ${value} ${log_odds > 0 ? "raises" : "lowers"} the score.`;
  return { column, value, log_odds, alike, sentence };
}

const REASONS = [
  reason("Stage", "Contract sent", 0.94, rate(0.52, 212)),
  reason("Meetings in 30 days", "3", 0.41, rate(0.38, 304)),
  reason("Days in stage", "41", -0.22, rate(0.19, 288)),
  reason("Industry", "Software", 0.12, rate(0.31, 167)),
  reason("Contacts who lead", "0", -0.05, rate(0.24, 12, 0.2)),
  reason("Close date pushed", "7", -0.03, null),
];

function score(place: number, probability: number, band: ScoreBand): RecordScore {
  const labels = {
    top: "Top quarter",
    upper: "Upper quarter",
    lower: "Lower quarter",
    bottom: "Bottom quarter",
  };
  return {
    record: String(101 + place),
    probability,
    came: rate(Math.max(0.02, probability - 0.02), place === 5 ? 12 : 120),
    percentile: 1 - place / 6,
    band,
    band_label: labels[band],
    is_asleep: place === 5,
    reasons: REASONS.slice(0, 3),
  };
}

const SCORES = [
  score(0, 0.61, "top"),
  score(1, 0.47, "upper"),
  score(2, 0.33, "upper"),
  score(3, 0.21, "lower"),
  score(4, 0.12, "bottom"),
  score(5, 0.04, "bottom"),
];

function judged(log_loss: number, auc: number): Judged {
  return {
    rows: 1820,
    happened: 430,
    auc: { value: auc, error: 0.02, low: auc - 0.04, high: auc + 0.04, level: 0.95 },
    average_precision: 0.48,
    log_loss,
    brier: 0.16,
    skill: auc > 0.5 ? 0.11 : 0,
    line:
      auc > 0.5
        ? {
            intercept: { value: 0.02, error: 0.05, low: -0.08, high: 0.12, level: 0.95, p: 0.7 },
            slope: { value: 0.97, error: 0.07, low: 0.83, high: 1.11, level: 0.95, p: 0 },
          }
        : null,
    calibration: { value: 0.03, by_chance: 0.028, p: 0.4, bins: [] },
    gains: [],
  };
}

const CONTENDERS: [Contender, string, number, number][] = [
  ["constant", "the overall rate", 0.5471, 0.5],
  ["baseline", "the rate by stage alone", 0.5012, 0.69],
  ["rules", "a few readable rules", 0.4987, 0.7],
  ["linear", "a logistic regression", 0.4721, 0.76],
  ["trees", "boosted trees", 0.4743, 0.755],
  ["both", "boosted trees and a logistic regression together", 0.4702, 0.765],
];

type Kind = "published" | "refused";

/** What of the samples is another for contacts. */
const OF = {
  deals: {
    text: "won within 90 days",
    definition:
      "The deal enters a won stage within 90 days of being seen, and is not reopened. Lost, or still open after that, is not.",
    population: "deals of all pipelines while they were open",
    baseline: "Stage",
  },
  contacts: {
    text: "converted within 90 days",
    definition:
      "A deal with the contact enters a won stage within 90 days of the contact's being seen, and is not reopened. Whether its deals are lost, still open or not there, without one it is not.",
    population: "contacts while no deal with them was won",
    baseline: "Lifecycle stage",
  },
} as const;

function card(kind: Kind, of: Scored = "deals"): ScoreCard {
  const said = OF[of];
  const published = kind === "published";
  const missing = "Not enough evidence: 62 more with a known outcome are needed.";
  return {
    as_of: AS_OF,
    of,
    event: { text: said.text, definition: said.definition, horizon_days: 90 },
    pipeline: null,
    population: {
      text: said.population,
      from: "2024-11-21T00:00:00.000Z",
      landmarks: [0, 7, 14, 30, 60, 90],
      rows: published ? 3120 : 410,
      records: published ? 912 : 138,
      won: 3,
      lost: 3,
      short: 14,
      arrived_closed: 3,
      unfinished: 220,
    },
    base_rate: published ? rate(0.27, 912, 0.03) : rate(0.24, 138, 0.07),
    reliability: published
      ? [0.05, 0.11, 0.18, 0.24, 0.31, 0.38, 0.47, 0.62].map((said) => ({
          from: said - 0.03,
          to: said + 0.03,
          said,
          came: rate(said + (said > 0.3 ? 0.03 : -0.02), 96, 0.08),
        }))
      : [],
    columns: [
      { name: said.baseline, definition: "The stage then.", of_today: 0 },
      { name: "Industry", definition: "What companies.industry said then.", of_today: 912 },
    ],
    model: {
      version: 1,
      subject: {
        event: said.text,
        horizon_days: 90,
        population: said.population,
      },
      trained_at: AS_OF,
      seed: 4711001,
      rows: 3120,
      closed: published ? 912 : 138,
      happened: 260,
      base_rate: 0.27,
      columns: [said.baseline, "Industry"],
      is_forward: true,
      folds: [
        { learnt: 1200, judged: 400 },
        { learnt: 1600, judged: 420 },
      ],
      contenders: published
        ? CONTENDERS.map(([contender, name, loss, auc]) => ({
            contender,
            name,
            judged: judged(loss, auc),
          }))
        : [],
      best: published ? "both" : null,
      chosen: published ? "linear" : null,
      why: published
        ? "A logistic regression is the simplest whose loss, 0.4721 a row, is within a standard error of the least."
        : "Too few deals are closed to judge anything.",
      redrawn: "no",
      tried: [],
      judged: published ? judged(0.4721, 0.76) : null,
      audit: {
        suspects: published
          ? [
              {
                column: "Loss reason",
                kind: "filled_in_tells_outcome",
                evidence: 0.97,
                sentence: "Whether it is filled in tells the outcome in 97 of 100 pairs.",
                overruled: null,
              },
              {
                column: "Amount changes",
                kind: "written_at_closing",
                evidence: 0.61,
                sentence:
                  "61 % of its versions were written within a day of the closing or after it.",
                overruled: "The values are those known before the closing alone.",
              },
            ]
          : [],
        quarantined: published ? ["Loss reason"] : [],
      },
      refusals: published
        ? []
        : [{ obstacle: { kind: "too_few_closed", missing: 62 }, sentence: missing }],
      shifts: null,
      weights: published
        ? [
            { column: said.baseline, log_odds: 0.71 },
            { column: "Days in stage", log_odds: 0.32 },
            { column: "Industry", log_odds: 0.18 },
          ]
        : [],
      rules: [],
    },
  };
}

function group(of: Scored, id: string, definition: string): ScoreGroup {
  return {
    id,
    definition,
    n: 3,
    records: ["101", "102", "103"],
    query: {
      name: `${of}_behind_score`,
      parameters: [{ name: `:${of}`, value: "[101,102,103]" }],
    },
  };
}

function report(kind: Kind, of: Scored): ScoringReport {
  const published = kind === "published";
  return {
    schema: "scoring/1",
    as_of: AS_OF,
    time_zone: "Europe/Berlin",
    finding: published
      ? `6 ${of === "deals" ? "open deals" : "contacts without a won deal"} are scored by how likely they are ${OF[of].text}. Of two earlier ${of}, the one that was ${of === "deals" ? "won" : "converted"} had the higher score 76 % (72-80) of the time; by chance it is 50 %.`
      : "No score: not enough evidence: 62 more with a known outcome are needed. Of all sightings, 24 % (17-31) of 138 deals were won within 90 days.",
    is_published: published,
    card: card(kind, of),
    scores: published ? SCORES : [],
    segments: published
      ? []
      : [
          {
            name: "Stage",
            differ: true,
            rows: [
              { value: "Contract sent", rate: rate(0.44, 31, 0.15), evidence: { state: "sound" } },
              { value: "Qualified", rate: rate(0.15, 12, 0.12), evidence: { state: "weak" } },
            ],
          },
          {
            name: "Industry",
            differ: false,
            rows: [{ value: null, rate: rate(0.24, 138, 0.07), evidence: { state: "sound" } }],
          },
        ],
    groups: ["won", "lost", "open"].map((id) => group(of, id, `${of} that are ${id}.`)),
    notes: [
      "These are associations in this portal's past, not advice: changing one of them does not make a deal more likely to be won.",
    ],
    method: { id: "landmarks/1", text: "Every deal is seen at set days.", seed: "4711001" },
  };
}

const PEOPLE = {
  "101": "Anneliese Wolfeschlegelsteinhausenbergerdorff-Baumgartner",
  "102": "Ben Okafor",
  "103": "chiara@fabrikam.test",
  "104": "Daniel Ruiz",
  "105": "Eva Lindqvist",
};

export function sampleScoring(kind: Kind = "published", of: Scored = "deals"): ScoringView {
  return {
    portal: "4711001",
    pipelines: [{ id: "default", label: "Sales" }],
    version: kind === "published" ? 3 : null,
    names:
      of === "contacts"
        ? PEOPLE
        : {
            "101": "Northwind renewal and expansion of all their regional seats",
            "102": "Contoso platform",
            "103": "Fabrikam pilot",
            "104": "Tailspin upgrade",
            "105": "Litware",
            "106": "Adatum",
          },
    report: report(kind, of),
  };
}

export function sampleExplanation(record: string, of: Scored = "deals"): ScoreExplainView {
  const found = SCORES.find((known) => known.record === record) ?? score(0, 0.61, "top");
  const expected_log_odds = -1;
  return {
    portal: "4711001",
    version: 3,
    name: "Northwind renewal",
    card: card("published", of),
    explanation: {
      score: found,
      expected_log_odds,
      log_odds: REASONS.reduce((sum, { log_odds }) => sum + log_odds, expected_log_odds),
      reasons: REASONS,
      groups: REASONS.map(({ column }) =>
        group(of, column, `Those that were learnt from and seen with ${column} about that.`),
      ),
      caution:
        "These are associations in this portal's past, not advice: changing one of them does not make a deal more likely to be won.",
    },
  };
}

export function sampleModel(version = 4, of: Scored = "deals"): ScoreModelView {
  return {
    version,
    trained_at: AS_OF,
    is_published: true,
    in_use: "It is the first.",
    properties: [],
    card: card("published", of),
  };
}

/** Three models: the one in use, an older one, and one without a score. */
export function sampleModels(): ScoreModelLine[] {
  const of = (version: number, in_use: string | null, refusals: string[]): ScoreModelLine => {
    const { event, pipeline, population, model } = card(
      refusals.length > 0 ? "refused" : "published",
    );
    return {
      version,
      trained_at: `2026-11-${String(10 + version)}T08:00:00.000Z`,
      event,
      pipeline,
      rows: population.rows,
      records: population.records,
      contender: model.chosen === null ? null : "a logistic regression",
      judged: model.judged,
      is_published: refusals.length === 0,
      refusals,
      in_use,
      properties: version === 4 ? ["companies.tier"] : [],
      drift: version === 4 ? ["Of the newest rows 31 % were won, of those before 24 %."] : [],
    };
  };
  return [
    of(4, "It is no more than a standard error worse than the model before.", []),
    of(3, null, []),
    of(2, null, ["Not enough evidence: 62 more with a known outcome are needed."]),
  ];
}

export function sampleProperties(): ScorePropertiesView {
  return {
    usual: [
      { name: "companies.industry", label: "Industry", is_own: false },
      { name: "deals.hs_analytics_source", label: "Original traffic source", is_own: false },
    ],
    chosen: [],
    offered: [
      { name: "companies.tier", label: "Tier", is_own: true },
      { name: "deals.region", label: "Sales region of the end customer", is_own: true },
      { name: "companies.annualrevenue", label: "Annual revenue", is_own: false },
    ],
  };
}
