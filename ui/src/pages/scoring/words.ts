import type {
  RecordScore,
  Evidence,
  ScoreCard,
  ScoreModelLine,
  ScoreProperty,
  Scored,
  ScoreReason,
  Suspect,
} from "$lib/bindings";
import { counted, decimal } from "$lib/format";

/** What the page calls those that are scored, and what becomes of them. */
export const CALLED = {
  deals: {
    one: "deal",
    name: "Deal",
    many: "deals",
    open: "open deals",
    openOne: "open deal",
    now: "open now",
    won: "won",
    within: "Won within",
    lost: "lost",
    pair: "Of a won and a lost deal, how often the won one is put first",
    known: "how a deal ended before it has",
    meanwhile: "while a deal is open",
  },
  contacts: {
    one: "contact",
    name: "Contact",
    many: "contacts",
    open: "contacts without a won deal",
    openOne: "contact",
    now: "without a won deal",
    won: "converted",
    within: "Converted within",
    lost: "not",
    pair: "Of two contacts of which one converted, how often that one is put first",
    known: "who converts before it is so",
    meanwhile: "before a deal is won",
  },
} as const satisfies Record<Scored, Record<string, string>>;

/** What a rate of so many records is worth. */
export function evidenceOf(n: number): Evidence {
  if (n < 5) return { state: "none", needs: 20 - n };
  return { state: n < 20 ? "weak" : "sound" };
}

/** `+ Industry: Software`, so that colour alone never tells which way a reason goes. */
export function reasonWords(reason: ScoreReason): string {
  return `${reason.log_odds > 0 ? "+" : "−"} ${reason.column}: ${reason.value}`;
}

/** The strongest reasons in a line. */
export function reasonsWords(score: RecordScore): string {
  return score.reasons.map(reasonWords).join("; ");
}

/** A change of the log-odds with its sign. */
export function signed(value: number): string {
  return `${value < 0 ? "−" : "+"}${decimal(Math.abs(value), 2)}`;
}

/** `0.78 (0.72–0.83)`. */
export function between(
  found: { value: number; low: number; high: number } | null,
  digits: number,
): string {
  if (found === null) return "none";
  const [value, low, high] = [found.value, found.low, found.high].map((of) => decimal(of, digits));
  return `${value} (${low}–${high})`;
}

/** What stands between the portal and a score; empty where there is one. */
export function refusals(card: ScoreCard): string[] {
  return card.model.refusals.map((refusal) => refusal.sentence);
}

/** How far a reason's bar reaches, as a share of half the picture. */
export function reach(reason: ScoreReason, all: readonly ScoreReason[]): number {
  const most = Math.max(...all.map((of) => Math.abs(of.log_odds)), 1e-9);
  return Math.abs(reason.log_odds) / most;
}

/** What a kept model is used for. */
export function stateOf(model: Pick<ScoreModelLine, "in_use" | "is_published">): string {
  if (model.in_use !== null) return "In use";
  return model.is_published ? "Kept" : "No score";
}

/** `Industry, Country/Region`. */
export function labels(properties: readonly ScoreProperty[]): string {
  return properties.map(({ label }) => label).join(", ");
}

/** Whose property it is: `company, own`. */
export function typeOf(property: ScoreProperty): string {
  const types: Record<string, string> = {
    companies: "company",
    contacts: "first contact",
    deals: "deal",
  };
  const type = property.name.split(".")[0] ?? "";
  return `${types[type] ?? type}${property.is_own ? ", your own" : ""}`;
}

/** Those whose label or name has what is sought in it. */
export function matching(properties: readonly ScoreProperty[], sought: string): ScoreProperty[] {
  const wanted = sought.trim().toLowerCase();
  return properties.filter(
    ({ name, label }) =>
      name.toLowerCase().includes(wanted) || label.toLowerCase().includes(wanted),
  );
}

/** What choosing a model came to, and how it is taken back. */
export function usedWords(
  version: number,
  done: { before: number | null; scored: number },
): string {
  const used = `Model ${String(version)} is in use and has scored ${counted(done.scored, "open deal")}.`;
  if (done.before === null) return used;
  return `${used} Choosing model ${String(done.before)} takes that back.`;
}

/** A sentence whose shares stay in one line with their sign. */
export function unbroken(sentence: string): string {
  return sentence.replaceAll(" %", "\u00a0%");
}

/** What is suspect, once a column: the first suspect of each, and what is said of all of its. */
export function byColumn(suspects: readonly Suspect[]): [Suspect, string[]][] {
  const found = new Map<string | null, [Suspect, string[]]>();
  for (const suspect of suspects) {
    const known = found.get(suspect.column);
    if (known === undefined) found.set(suspect.column, [suspect, [suspect.sentence]]);
    else if (!known[1].includes(suspect.sentence)) known[1].push(suspect.sentence);
  }
  return [...found.values()];
}
