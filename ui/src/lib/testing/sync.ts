import type { ReconciliationView, SyncStatus } from "../bindings";

/** The streams of a made-up copy: one refused, one unproven. */
export const STREAMS: SyncStatus["streams"] = [
  { stream: "pipelines", rows: 2, unavailable: null },
  { stream: "owners", rows: 12, unavailable: null },
  { stream: "properties/deals", rows: 184, unavailable: null },
  { stream: "records/companies", rows: 1204, unavailable: null },
  { stream: "records/contacts", rows: 4018, unavailable: null },
  { stream: "records/deals", rows: 2511, unavailable: null },
  { stream: "records/notes", rows: 9120, unavailable: null },
  {
    stream: "records/emails",
    rows: 0,
    unavailable: "The token lacks the scope sales-email-read.",
  },
  { stream: "changes/deals", rows: 498, unavailable: null, unproven: "498 of 500" },
  { stream: "associations/deals/contacts", rows: 5230, unavailable: null },
];

const NOTHING_EXPLAINED = {
  archived: 0,
  merged: 0,
  purged: 0,
  no_access: 0,
  newer: 0,
  repaired: 0,
};

/** A comparison that found what was archived, what was missed and read since, and one deal nobody
 * explains. */
export function reconciliation(): ReconciliationView {
  return {
    checked_at: "2026-11-21T07:51:00.000Z",
    since: "2026-11-21T07:50:00.000Z",
    whole: true,
    not_checked: null,
    unexplained: 1,
    objects: [
      {
        object: "deals",
        theirs: 2511,
        ours: 2511,
        explained: { ...NOTHING_EXPLAINED, archived: 2, repaired: 3 },
        unexplained: 1,
        unavailable: null,
        months: [
          {
            month: "2026-10",
            theirs: 1300,
            ours: 1300,
            explained: NOTHING_EXPLAINED,
            unexplained: 0,
          },
          {
            month: "2026-11",
            theirs: 1211,
            ours: 1211,
            explained: { ...NOTHING_EXPLAINED, archived: 2, repaired: 3 },
            unexplained: 1,
          },
        ],
      },
      {
        object: "emails",
        theirs: null,
        ours: 0,
        explained: NOTHING_EXPLAINED,
        unexplained: 0,
        unavailable: "missing_scopes",
        months: [],
      },
    ],
    samples: [
      {
        object: "deals",
        to: "contacts",
        sampled: 200,
        compared: 200,
        missing: 0,
        surplus: 0,
        repaired: 0,
      },
    ],
    differences: [{ object: "deals", id: "9001", why: "unexplained" }],
  };
}
