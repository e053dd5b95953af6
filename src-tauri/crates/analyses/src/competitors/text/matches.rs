//! All occurrences of many phrases in one pass: the leftmost and longest of those between word
//! boundaries.

use std::collections::BTreeMap;

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};

/// An occurrence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Found {
    /// The first byte in the folded text.
    pub(super) from: usize,
    /// The byte behind the last.
    pub(super) to: usize,
    /// Which phrase it is.
    pub(super) phrase: usize,
}

/// Many phrases, each with what it stands for.
#[derive(Debug)]
pub(super) struct Phrases<T> {
    automaton: AhoCorasick,
    meanings: Vec<Vec<T>>,
}

impl<T> Phrases<T> {
    /// An automaton over folded phrases. Meanings of equal phrases are kept together, in order.
    pub(super) fn new(
        phrases: impl IntoIterator<Item = (String, T)>,
    ) -> Result<Self, aho_corasick::BuildError> {
        let mut by_phrase: BTreeMap<String, Vec<T>> = BTreeMap::new();
        for (phrase, meaning) in phrases {
            by_phrase.entry(phrase).or_default().push(meaning);
        }
        // Overlapping occurrences are asked for, and the longest chosen here: a longest one that
        // ends within a word must not hide a shorter one that does not.
        let automaton = AhoCorasick::builder()
            .match_kind(MatchKind::Standard)
            .kind(Some(AhoCorasickKind::ContiguousNFA))
            .build(by_phrase.keys())?;
        Ok(Self {
            automaton,
            meanings: by_phrase.into_values().collect(),
        })
    }

    /// What a phrase stands for.
    pub(super) fn meanings(&self, found: Found) -> &[T] {
        self.meanings.get(found.phrase).map_or(&[], Vec::as_slice)
    }

    /// The occurrences that do not overlap, from left to right.
    pub(super) fn find(&self, text: &str) -> Vec<Found> {
        let mut all = self.all(text);
        let mut free = 0;
        all.retain(|found| {
            let fits = found.from >= free;
            if fits {
                free = found.to;
            }
            fits
        });
        all
    }

    /// All occurrences between word boundaries, of those that begin together the longest first.
    pub(super) fn all(&self, text: &str) -> Vec<Found> {
        let mut all: Vec<Found> = self
            .automaton
            .find_overlapping_iter(text)
            .filter(|found| between_words(text, found.start(), found.end()))
            .map(|found| Found {
                from: found.start(),
                to: found.end(),
                phrase: found.pattern().as_usize(),
            })
            .collect();
        all.sort_unstable_by_key(|found| (found.from, std::cmp::Reverse(found.to)));
        all
    }
}

/// Of occurrences in the order of `all`, those that lie in no longer one; they may overlap.
pub(super) fn longest(all: impl Iterator<Item = Found>) -> impl Iterator<Item = Found> {
    let mut end = 0;
    all.filter(move |found| {
        let reaches_on = found.to > end;
        end = end.max(found.to);
        reaches_on
    })
}

/// Whether a piece of text neither begins nor ends within a word. A Latin name between Japanese or
/// Chinese letters, which put no spaces between words, stands on its own.
fn between_words(text: &str, from: usize, to: usize) -> bool {
    let piece = &text[from..to];
    let joins = |outer: Option<char>, inner: Option<char>| match (outer, inner) {
        (Some(outer), Some(inner)) => {
            outer.is_alphanumeric()
                && inner.is_alphanumeric()
                && spaceless(outer) == spaceless(inner)
        }
        _ => false,
    };
    !joins(text[..from].chars().next_back(), piece.chars().next())
        && !joins(text[to..].chars().next(), piece.chars().next_back())
}

/// Scripts that are written without spaces: kana, Han, Hangul with its particles, Thai.
fn spaceless(letter: char) -> bool {
    matches!(letter, '\u{e00}'..='\u{e7f}' | '\u{1100}'..='\u{11ff}' | '\u{3040}'..='\u{30ff}'
        | '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let names = [
            "base",
            "base crm",
            "dynamics",
            "dynamics 365",
            "act!",
            "zoho",
        ];
        let phrases = Phrases::new(names.map(|name| (name.to_owned(), ()))).unwrap();
        let found: Vec<_> = phrases
            .find(text)
            .iter()
            .map(|f| &text[f.from..f.to])
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn the_longest_between_word_boundaries_is_found() {
        check("base crm and dynamics 365.", &["base crm", "dynamics 365"]);
        check("base crms", &["base"]);
        check("database, basement, zohography", &[]);
        check("zoho's/zoho-zoho", &["zoho", "zoho", "zoho"]);
        check("from act! to", &["act!"]);
        check("zohoに決めた", &["zoho"]);
        check("żzoho 5zoho", &[]);
    }
}
