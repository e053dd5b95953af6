import { describe, expect, it } from "vitest";
import { DEMO } from "../backend/mock";
import { copies } from "./copy";

const open = {
  snapshot: {
    id: "snap-00000000000000ff",
    portal: DEMO.id,
    name: "Before the reorganisation",
    taken_at: "2026-08-03T08:00:00Z",
    complete_to: "2026-08-03T07:00:00Z",
  },
  time_zone: "America/New_York",
  home_currency: "USD",
};

describe("copies", () => {
  it("lists portals before snapshots, each under its own id", () => {
    expect(copies([DEMO], [open]).map(({ id }) => id)).toEqual([DEMO.id, open.snapshot.id]);
  });
  it("takes a snapshot's days, currency and freshness from the snapshot", () => {
    const [, frozen] = copies([{ ...DEMO, colour: 5 }], [open]);
    expect(frozen).toMatchObject({
      colour: 5,
      time_zone: "America/New_York",
      home_currency: "USD",
      synced_at: "2026-08-03T07:00:00Z",
      snapshot: open.snapshot,
    });
  });
  it("needs no portal on this machine", () => {
    expect(copies([], [open])).toHaveLength(1);
  });
});
