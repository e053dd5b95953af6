//! HubSpot's forecast categories, as known at the moment asked for, and what became of deals in them.

use std::collections::BTreeMap;

use crm::Moment;
use rust_decimal::Decimal;
use timeline::{CategoryIx, Known, queries};

use super::count;
use super::deals::OpenDeal;
use super::landmarks::Horizon;
use super::report::CategoryRow;
use super::risks::Learnt;
use super::scope::{Scope, list};
use super::sightings::{self, Share, Sighting, Tally};

/// What became of deals in a category; or in none.
#[derive(Debug)]
pub(crate) struct Category {
    category: Option<CategoryIx>,
    won: Learnt,
}

/// What became of deals in each category that one was seen in at the landmarks.
pub(crate) fn learned(scope: Scope<'_>, landmarks: &[Moment], horizon: Horizon) -> Vec<Category> {
    let timeline = scope.timeline;
    let mut tallies: BTreeMap<Option<CategoryIx>, Tally> = BTreeMap::new();
    sightings::each(timeline, landmarks, horizon, |seen: &Sighting| {
        // Of what was chosen before HubSpot's history begins nothing is known.
        let unknown = seen.state.category == Known::Unknown;
        if !unknown && scope.holds_stage(seen.stage) {
            let category = seen.state.category.value();
            tallies.entry(category).or_default().add(seen);
        }
    });
    let learned = |(category, tally): (Option<CategoryIx>, Tally)| Category {
        category,
        won: Learnt::of(scope, &tally.share(timeline)),
    };
    tallies.into_iter().map(learned).collect()
}

/// A row for every category that an open deal has, and one for those without.
pub(crate) fn rows(scope: Scope<'_>, open: &[OpenDeal], learned: &[Category]) -> Vec<CategoryRow> {
    let timeline = scope.timeline;
    let mut by_category: BTreeMap<Option<CategoryIx>, Vec<&OpenDeal>> = BTreeMap::new();
    for deal in open {
        by_category
            .entry(deal.state.category.value())
            .or_default()
            .push(deal);
    }
    let nothing = Share {
        rate: None,
        deals: Vec::new(),
    };
    let nothing = Learnt::of(scope, &nothing);
    let mut rows: Vec<_> = by_category
        .into_iter()
        .map(|(category, deals)| {
            let known = learned.iter().find(|known| known.category == category);
            let won = known.map_or(&nothing, |known| &known.won);
            let raw = category.and_then(|ix| timeline.categories().get(ix.index()));
            row(scope, raw, &deals, won)
        })
        .collect();
    rows.sort_by_key(|row| place(row.category.as_deref()));
    rows
}

fn row(
    scope: Scope<'_>,
    category: Option<&String>,
    deals: &[&OpenDeal],
    won: &Learnt,
) -> CategoryRow {
    let closing = || deals.iter().filter(|deal| deal.closes_in_period);
    let sum =
        |amounts: &mut dyn Iterator<Item = Option<Decimal>>| -> Decimal { amounts.flatten().sum() };
    let told = deals.iter().all(|deal| deal.estimate.evidence.has_number());
    let ids: Vec<_> = deals
        .iter()
        .map(|deal| scope.timeline.id(deal.deal))
        .collect();
    CategoryRow {
        category: category.cloned(),
        label: category.map_or_else(|| "No category".to_owned(), |raw| label(raw)),
        open_deals: count(deals.len()),
        amount: scope.money(sum(&mut deals.iter().map(|deal| deal.amount))),
        closing_deals: count(closing().count()),
        closing_amount: scope.money(sum(&mut closing().map(|deal| deal.amount))),
        hubspot: scope.money(sum(&mut closing().map(|deal| deal.hubspot))),
        expected: told.then(|| scope.money(sum(&mut deals.iter().map(|deal| deal.contribution)))),
        won: won.rate,
        evidence: won.evidence,
        won_query: won.query.clone(),
        query: scope.query(queries::DEALS_LISTED, &[(":deals", list(&ids))]),
    }
}

/// HubSpot's own values, the surest first; those that a portal made itself stand between.
const KNOWN: [(&str, &str); 7] = [
    ("CLOSED", "Closed won"),
    ("COMMIT", "Commit"),
    ("MOST_LIKELY", "Most likely"),
    ("BEST_CASE", "Best case"),
    ("PIPELINE", "Pipeline"),
    ("OMIT", "Not forecasted"),
    ("NOT_FORECASTED", "Not forecasted"),
];

fn known(category: &str) -> Option<usize> {
    let same = |(raw, _): &(&str, &str)| raw.eq_ignore_ascii_case(category);
    KNOWN.iter().position(same)
}

/// The category in words.
pub(crate) fn label(category: &str) -> String {
    match known(category) {
        Some(at) => KNOWN[at].1.to_owned(),
        None => category.to_owned(),
    }
}

fn place(category: Option<&str>) -> (usize, String) {
    match category {
        None => (usize::MAX, String::new()),
        Some(raw) => (known(raw).unwrap_or(4), raw.to_owned()),
    }
}
