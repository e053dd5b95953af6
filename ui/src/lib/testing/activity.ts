import type {
  ActivityVerdict,
  ActivityReport,
  ActivityRow,
  Effect,
  Evidence,
  Measure,
  Rung,
  RungKind,
} from "../bindings";

/** Made-up data for component states and tests. Never part of a build that ships. */

const AS_OF = "2026-11-21T08:00:00.000Z";
const KINDS: [RungKind, string][] = [
  ["raw", "Raw difference (not evidence)"],
  ["per_week", "Per week at risk"],
  ["landmark", "Landmark"],
  ["adjusted", "Adjusted, week by week"],
  ["matched", "Matched pairs"],
];
const DEALS = ["101", "102", "103", "104", "105", "106"];
const QUERY = {
  name: "deals_with_activity",
  parameters: [
    { name: ":as_of", value: "1795248000000" },
    { name: ":deals", value: "[101,102,103,104,105,106]" },
  ],
};

function effect(value: number, half: number): Effect {
  return {
    value,
    error: half / 1.96,
    low: value - half,
    high: value + half,
    level: 0.95,
    p: Math.abs(value) > half ? 0.01 : 0.4,
  };
}

function row(
  measure: Measure,
  label: string,
  verdict: ActivityVerdict,
  window: number,
  found: readonly (readonly [number, number] | null)[],
): ActivityRow {
  const rungs = found.map((of, place): Rung => {
    const [kind, name] = KINDS[place] ?? (["matched", "Matched pairs"] as const);
    const evidence: Evidence = of === null ? { state: "none", needs: 14 } : { state: "sound" };
    return {
      rung: kind,
      label: name,
      definition: "What exactly is compared.",
      effect: of === null ? null : effect(...of),
      ratio: null,
      evidence,
      n: DEALS.length,
      exposed: 3,
      won: 2,
      landmarks: [],
      imbalance: kind === "matched" ? 0.04 : null,
      group: kind === "raw" || kind === "per_week" ? "closed" : "weeks",
    };
  });
  const labels = {
    survives_adjustment: "survives adjustment",
    association: "association",
    none_found: "no difference found",
    too_few: "too few deals",
    not_used: "not used",
  };
  return {
    measure,
    label,
    definition: "What exactly is counted.",
    window_days: window,
    at_least: 1,
    rungs,
    verdict,
    verdict_label: labels[verdict],
    smallest_found: verdict === "not_used" ? null : 0.028,
    e_value: verdict === "not_used" ? null : { estimate: 1.98, bound: 1.5 },
    q: verdict === "not_used" ? null : 0.012,
    flags:
      verdict === "association"
        ? [
            {
              code: "follows_progress",
              text: "It comes right after a stage change more often than otherwise.",
            },
          ]
        : [],
  };
}

/** A report with every verdict. */
export function sampleActivity(): ActivityReport {
  const ladders = (window: number) => [
    row("meetings", "Meetings", "survives_adjustment", window, [
      [0.24, 0.05],
      [0.11, 0.05],
      [0.06, 0.04],
      [0.05, 0.02],
      [0.06, 0.05],
    ]),
    row("calls", "Calls", "association", window, [
      [0.21, 0.05],
      [0.07, 0.05],
      [0.02, 0.04],
      [0.01, 0.02],
      [-0.01, 0.05],
    ]),
    row("notes", "Notes", "none_found", window, [
      [0.04, 0.06],
      [0.01, 0.06],
      [0, 0.04],
      [-0.01, 0.02],
      [0.01, 0.05],
    ]),
    row("messages", "Messages", "too_few", window, [[0.1, 0.3], [0.02, 0.3], null, null, null]),
    row("emails_opened", "E-mails opened", "not_used", window, [
      [0.3, 0.05],
      [0.1, 0.05],
    ]),
  ];
  return {
    schema: "activity/1",
    as_of: AS_OF,
    time_zone: "Europe/Berlin",
    pipeline: null,
    horizon_days: 90,
    lag_days: 7,
    finding:
      "Survives adjustment: meetings (+5.0 points of the chance to be won within 90 days for 1 or more in 14 days; +3.0 to +7.0). An association that stood up to 3 comparisons, not a proof.",
    rows: [7, 14, 30].flatMap(ladders),
    questions: 9,
    stalled: {
      definition:
        "Open deals that have been in their stage for longer than 4 of 5 stays in it lasted.",
      window_days: 30,
      n: 2,
      rows: [
        {
          measure: "meetings",
          label: "Meetings",
          stalled: 0,
          others: 0.62,
          effect: effect(-0.62, 0.2),
          evidence: { state: "weak" },
          q: 0.01,
          without: 2,
        },
      ],
      deals: [
        { id: "101", name: "Rope & Sons", stage: "Offer", days_in_stage: 74, lacks: ["meetings"] },
        { id: "102", name: null, stage: "New", days_in_stage: 61, lacks: [] },
      ],
      query: QUERY,
    },
    groups: ["closed", "weeks"].map((id) => ({
      id,
      definition: "What is common to the deals.",
      n: DEALS.length,
      deals: DEALS,
      query: QUERY,
    })),
    notes: [{ code: "opened", text: "HubSpot's counter of opened e-mails weighs nothing." }],
    method: {
      id: "ladder/1",
      text: "How it was computed.",
      seed: "7",
      draws: 1000,
      deal_weeks: 12_400,
      sampled: false,
      sampled_at_landmarks: false,
    },
  };
}
