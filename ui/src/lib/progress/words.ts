import type { ErrorCode, Phase, Progress } from "../bindings";
import { counted, ratePerSecond, timeLeft, count, NO_BREAK } from "../format";

const PHASES: Record<Phase, string> = {
  starting_demo: "Starting the demo portal on this machine",
  waiting_for_consent: "Waiting for your consent in the browser",
  connecting: "Connecting",
  reading: "Reading",
  checking: "Comparing with HubSpot's counts",
  planning: "Comparing with what HubSpot holds",
  writing: "Writing to HubSpot",
  freezing: "Working on the snapshot",
};

function sentence(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

function spaced(text: string): string {
  return text.replaceAll("_", " ");
}

/** `records/deals` is `Deals`, `associations/deals/contacts` is `Deals to contacts`. */
export function streamWords(stream: string): string {
  const [kind = "", first = "", second = ""] = stream.split("/").map(spaced);
  switch (kind) {
    case "records":
      return sentence(first);
    case "changes":
      return `Changes of ${first}`;
    case "gone":
      return `Deleted and merged ${first}`;
    case "backfill":
      return `New properties of ${first}`;
    case "associations":
      return second === "" ? `Links of ${first}` : `${sentence(first)} to ${second}`;
    case "properties":
      return first === "" ? "Property definitions" : `Properties of ${first}`;
    case "history":
      return `History of ${first}`;
    case "pipelines":
      return first === "" ? "Pipelines" : `Pipelines of ${first}`;
    default:
      return sentence([kind, first, second].filter((part) => part !== "").join(" "));
  }
}

const KINDS = [
  "account",
  "owners",
  "pipelines",
  "properties",
  "schemas",
  "backfill",
  "records",
  "history",
  "changes",
  "gone",
];

/** Streams as a reader looks for them: what the portal is, then its records, then how they belong
 * together; by name within. */
export function inReadingOrder<T extends { stream: string }>(streams: readonly T[]): T[] {
  const rank = ({ stream }: T) => {
    const at = KINDS.indexOf(stream.split("/")[0] ?? "");
    return at === -1 ? KINDS.length : at;
  };
  return [...streams].sort((a, b) => rank(a) - rank(b) || a.stream.localeCompare(b.stream, "en"));
}

/** What is being done: `Reading deals`. */
export function phaseWords({ phase, what }: Progress): string {
  if (phase === "reading" && what !== "") return `Reading ${streamWords(what).toLowerCase()}`;
  return PHASES[phase];
}

/** How far it is, 0 to 1; none while nothing is known of the whole. */
export function share({ steps_done, steps_total }: Progress): number | null {
  return steps_total === 0 ? null : Math.min(1, steps_done / steps_total);
}

/** How far, how fast, how long still, at what cost: each only where it is known. */
export function progressFacts(progress: Progress): string[] {
  const unit = progress.phase === "writing" ? "change" : "row";
  const facts: string[] = [];
  if (progress.steps_total > 1) {
    const step = Math.min(progress.steps_done + 1, progress.steps_total);
    facts.push(`step${NO_BREAK}${count(step)} of ${count(progress.steps_total)}`);
  }
  if (progress.done > 0) facts.push(counted(progress.done, unit));
  if (progress.per_second > 0) facts.push(ratePerSecond(progress.per_second, `${unit}s`));
  if (progress.calls > 0) facts.push(counted(progress.calls, "call"));
  if (progress.calls_left !== undefined)
    facts.push(`${counted(progress.calls_left, "call")} left today`);
  if (progress.seconds_left !== null) facts.push(timeLeft(progress.seconds_left));
  return facts;
}

const CODES: Record<ErrorCode, string> = {
  bad_input: "the request made no sense",
  unknown_portal: "the portal is not known here",
  locked: "secrets were locked",
  wrong_passphrase: "the passphrase was wrong",
  keychain_unavailable: "no keychain answered",
  disconnected: "HubSpot withdrew the access",
  token_refused: "HubSpot refused the token",
  missing_scope: "a scope was missing",
  unreachable: "HubSpot was unreachable",
  rate_limited: "the call budget was used up",
  refused: "HubSpot refused",
  cancelled: "stopped by you",
  consent_timed_out: "consent did not arrive",
  in_use: "another process held the data",
  disk_full: "the disk was full",
  newer_data: "the data is of a newer Plumbline",
  damaged: "the file was damaged",
  definition_conflict: "a definition was in the way",
  wrong_plan_state: "the plan was not ready for it",
  internal: "a fault inside Plumbline",
};

/** The words that the history of runs keeps, which are the sync's own. */
const RUN_CODES: ReadonlyMap<string, string> = new Map([
  ["network", "HubSpot was unreachable"],
  ["hubspot_unavailable", "HubSpot was not available"],
  ["reconnect", "HubSpot refused the token"],
  ["token_refused", "HubSpot refused the token"],
  ["access_withdrawn", "HubSpot withdrew the access"],
  ["token_store", "the token could not be kept"],
  ["hubspot_refused", "HubSpot refused a question"],
  ["store", "the copy could not be written"],
  ["missing_scopes", "the token lacks a scope for it"],
  ["forbidden", "the plan or the user may not read it"],
  ["not_found", "the portal does not have it"],
  ["wrong_portal", "the token is of another portal"],
  ["cursor_repeated", "HubSpot gave the same page twice"],
  ["empty_pages", "HubSpot gave only empty pages"],
  ["writer_died", "a fault inside Plumbline"],
]);

/** Why a run or a connection stopped, in words; what is no code stays as it is. */
export function codeWords(code: string): string {
  return RUN_CODES.get(code) ?? (Object.hasOwn(CODES, code) ? CODES[code as ErrorCode] : code);
}
