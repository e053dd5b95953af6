import type { Change, QuotaEntry, WhatIfReport } from "../bindings";
import { eur, sampleReport } from "./report";

/** Made-up quotas and suppositions. Never part of a build that ships. */

export const SAMPLE_QUOTAS: QuotaEntry[] = [
  {
    label: "Q4 2026",
    first_day: "2026-10-01",
    last_day: "2026-12-31",
    pipeline: null,
    team: null,
    owner: null,
    amount: eur(1_400_000),
    set_at: "2026-10-01T08:00:00.000Z",
    current: true,
  },
];

/** Every supposition takes ten thousand from the forecast. */
export function sampleWhatIf(changes: readonly Change[]): WhatIfReport {
  const { total, hubspot, spread, quota, expected_from_open, deals } = sampleReport();
  const less = changes.length * 10_000;
  const of = (off: number) => ({
    expected_from_open: eur(Number(expected_from_open.value?.amount ?? 0) - off),
    total: eur(Number(total.value?.amount ?? 0) - off),
    p10: eur(Number(spread?.p10.amount ?? 0) - off),
    p50: eur(Number(spread?.p50.amount ?? 0) - off),
    p90: eur(Number(spread?.p90.amount ?? 0) - off),
    hubspot: eur(Number(hubspot.value?.amount ?? 0) - off),
    quota: quota?.probability ?? null,
  });
  const rows = deals.slice(0, less === 0 ? 0 : 1);
  return {
    schema: "what-if/1",
    as_of: "2026-11-21T08:00:00.000Z",
    before: of(0),
    after: of(less),
    change: eur(-less),
    deals: rows.map(({ id, name }) => ({
      id,
      name,
      before: eur(less),
      after: eur(0),
      change: eur(-less),
    })),
    unknown: [],
    seed: "7",
    draws: 10_000,
  };
}
