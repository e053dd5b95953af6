//! Names that nobody listed: "went with Vtiger" names a competitor to whoever reads it.

use super::lexicon::{Sense, Side};
use super::roles::{CueAt, Role, Scene};
use super::tokens::Gap;

/// Words after which a name follows directly.
const LEADS: &[&str] = &[
    "with",
    "w",
    "w/",
    "to",
    "against",
    "for",
    "an",
    "gegen",
    "fur",
    "bei",
    "mit",
    "avec",
    "chez",
    "contre",
    "pour",
    "de",
    "con",
    "contra",
    "por",
    "per",
    "bij",
    "voor",
    "van",
    "com",
    "para",
    "pelo",
    "pela",
    "contro",
    "a",
    "o",
    "chose",
    "chosen",
    "picked",
    "selected",
    "bought",
    "choisi",
    "retenu",
    "prefere",
    "eligieron",
    "eligio",
    "scelto",
    "preferito",
    "gekozen",
    "escolheram",
    "escolheu",
    "prefirieron",
    "preferred",
    "purchased",
    "signed",
];

/// Capitalised words that are no vendors.
const NO_NAMES: &[&str] = &[
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "montag",
    "dienstag",
    "mittwoch",
    "donnerstag",
    "freitag",
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
    "q1",
    "q2",
    "q3",
    "q4",
    "h1",
    "h2",
    "i",
    "we",
    "they",
    "he",
    "she",
    "it",
    "excel",
    "sheets",
    "google sheets",
    "outlook",
    "legal",
    "procurement",
    "it",
    "ceo",
    "cfo",
    "cto",
    "cro",
    "vp",
    "option",
    "plan",
    "no",
    "yes",
    "not",
    "nobody",
    "our",
    "their",
    "the",
    "a",
    "an",
    "price",
    "internal",
    "inhouse",
    "wettbewerber",
    "mitbewerber",
    "konkurrenz",
    "angebot",
    "eigenentwicklung",
    "preis",
    "kunde",
    "kontakt",
    "vertrag",
    "anbieter",
    "losung",
    "excel",
    "crm",
    "erp",
    "another",
    "competitor",
    "competition",
    "someone",
    "somebody",
    "other",
    "docusign",
    "usd",
    "eur",
    "us",
    "uns",
    "until",
    "till",
    "since",
    "because",
    "and",
    "in",
    "on",
    "by",
    "with",
    "after",
    "before",
    "this",
    "last",
    "next",
];

/// How many words a preposition may stand away from its verb.
const FARTHEST: usize = 4;

/// The most words of a name.
const LONGEST: usize = 3;

/// The tokens of names that are proposed: the first, and the one behind the last.
pub(super) fn proposals(
    scene: &Scene<'_>,
    is_capital: impl Fn(usize) -> bool,
) -> Vec<(usize, usize)> {
    let mut found: Vec<(usize, usize)> = scene
        .cues
        .iter()
        .filter_map(|at| proposal(scene, at, &is_capital))
        .collect();
    found.sort_unstable();
    found.dedup();
    found
}

/// Where a name would begin that a phrase leads to: behind it, or behind a preposition of its frame.
fn begins_at(scene: &Scene<'_>, at: &CueAt) -> Option<usize> {
    match at.cue.side {
        Side::Before => {
            let leads = LEADS.contains(&scene.word(at.end.checked_sub(1)?));
            leads.then_some(at.end)
        }
        Side::Frame(frame) | Side::Bracket(frame) => {
            let bracket = matches!(at.cue.side, Side::Bracket(_));
            let from = if bracket {
                at.first.saturating_sub(FARTHEST)
            } else {
                at.end
            };
            let prepositions = scene.frames.get(frame)?;
            (from..at.end + FARTHEST).find(|&first| {
                let same = scene.same_clause(at.first, first);
                same && scene
                    .led_by(first, prepositions)
                    .is_some_and(|lead| lead >= at.end || first < at.first)
            })
        }
        _ => None,
    }
}

fn proposal(
    scene: &Scene<'_>,
    at: &CueAt,
    is_capital: &impl Fn(usize) -> bool,
) -> Option<(usize, usize)> {
    if at.cue.sense != Sense::Role(Role::LostTo) || is_denied(scene, at) {
        return None;
    }
    let first = begins_at(scene, at)?;
    let mut end = first;
    while end - first < LONGEST {
        let Some(token) = scene.tokens.get(end) else {
            break;
        };
        let linked = if end == first {
            token.gap <= Gap::Comma && !token.after_colon
        } else {
            token.gap == Gap::Space
        };
        let word = scene.word(end);
        let kind_of_product = end > first && ["crm", "erp"].contains(&word);
        if !linked || !is_capital(end) || (NO_NAMES.contains(&word) && !kind_of_product) {
            break;
        }
        end += 1;
    }
    // Names of the dictionary need no proposal, nor do single letters.
    let known = scene
        .names
        .iter()
        .any(|name| name.first < end && first < name.end);
    // "Deloitte's advice": what somebody owns is not who was chosen.
    let owns = end
        .checked_sub(1)
        .is_some_and(|last| scene.word(last).ends_with("'s"));
    (end > first && !known && !owns && scene.word(first).chars().count() > 1)
        .then_some((first, end))
}

fn is_denied(scene: &Scene<'_>, cue: &CueAt) -> bool {
    scene.cues.iter().any(|at| {
        at.cue.sense == Sense::Not
            && at.end <= cue.first
            && cue.first - at.end <= 2
            && scene.tokens.get(at.first).map(|t| t.clause)
                == scene.tokens.get(cue.first).map(|t| t.clause)
    })
}
