import type { Alias, ListChange, Matching } from "$lib/bindings";

/** How a name must be written to count, as a person would say it. */
export const WRITTEN: Record<Matching, string> = {
  any_case: "in any case",
  exact_case: "letter for letter",
  fuzzy_ok: "near misses wait for you",
};

export const WRITTEN_OPTIONS: { value: Matching; text: string }[] = (
  ["any_case", "exact_case", "fuzzy_ok"] as const
).map((value) => ({ value, text: WRITTEN[value] }));

/** Names between commas, each once whatever its case, without those that are known. */
export function spellings(text: string, known: readonly string[] = []): string[] {
  const seen = new Set(known.map((name) => name.trim().toLocaleLowerCase()));
  const found: string[] = [];
  for (const part of text.split(/[,;\n]/)) {
    const name = part.trim();
    const key = name.toLocaleLowerCase();
    if (name === "" || seen.has(key)) continue;
    seen.add(key);
    found.push(name);
  }
  return found;
}

/** The changes that list a competitor with all the ways to write it. */
export function additions(name: string, others: string, ordinaryWord: boolean): ListChange[] {
  const called = name.trim();
  if (called === "") return [];
  const alias = (text: string, ordinary_word: boolean): ListChange => ({
    change: "alias",
    competitor: called,
    text,
    matching: "any_case",
    ordinary_word,
  });
  return [
    { change: "add", name: called },
    ...(ordinaryWord ? [alias(called, true)] : []),
    ...spellings(others, [called]).map((text) => alias(text, false)),
  ];
}

/** What is said of a spelling beside it. */
export function spellingWords({ matching, ordinary_word }: Alias): string {
  return ordinary_word ? `${WRITTEN[matching]}; also an ordinary word` : WRITTEN[matching];
}
