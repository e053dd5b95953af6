import type {
  ExplainedCounts,
  ReconciledMonth,
  ReconciledObject,
  ReconciledSample,
  ReconciliationView,
} from "$lib/bindings";
import type { Tone } from "$lib/controls";
import { count, counted } from "$lib/format";
import { streamWords } from "$lib/progress";

const EXPLANATIONS: readonly [keyof ExplainedCounts, string][] = [
  ["archived", "archived"],
  ["merged", "merged"],
  ["purged", "erased"],
  ["no_access", "without access"],
  ["newer", "newer than the sync"],
  ["repaired", "read again"],
];

/** What the differences were: `3 merged, 1 archived`. Empty where there were none. */
export function explainedWords(explained: ExplainedCounts): string {
  return EXPLANATIONS.filter(([kind]) => explained[kind] > 0)
    .map(([kind, word]) => `${count(explained[kind])} ${word}`)
    .join(", ");
}

/** A month's differences, the unexplained ones first. */
export function differenceWords({ explained, unexplained }: ReconciledMonth): string {
  const unknown = unexplained === 0 ? [] : [`${count(unexplained)} unexplained`];
  return [...unknown, explainedWords(explained)].filter((part) => part !== "").join(", ");
}

/** Whether a type's counts agree, as a state. */
export function verdict(object: ReconciledObject): { tone: Tone; word: string } {
  if (object.unavailable !== null) return { tone: "off", word: "not told by HubSpot" };
  if (object.unexplained > 0)
    return { tone: "bad", word: `${count(object.unexplained)} unexplained` };
  return { tone: "good", word: explainedWords(object.explained) === "" ? "equal" : "explained" };
}

/** The finding in one sentence. */
export function findingWords({ objects, unexplained }: ReconciliationView): string {
  if (unexplained > 0) {
    const differ = unexplained === 1 ? "differs" : "differ";
    return `${counted(unexplained, "record")} ${differ} from HubSpot's counts without an explanation: see below.`;
  }
  const told = objects.filter(({ theirs }) => theirs !== null);
  const records = told.reduce((sum, { theirs }) => sum + (theirs ?? 0), 0);
  const words = `${counted(records, "record")} of ${counted(told.length, "type")}`;
  return told.some(({ explained }) => explainedWords(explained) !== "")
    ? `HubSpot counts ${words}; every difference is explained.`
    : `HubSpot counts ${words}, and the copy holds exactly these.`;
}

/** What the re-read samples showed: `Deals to contacts: 200 records compared, 2 rows set right`. */
export function sampleWords(sample: ReconciledSample): string {
  const stream =
    sample.to === null ? `history/${sample.object}` : `associations/${sample.object}/${sample.to}`;
  const different = sample.missing + sample.surplus;
  const outcome =
    different === 0
      ? "all equal"
      : `${counted(different, "row")} differed, ${count(sample.repaired)} set right`;
  return `${streamWords(stream)}: ${counted(sample.compared, "record")} compared, ${outcome}`;
}
