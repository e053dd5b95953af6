/** A piece of a text from a CRM: characters that show as themselves, or one that would hide. */
export type Piece =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "mark"; readonly text: string; readonly name: string };

/** Characters that change how others read, or show nothing: with them a name can pose as another. */
const NAMES: ReadonlyMap<number, readonly [string, string]> = new Map([
  [0x09, ["TAB", "tab"]],
  [0x0a, ["LF", "line break"]],
  [0x0d, ["CR", "carriage return"]],
  [0xad, ["SHY", "soft hyphen"]],
  [0x34f, ["CGJ", "combining grapheme joiner"]],
  [0x61c, ["ALM", "Arabic letter mark"]],
  [0x115f, ["HF", "Hangul filler"]],
  [0x1160, ["HF", "Hangul filler"]],
  [0x180e, ["MVS", "Mongolian vowel separator"]],
  [0x200b, ["ZWSP", "zero-width space"]],
  [0x200c, ["ZWNJ", "zero-width non-joiner"]],
  [0x200d, ["ZWJ", "zero-width joiner"]],
  [0x200e, ["LRM", "left-to-right mark"]],
  [0x200f, ["RLM", "right-to-left mark"]],
  [0x2028, ["LS", "line separator"]],
  [0x2029, ["PS", "paragraph separator"]],
  [0x202a, ["LRE", "left-to-right embedding"]],
  [0x202b, ["RLE", "right-to-left embedding"]],
  [0x202c, ["PDF", "end of embedding"]],
  [0x202d, ["LRO", "left-to-right override"]],
  [0x202e, ["RLO", "right-to-left override"]],
  [0x2060, ["WJ", "word joiner"]],
  [0x2066, ["LRI", "left-to-right isolate"]],
  [0x2067, ["RLI", "right-to-left isolate"]],
  [0x2068, ["FSI", "first-strong isolate"]],
  [0x2069, ["PDI", "end of isolate"]],
  [0x3164, ["HF", "Hangul filler"]],
  [0xfeff, ["BOM", "zero-width no-break space"]],
  [0xffa0, ["HF", "Hangul filler"]],
]);

/** Control, format, private-use, unassigned and half characters: nothing that a name needs. */
const HIDDEN = /^(?:[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Cs}\u115f\u1160\u3164\uffa0\u2028\u2029]|\u034f)$/u;
const PICTURE = /^(?:\p{Extended_Pictographic}|\p{Emoji_Modifier}|\ufe0f)$/u;
const JOINED_SCRIPT =
  /^[\p{Script=Arabic}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Malayalam}\p{Script=Sinhala}\p{Script=Kannada}\p{Script=Telugu}\p{Script=Tamil}\p{Script=Syriac}\p{Mn}]$/u;

/** Joiners have honest work inside an emoji of several people and inside scripts that join. */
function isHonestJoiner(code: number, before: string | undefined, after: string | undefined) {
  if (before === undefined || after === undefined) return false;
  if (code === 0x200d && PICTURE.test(before) && PICTURE.test(after)) return true;
  return (
    (code === 0x200c || code === 0x200d) && JOINED_SCRIPT.test(before) && JOINED_SCRIPT.test(after)
  );
}

function markFor(code: number): readonly [string, string] {
  const spelled = `U+${code.toString(16).toUpperCase().padStart(4, "0")}`;
  return NAMES.get(code) ?? [spelled, `control character ${spelled}`];
}

/** Longer texts are cut: a cell is no place for a novel, and a browser no match for a megabyte. */
const LONGEST = 400;

/** A text from outside, cut where a character would hide or mislead. */
export function pieces(text: string, longest = LONGEST): Piece[] {
  const found: Piece[] = [];
  let run = "";
  const flush = () => {
    if (run !== "") found.push({ kind: "text", text: run });
    run = "";
  };
  // A character takes at most two units, so this slice holds every character that can be shown.
  const characters = Array.from(text.slice(0, longest * 2 + 2));
  for (const [index, character] of characters.slice(0, longest).entries()) {
    const code = character.codePointAt(0) ?? 0;
    const honest = isHonestJoiner(code, characters[index - 1], characters[index + 1]);
    if (honest || !HIDDEN.test(character)) {
      run += character;
      continue;
    }
    flush();
    const [short, name] = markFor(code);
    found.push({ kind: "mark", text: short, name });
  }
  if (characters.length > longest) run += "…";
  flush();
  return found;
}

/** The same as one plain text, for places that take no elements: titles, labels, options. */
export function visible(text: string, longest = LONGEST): string {
  return pieces(text, longest)
    .map((piece) => (piece.kind === "text" ? piece.text : `[${piece.text}]`))
    .join("");
}
