import type { PlanCounts, PlanState, PlanSummary } from "$lib/bindings";
import { count, counted } from "$lib/format";
import type { Tone } from "$lib/controls";

export const PLAN_STATES: Record<PlanState, { tone: Tone; word: string }> = {
  planned: { tone: "idle", word: "planned" },
  approved: { tone: "busy", word: "approved, not sent" },
  applying: { tone: "warn", word: "partly sent" },
  applied: { tone: "good", word: "applied" },
  discarded: { tone: "off", word: "put aside" },
};

const CHANGE_STATES: Record<string, { tone: Tone; word: string }> = {
  planned: { tone: "idle", word: "planned" },
  sending: { tone: "warn", word: "sent, outcome not known" },
  confirmed: { tone: "good", word: "confirmed" },
  failed: { tone: "bad", word: "refused" },
  conflict: { tone: "warn", word: "changed meanwhile" },
};

/** A change's state in words; one that is new to us keeps its own name. */
export function changeState(state: string): { tone: Tone; word: string } {
  const known = Object.hasOwn(CHANGE_STATES, state) ? CHANGE_STATES[state] : undefined;
  return known ?? { tone: "idle", word: state };
}

/** How many changes still have to be sent, or asked after. */
export function unsent(counts: PlanCounts): number {
  return counts.planned + counts.sending;
}

/** What became of a plan, in a sentence: `298 confirmed, 2 refused, 12 changed meanwhile.` */
export function outcome(counts: PlanCounts): string {
  const parts = [
    [counts.confirmed, "confirmed"],
    [counts.failed, "refused"],
    [counts.conflict, "changed meanwhile"],
    [counts.sending, "sent, outcome not known"],
    [counts.planned, "not sent"],
  ] as const;
  const said = parts.filter(([n]) => n > 0).map(([n, word]) => `${count(n)} ${word}`);
  return said.length === 0 ? "Nothing to change." : `${said.join(", ")}.`;
}

/** What a plan would do, in a sentence. */
export function effect({ counts, object_type, property }: PlanSummary): string {
  return `${counted(counts.total, "change")} of ${property} on ${object_type}`;
}
