//! The rows of the report, each with the deals and sentences behind it.

use std::collections::{BTreeMap, BTreeSet};

use crm::RecordId;
use stats::Evidence;

use super::logging::count;
use super::matrix::{margins, rate};
use super::observation::{Book, Deal, Observation, Source};
use super::report::{Margin, MentionRow, ReasonRow, Text, WaitingRow};
use super::text::{CompetitorId, Reader, Reading, Reason, Role, folded};

pub(super) fn observations(text: &Text, reading: &Reading) -> Vec<Observation> {
    let of = |(competitor, role): (&CompetitorId, Role)| Observation {
        deal: text.deal,
        competitor: competitor.clone(),
        role,
        source: text.source,
        at: text.at,
    };
    let found = match text.source {
        Source::LossReason => reading.competitors_as_reason(),
        _ => reading.competitors(),
    };
    found.into_iter().map(of).collect()
}

/// The deals of each reason, from reasons of losses alone: in a note "no budget yet" is no reason.
/// Where somebody got the deal it was not lost to nobody.
pub(super) fn reasons_by_deal(
    readings: &[(&Text, Reading)],
) -> BTreeMap<Reason, BTreeSet<RecordId>> {
    let mut found: BTreeMap<Reason, BTreeSet<RecordId>> = BTreeMap::new();
    for (text, reading) in readings
        .iter()
        .filter(|(text, _)| text.source == Source::LossReason)
    {
        let taken = reading
            .competitors()
            .iter()
            .any(|(_, role)| *role == Role::LostTo);
        for reason in &reading.reasons {
            if !(taken && reason.reason == Reason::NoDecision) {
                found.entry(reason.reason).or_default().insert(text.deal);
            }
        }
    }
    found
}

pub(super) fn reason_rows(
    book: &Book,
    reasons: &BTreeMap<Reason, BTreeSet<RecordId>>,
    lost: u32,
) -> Vec<ReasonRow> {
    let row = |(reason, deals): (&Reason, &BTreeSet<RecordId>)| {
        let is_lost = |deal: &&Deal| deal.outcome.is_lost() && deals.contains(&deal.id);
        let ids: Vec<RecordId> = book
            .deals()
            .iter()
            .filter(is_lost)
            .map(|deal| deal.id)
            .collect();
        ReasonRow {
            reason: *reason,
            share_of_losses: Evidence::of_count(lost)
                .has_number()
                .then(|| rate(count(ids.len()), lost)),
            deals: ids,
        }
    };
    reasons
        .iter()
        .map(row)
        .filter(|row| !row.deals.is_empty())
        .collect()
}

pub(super) fn mention_rows(readings: &[(&Text, Reading)]) -> Vec<MentionRow> {
    let mut rows: Vec<MentionRow> = Vec::new();
    for (text, reading) in readings {
        rows.extend(reading.mentions.iter().map(|mention| MentionRow {
            deal: text.deal,
            source: text.source,
            at: text.at,
            competitor: mention.competitor.clone(),
            role: mention.role,
            negated: mention.negated,
            sentence: mention.sentence.clone(),
            span: mention.span,
        }));
    }
    rows.sort_by_key(|row| (row.deal, row.at, row.source, row.span));
    rows
}

pub(super) fn margin_rows(book: &Book) -> Vec<Margin> {
    let lost = |segment: Option<&String>, stage: Option<&String>| {
        let here = |deal: &&Deal| {
            deal.outcome.is_lost()
                && segment.is_none_or(|segment| *segment == deal.segment)
                && stage.is_none_or(|stage| *stage == deal.stage)
        };
        book.deals()
            .iter()
            .filter(here)
            .map(|deal| deal.id)
            .collect()
    };
    margins(book)
        .into_iter()
        .map(|(segment, stage)| Margin {
            lost_deals: lost(segment.as_ref(), stage.as_ref()),
            segment,
            stage,
        })
        .filter(|margin| !margin.lost_deals.is_empty())
        .collect()
}

/// A value of a property for competitors that names nobody who is listed: a name, unless it is too
/// long to be one or says that there is none.
fn unlisted<'a>(text: &'a Text, reading: &Reading) -> Option<&'a str> {
    let value = text.text.trim();
    let is_name = text.source == Source::Property
        && reading.mentions.is_empty()
        && reading.review.is_empty()
        && (2..=LONGEST_UNLISTED).contains(&value.chars().count())
        && !NOBODY.contains(&folded(value).as_str());
    is_name.then_some(value)
}

/// The longest value that may be a name, in letters.
const LONGEST_UNLISTED: usize = 60;

/// Values that say that there is no competitor, or none that is known.
const NOBODY: &[&str] = &[
    "none",
    "no",
    "no competitor",
    "nobody",
    "other",
    "others",
    "unknown",
    "n/a",
    "na",
    "tbd",
    "yes",
    "true",
    "false",
    "keine",
    "keiner",
    "kein",
    "unbekannt",
    "andere",
    "sonstige",
    "aucun",
    "autre",
    "inconnu",
    "ninguno",
    "otro",
    "nessuno",
    "altro",
    "geen",
    "andere",
    "nenhum",
    "outro",
];

pub(super) fn waiting(reader: &Reader, readings: &[(&Text, Reading)]) -> Vec<WaitingRow> {
    let dismissed: BTreeSet<String> = {
        let words = reader.dictionary().ordinary_words.iter();
        words.map(|word| folded(word)).collect()
    };
    type Key = (String, Option<CompetitorId>);
    let mut found: BTreeMap<Key, WaitingRow> = BTreeMap::new();
    let mut add = |name: &str, competitor: Option<&CompetitorId>, sentence: &str, deal| {
        let key = (name.to_lowercase(), competitor.cloned());
        let row = found.entry(key).or_insert_with(|| WaitingRow {
            name: name.to_owned(),
            competitor: competitor.cloned(),
            sentences: Vec::new(),
            deals: Vec::new(),
        });
        row.sentences.push(sentence.to_owned());
        row.deals.push(deal);
    };
    for (text, reading) in readings {
        for suspect in &reading.review {
            add(
                &suspect.written,
                Some(&suspect.competitor),
                &suspect.sentence,
                text.deal,
            );
        }
        for proposal in &reading.proposals {
            add(&proposal.name, None, &proposal.sentence, text.deal);
        }
        if let Some(name) = unlisted(text, reading) {
            add(name, None, name, text.deal);
        }
    }
    let mut rows: Vec<WaitingRow> = found
        .into_values()
        .filter(|row| !dismissed.contains(&folded(&row.name)))
        .collect();
    for row in &mut rows {
        row.sentences.sort_unstable();
        row.sentences.dedup();
        row.deals.sort_unstable();
        row.deals.dedup();
    }
    rows.sort_by_key(|row| std::cmp::Reverse(row.deals.len()));
    rows
}
