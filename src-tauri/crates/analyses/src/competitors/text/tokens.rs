//! Words, clauses and sentences of a folded text.

/// What stands between two words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Gap {
    /// Spaces, quotation marks, slashes.
    Space,
    /// A comma, a colon, a bracket, a sign that means "and".
    Comma,
    /// A spaced hyphen, a semicolon, or a word such as "but".
    Clause,
    /// A full stop, or the end of a line.
    Sentence,
}

/// A word.
#[derive(Debug, Clone, Copy)]
pub(super) struct Token {
    /// Its first byte in the folded text.
    pub(super) from: usize,
    /// The byte behind it.
    pub(super) to: usize,
    /// What stands before it.
    pub(super) gap: Gap,
    /// Clauses are numbered through the whole text.
    pub(super) clause: u32,
    /// So are sentences.
    pub(super) sentence: u32,
    /// Whether it begins a line that is an item of a list.
    pub(super) item: bool,
    /// Whether a colon stands before it.
    pub(super) after_colon: bool,
}

/// Words after which something else is said: what was denied before is not denied after.
const TURNS: &[&str] = &[
    "but",
    "however",
    "although",
    "aber",
    "jedoch",
    "sondern",
    "mais",
    "cependant",
    "pero",
    "sino",
    "maar",
    "mas",
    "porem",
    "ma",
    "invece",
    "while",
    "whereas",
    "though",
    "wahrend",
    "obwohl",
    "tandis",
    "mientras",
    "aunque",
    "terwijl",
    "hoewel",
    "mentre",
    "enquanto",
    "embora",
];

/// Shortened words whose full stop ends no sentence.
const SHORT: &[&str] = &[
    "approx", "bzw", "ca", "cf", "dr", "e.g", "eg", "etc", "evtl", "ex", "excl", "fr", "ggf", "hr",
    "i.e", "ie", "incl", "inkl", "mr", "mrs", "ms", "nr", "p.ej", "resp", "st", "vs", "z.b", "zb",
];

/// The words of a folded text.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let mut found: Vec<Token> = Vec::with_capacity(text.len() / 5);
    let (mut clause, mut sentence) = (0, 0);
    let mut behind = 0;
    let mut letters = text.char_indices().peekable();
    while let Some((from, letter)) = letters.next() {
        if !letter.is_alphanumeric() {
            continue;
        }
        let mut to = from + letter.len_utf8();
        while let Some(&(at, next)) = letters.peek() {
            let follows = || text[at + next.len_utf8()..].starts_with(char::is_alphanumeric);
            if next.is_alphanumeric() || (matches!(next, '\'' | '.' | '@') && follows()) {
                to = at + next.len_utf8();
                letters.next();
            } else {
                break;
            }
        }
        let between = &text[behind..from];
        let before = found.last().map(|token| &text[token.from..token.to]);
        let word = &text[from..to];
        let mut gap = gap(between, before);
        if gap < Gap::Clause && TURNS.contains(&word) {
            gap = Gap::Clause;
        }
        clause += u32::from(gap >= Gap::Clause);
        sentence += u32::from(gap == Gap::Sentence);
        let line = between.rsplit('\n').next().unwrap_or(between);
        found.push(Token {
            from,
            to,
            gap,
            clause,
            sentence,
            item: (between.contains('\n') || behind == 0) && line.contains(['-', '*', '•', '–']),
            after_colon: between.trim_end().ends_with(':'),
        });
        behind = to;
    }
    found
}

fn gap(between: &str, before: Option<&str>) -> Gap {
    let stop = between.starts_with(['.', '!', '?'])
        && !(between.starts_with('.') && before.is_some_and(is_short));
    if between.contains('\n') || stop || between.contains(['!', '?', '•']) {
        Gap::Sentence
    } else if between.contains(';')
        || between.contains(" - ")
        || between.contains(['–', '—', '…'])
        || between.contains("..")
    {
        Gap::Clause
    } else if between.contains([',', ':', '(', ')', '>', '→'])
        || [" / ", " + ", " & "].contains(&between)
    {
        Gap::Comma
    } else {
        Gap::Space
    }
}

fn is_short(word: &str) -> bool {
    SHORT.contains(&word) || word.len() == 1
}

/// The first token that begins at or after a byte.
pub(super) fn at_or_after(tokens: &[Token], byte: usize) -> usize {
    tokens.partition_point(|token| token.to <= byte)
}

/// The token behind the last one that begins before a byte.
pub(super) fn behind(tokens: &[Token], byte: usize) -> usize {
    tokens.partition_point(|token| token.from < byte)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_clauses_and_sentences() {
        let text = "not zoho, but x.com - didn't go e.g. there. next one";
        let found = tokens(text);
        let words: Vec<_> = found.iter().map(|t| &text[t.from..t.to]).collect();
        assert_eq!(
            words,
            [
                "not", "zoho", "but", "x.com", "didn't", "go", "e.g", "there", "next", "one"
            ]
        );
        let clauses: Vec<_> = found.iter().map(|t| t.clause).collect();
        assert_eq!(clauses, [0, 0, 1, 1, 2, 2, 2, 2, 3, 3]);
        let sentences: Vec<_> = found.iter().map(|t| t.sentence).collect();
        assert_eq!(sentences, [0, 0, 0, 0, 0, 0, 0, 0, 1, 1]);
    }
}
