//! The phrases that say what a name is doing in a sentence, in seven languages: data in `lexicon/`,
//! read into one automaton.
//!
//! A line of a file is `kind side: phrase | phrase`. `side` says where the phrase stands: `before`
//! the name, directly before it (`beside`), `after` it, as the `head` of a short text, or `-` where that
//! does not matter. `{a,b}` stands for either.
//!
//! Verbs that need a preposition are `frame`s, `verb + preposition`: the preposition stands directly before
//! the name, the verb anywhere before it in the clause, so that "awarded the rollout in Spain to" needs no
//! phrase of its own. With `bracket` the verb may also stand behind the name, as in German and Dutch. A line
//! `fillers: word word` names adverbs that may stand within any phrase.
//!
//! `lexicon/implied/` holds what implies a role without a verb of losing or winning: states, orders of
//! somebody above, mentions, and what became of the deal.

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
    /// That the deal is lost, or won, whoever is named.
    DealLost,
    DealWon,
    /// That what was chosen was chosen long ago, or for another year.
    Lasting,
    /// That what is said may come, or not.
    Hedge,
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
    /// The phrase is followed by the name after a colon, a hyphen or a full stop: "Lost: Zoho".
    Head,
    /// A preposition ties the phrase, which stands before it, to the name.
    Frame(usize),
    /// As in a frame, or with the phrase behind the name.
    Bracket(usize),
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
    include_str!("lexicon/implied/en.txt"),
    include_str!("lexicon/implied/de.txt"),
    include_str!("lexicon/implied/fr.txt"),
    include_str!("lexicon/implied/es.txt"),
    include_str!("lexicon/implied/nl.txt"),
    include_str!("lexicon/implied/pt.txt"),
    include_str!("lexicon/implied/it.txt"),
];

impl Cue {
    /// Whether it is a verb that needs its preposition.
    pub(super) fn is_frame(&self) -> bool {
        matches!(self.side, Side::Frame(_) | Side::Bracket(_))
    }
}

/// The prepositions of a frame, folded, each as its words.
pub(super) type Prepositions = Vec<Vec<String>>;

/// All that the files say.
#[derive(Debug, Default)]
pub(super) struct Lexicon {
    /// Phrases and verbs of frames, folded, with their meaning, in the order of the files. The same
    /// words may come twice.
    pub(super) cues: Vec<(String, Cue)>,
    /// The prepositions of each frame.
    pub(super) frames: Vec<Prepositions>,
    /// Adverbs that may stand within a phrase, folded, sorted.
    pub(super) fillers: Vec<String>,
}

/// Reads the files.
pub(super) fn lexicon() -> Lexicon {
    let mut lexicon = Lexicon::default();
    for text in FILES.iter().flat_map(|file| file.lines()) {
        lexicon.add(text);
    }
    lexicon.fillers.sort_unstable();
    lexicon.fillers.dedup();
    lexicon
}

impl Lexicon {
    /// Adds what a line says; whether it says anything.
    fn add(&mut self, line: &str) -> bool {
        if let Some(words) = line.strip_prefix("fillers: ") {
            self.fillers.extend(words.split_whitespace().map(fold_name));
            return true;
        }
        let Some((head, phrases)) = line.split_once(": ") else {
            return false;
        };
        let Some((kind, side)) = head.split_once(' ') else {
            return false;
        };
        let Some(sense) = sense(kind) else {
            return false;
        };
        for phrase in split_phrases(phrases) {
            if let "frame" | "bracket" = side {
                if !self.add_frame(phrase, sense, side == "bracket") {
                    return false;
                }
                continue;
            }
            let side = match side {
                "before" => Side::Before,
                "beside" => Side::Beside,
                "after" => Side::After,
                "head" => Side::Head,
                "-" => Side::Free,
                _ => return false,
            };
            let cue = Cue { sense, side };
            self.cues.extend(folded(phrase).map(|text| (text, cue)));
        }
        true
    }

    fn add_frame(&mut self, phrase: &str, sense: Sense, bracket: bool) -> bool {
        let Some((verbs, prepositions)) = phrase.split_once(" + ") else {
            return false;
        };
        let prepositions = folded(prepositions)
            .map(|text| text.split(' ').map(str::to_owned).collect())
            .collect();
        let frame = self.frames.len();
        let side = if bracket {
            Side::Bracket(frame)
        } else {
            Side::Frame(frame)
        };
        self.frames.push(prepositions);
        let cue = Cue { sense, side };
        self.cues.extend(folded(verbs).map(|text| (text, cue)));
        true
    }
}

/// What a line's first word stands for.
fn sense(kind: &str) -> Option<Sense> {
    Some(match kind {
        "lost" => Sense::Role(Role::LostTo),
        "evaluated" => Sense::Role(Role::Evaluated),
        "partner" => Sense::Role(Role::Partner),
        "keep" => Sense::Kept,
        "use" => Sense::Used,
        "leave" => Sense::Left,
        "not" => Sense::Not,
        "neutral" => Sense::Nothing,
        "person" => Sense::Person,
        "deal_lost" => Sense::DealLost,
        "deal_won" => Sense::DealWon,
        "lasting" => Sense::Lasting,
        "hedge" => Sense::Hedge,
        "no_decision" => Sense::Why(Reason::NoDecision),
        "budget" => Sense::Why(Reason::Budget),
        "timing" => Sense::Why(Reason::Timing),
        "went_dark" => Sense::Why(Reason::WentDark),
        "feature_gap" => Sense::Why(Reason::FeatureGap),
        _ => return None,
    })
}

/// A phrase in each of its spellings, folded.
fn folded(phrase: &str) -> impl Iterator<Item = String> {
    spelled_out(phrase).into_iter().filter_map(|spelled| {
        let folded = fold_name(&spelled.split_whitespace().collect::<Vec<_>>().join(" "));
        (!folded.is_empty()).then_some(folded)
    })
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
            assert!(
                text.starts_with('#') || Lexicon::default().add(text),
                "{text}"
            );
        }
        let lexicon = lexicon();
        let verbs = lexicon.cues.iter().filter(|(_, cue)| cue.is_frame());
        assert!(verbs.count() > 500 && lexicon.cues.len() > 2_500);
    }

    #[test]
    fn braces_stand_for_each_of_their_choices() {
        assert_eq!(spelled_out("{a,b} c{d,}"), ["a cd", "a c", "b cd", "b c"]);
    }
}
