import type { StreamView, SyncKind, SyncReportView, SyncRunView, SyncStatus } from "$lib/bindings";
import { count, counted, duration } from "$lib/format";
import { streamWords } from "$lib/progress";

/** As many runs as the history tells: with so many, an older one may not be told. */
const RUNS_TOLD = 20;

/** HubSpot gives so many records in an answer. */
const PAGE = 100;

const KINDS: Record<SyncKind, string> = {
  full: "everything",
  resumed: "what was left",
  changes: "what changed",
};

/** What a run read: `what changed`. The first one of all is called the first load. */
export function kindWords(run: SyncRunView, runs: readonly SyncRunView[]): string {
  const earlier = runs.slice(runs.indexOf(run) + 1);
  const isFirst = runs.length < RUNS_TOLD && earlier.every(({ outcome }) => outcome !== "done");
  return run.kind === "full" && isFirst ? "first load" : KINDS[run.kind];
}

/** What the last run did, as a sentence of its own. */
export function lastRunWords(runs: readonly SyncRunView[]): string {
  const run = runs[0];
  if (run === undefined) return "";
  const running = run.outcome === "running";
  switch (kindWords(run, runs)) {
    case "first load":
      return `This ${running ? "is" : "was"} the first load: everything.`;
    case KINDS.full:
      return `It ${running ? "reads" : "read"} everything again.`;
    case KINDS.resumed:
      return `It ${running ? "goes" : "went"} on where the run before had stopped.`;
    default:
      return `It ${running ? "reads" : "read"} what changed since the run before.`;
  }
}

const READ: Record<SyncKind, string> = {
  full: "Read everything",
  resumed: "Read what an earlier run had left",
  changes: "Read what changed",
};

/** What a sync that just ended did, and at what cost. */
export function reportWords(report: SyncReportView): string {
  const { kind, rows, seconds, calls, calls_to_check } = report;
  const check = calls_to_check === 0 ? "" : `, and ${count(calls_to_check)} more to compare`;
  return `${READ[kind]}: ${counted(rows, "row")} in ${duration(seconds)} with ${counted(calls, "call")}${check}.`;
}

/** A stream of which not everything could be proven: what HubSpot counts, and what it gave. */
export function unprovenWords({ stream, unproven }: StreamView): string {
  const [, given, told] = /^(\d+) of (\d+)$/.exec(unproven ?? "") ?? [];
  const what = streamWords(stream);
  return given === undefined || told === undefined
    ? `${what}: ${unproven ?? ""}`
    : `${what}: HubSpot counts ${count(Number(told))} and gave ${count(Number(given))}.`;
}

/** What is left of the day, where HubSpot says it, and whether it is enough. */
function budgetWords(calls: number, left: number | null): string {
  if (left === null) return "";
  const words = ` HubSpot says that ${counted(left, "call")} ${left === 1 ? "is" : "are"} left today`;
  return calls > left ? `${words}, too few: it would stop there, and go on tomorrow.` : `${words}.`;
}

type Costs = Pick<SyncStatus, "full_calls" | "calls_left" | "reconciliation">;

/** How many pages it takes to see every record of every type once; none while nothing is known. */
function pages({ reconciliation }: Costs): number | null {
  const types = reconciliation?.objects.filter(({ unavailable }) => unavailable === null) ?? [];
  if (types.length === 0) return null;
  return types.reduce((sum, { ours }) => sum + Math.max(1, Math.ceil(ours / PAGE)), 0);
}

/** What it costs to read everything again. */
export function fullCost(costs: Costs): string {
  const least = pages(costs);
  if (costs.full_calls !== null) {
    const calls = counted(costs.full_calls, "call");
    return `Costs about ${calls}, as the last time.${budgetWords(costs.full_calls, costs.calls_left)}`;
  }
  if (least === null) return "Costs at least one call for every hundred records.";
  return `Costs at least ${counted(least, "call")}: one for every hundred records, and more for histories and links.${budgetWords(least, costs.calls_left)}`;
}

/** What it costs to compare all ids. */
export function compareCost(costs: Costs): string {
  const calls = pages(costs);
  if (calls === null)
    return "Costs one call for every hundred records, beside those for what changed.";
  return `Costs about ${counted(calls, "call")}, one for every hundred records, beside those for what changed.${budgetWords(calls, costs.calls_left)}`;
}
