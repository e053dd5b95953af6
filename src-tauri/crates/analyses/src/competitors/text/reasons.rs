//! Why a deal was lost to nobody.

use super::lexicon::{Sense, Side};
use super::page::Page;
use super::reading::{Mention, Proposal, ReasonFound};
use super::roles::{Reason, Role, Scene};
use super::tokens::Gap;

/// Reasons without a competitor. The price is no such reason where the text names who was cheaper.
pub(super) fn reasons(
    page: &Page,
    scene: &Scene<'_>,
    mentions: &[Mention],
    unknown: &[Proposal],
) -> Vec<ReasonFound> {
    let lost = !unknown.is_empty()
        || mentions
            .iter()
            .any(|mention| mention.role == Role::LostTo && !mention.negated);
    let mut found: Vec<ReasonFound> = Vec::new();
    for at in scene.cues {
        let Sense::Why(reason) = at.cue.sense else {
            continue;
        };
        let words = page.written(at.first, at.end).to_lowercase();
        let money = ["budget", "presupuesto", "verba", "orçamento"];
        let priced = reason == Reason::Budget && !money.iter().any(|word| words.contains(word));
        let denied = scene.cues.iter().any(|not| {
            not.cue.sense == Sense::Not
                && not.cue.side == Side::Before
                && not.end <= at.first
                && at.first - not.end <= 1
                && page
                    .tokens
                    .get(at.first)
                    .is_some_and(|token| token.gap == Gap::Space)
        });
        // A single word such as "price" is a reason where a clause begins with it, not in "send prices".
        let bare = at.end - at.first == 1
            && !page.tokens.get(at.first).is_some_and(|token| {
                at.first == 0 || token.gap >= Gap::Clause || token.after_colon
            });
        let bare = bare && BARE.contains(&page.word(at.first));
        if (priced && lost) || denied || bare || found.iter().any(|known| known.reason == reason) {
            continue;
        }
        found.push(ReasonFound {
            reason,
            span: page.source_span(at.first, at.end),
        });
    }
    found
}

/// Words that are a reason on their own, and else may be anything.
const BARE: &[&str] = &[
    "budget",
    "price",
    "pricing",
    "cost",
    "costs",
    "funding",
    "timing",
    "preis",
    "kosten",
    "zeitpunkt",
    "prix",
    "tarif",
    "cout",
    "precio",
    "coste",
    "costo",
    "prijs",
    "preco",
    "custo",
    "prezzo",
    "costi",
    "presupuesto",
    "orcamento",
    "verba",
    "missing",
    "functionality",
    "funcionalidad",
    "funcionalidade",
    "funzionalita",
    "later",
    "budgets",
    "expensive",
];
