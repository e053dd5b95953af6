import type { OpenSnapshotView, PortalSummary, SnapshotMark } from "../bindings";

/** What a report is made from: a portal's copy on this machine, or an open snapshot of one. */
export interface Copy extends PortalSummary {
  /** Present for a snapshot: it is frozen, and nothing is read anew or written from it. */
  readonly snapshot: SnapshotMark | null;
}

/** Portals, then the snapshots that are open. A snapshot wears its portal's colour where that is
 * known here; it is never mistaken for the portal, having an id and a mark of its own. */
export function copies(
  portals: readonly PortalSummary[],
  open: readonly OpenSnapshotView[],
): Copy[] {
  const frozen = open.map(({ snapshot, time_zone, home_currency }): Copy => {
    const live = portals.find(({ id }) => id === snapshot.portal);
    return {
      id: snapshot.id,
      name: snapshot.name,
      colour: live?.colour ?? 0,
      demo: live?.demo ?? false,
      account_type: live?.account_type ?? null,
      time_zone,
      home_currency,
      connection: { state: "connected" },
      connected_by: null,
      synced_at: snapshot.complete_to,
      snapshot,
    };
  });
  return [...portals.map((portal): Copy => ({ ...portal, snapshot: null })), ...frozen];
}
