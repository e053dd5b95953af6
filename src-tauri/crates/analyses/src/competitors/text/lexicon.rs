//! The phrases that say what a name is doing in a sentence, in seven languages: data in `lexicon/`,
//! read into one automaton.
//!
//! A line of a file is `kind side: phrase | phrase`. `side` says where the phrase stands: `before`
//! the name, directly before it (`beside`), `after` it, or `-` where that does not matter. `{a,b}` stands for either.

use super::folded::fold_name;
use super::roles::{Reason, Role};

/// What a phrase says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sense {
    /// The role of the name.
    Role(Role),
    /// That it is the incumbent because it was kept: denied, it is displaced.
    Kept,
    /// That it is the incumbent because it is used: denied, it is not there.
    Used,
    /// That it is being left: denied, it is kept.
    Left,
    /// That what follows, or went before, is not so.
    Not,
    /// Nothing; the phrase only keeps its words from being read as something else.
    Nothing,
    /// That a person or an event is meant, not the vendor's part in this deal.
    Person,
    /// Why a deal was lost without a competitor.
    Why(Reason),
}

/// On which side of a name a phrase counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    /// The phrase stands before the name.
    Before,
    /// The phrase stands directly before the name.
    Beside,
    /// The phrase stands after the name.
    After,
    /// The phrase is not about a name.
    Free,
}

/// One meaning of a phrase.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Cue {
    pub(super) sense: Sense,
    pub(super) side: Side,
}

const FILES: &[&str] = &[
    include_str!("lexicon/en.txt"),
    include_str!("lexicon/de.txt"),
    include_str!("lexicon/fr.txt"),
    include_str!("lexicon/es.txt"),
    include_str!("lexicon/nl.txt"),
    include_str!("lexicon/pt.txt"),
    include_str!("lexicon/it.txt"),
];

/// All phrases, folded, with their meaning, in the order of the files. A phrase may come twice.
pub(super) fn phrases() -> Vec<(String, Cue)> {
    let lines = FILES.iter().flat_map(|file| file.lines());
    lines.filter_map(line).flatten().collect()
}

fn line(line: &str) -> Option<Vec<(String, Cue)>> {
    let (head, phrases) = line.split_once(": ")?;
    let (kind, side) = head.split_once(' ')?;
    let sense = match kind {
        "lost" => Sense::Role(Role::LostTo),
        "evaluated" => Sense::Role(Role::Evaluated),
        "partner" => Sense::Role(Role::Partner),
        "keep" => Sense::Kept,
        "use" => Sense::Used,
        "leave" => Sense::Left,
        "not" => Sense::Not,
        "neutral" => Sense::Nothing,
        "person" => Sense::Person,
        "no_decision" => Sense::Why(Reason::NoDecision),
        "budget" => Sense::Why(Reason::Budget),
        "timing" => Sense::Why(Reason::Timing),
        "went_dark" => Sense::Why(Reason::WentDark),
        "feature_gap" => Sense::Why(Reason::FeatureGap),
        _ => return None,
    };
    let side = match side {
        "before" => Side::Before,
        "beside" => Side::Beside,
        "after" => Side::After,
        "-" => Side::Free,
        _ => return None,
    };
    let mut found = Vec::new();
    for phrase in split_phrases(phrases) {
        for spelled in spelled_out(phrase) {
            let folded = fold_name(&spelled.split_whitespace().collect::<Vec<_>>().join(" "));
            if !folded.is_empty() {
                found.push((folded, Cue { sense, side }));
            }
        }
    }
    Some(found)
}

fn split_phrases(phrases: &str) -> impl Iterator<Item = &str> {
    phrases.split(" | ").map(str::trim)
}

/// A phrase for each choice of its first braces, and so on for the others.
fn spelled_out(phrase: &str) -> Vec<String> {
    let Some((before, rest)) = phrase.split_once('{') else {
        return vec![phrase.to_owned()];
    };
    let (choices, after) = rest.split_once('}').unwrap_or((rest, ""));
    let ends = spelled_out(after);
    choices
        .split(',')
        .flat_map(|choice| ends.iter().map(move |end| format!("{before}{choice}{end}")))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_lexicon_is_read() {
        for text in FILES.iter().flat_map(|file| file.lines()) {
            assert!(text.starts_with('#') || line(text).is_some(), "{text}");
        }
        assert!(phrases().len() > 2_000);
    }

    #[test]
    fn braces_stand_for_each_of_their_choices() {
        assert_eq!(spelled_out("{a,b} c{d,}"), ["a cd", "a c", "b cd", "b c"]);
    }
}
