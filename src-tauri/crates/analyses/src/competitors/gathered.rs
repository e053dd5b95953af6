//! From what a portal holds to texts with their times.
//!
//! A reason is what the property said at the moment asked about, dated by the version that said so; where
//! no version is known, by the close. A competitor property is dated by when it was first set to what it
//! says; what it said a day before the close counts as well where it was put right later, because that
//! was known before the outcome.

use std::collections::BTreeMap;

use crm::{Moment, RecordId};

use super::observation::{BEFORE_CLOSE, Outcome, Source};
use super::report::Text;
use super::text::Format;

/// A value that a property of a deal had.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DealValue {
    /// The deal.
    pub deal: RecordId,
    /// Since when. None: it has the value now, and no version of it is known.
    pub at: Option<Moment>,
    /// The value; empty: none.
    pub value: String,
}

/// Everything that a property of deals said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PropertyValues {
    /// What it is to the report: a reason, or a competitor property.
    pub source: Source,
    /// Whether its values are only written where a deal is closed, so that one without a version is
    /// dated by the close.
    pub at_close: bool,
    /// The values, of each deal in order of time.
    pub values: Vec<DealValue>,
}

/// The texts of a property, as known at a moment. Of a deal that `outcomes` does not have, nothing is
/// known.
#[must_use]
pub fn texts_of_property(
    property: &PropertyValues,
    outcomes: &BTreeMap<RecordId, Outcome>,
    as_of: Moment,
) -> Vec<Text> {
    let mut texts = Vec::new();
    for versions in property.values.chunk_by(|a, b| a.deal == b.deal) {
        let Some(deal) = versions.first().map(|version| version.deal) else {
            continue;
        };
        let Some(&outcome) = outcomes.get(&deal) else {
            continue;
        };
        for (at, value) in said(versions, property.at_close, outcome, as_of) {
            texts.push(Text {
                deal,
                source: property.source,
                at,
                format: Format::Plain,
                text: value.to_owned(),
            });
        }
    }
    texts
}

/// What one deal's versions said, each with since when.
fn said(
    versions: &[DealValue],
    at_close: bool,
    outcome: Outcome,
    as_of: Moment,
) -> Vec<(Option<Moment>, &str)> {
    let dated: Vec<(Moment, &str)> = versions
        .iter()
        .filter_map(|version| Some((version.at?, version.value.trim())))
        .filter(|(at, _)| *at <= as_of)
        .collect();
    let Some(now) = in_force(&dated, as_of) else {
        let undated = versions.iter().find(|version| version.at.is_none());
        let value = undated.map(|version| version.value.trim());
        let value = value.filter(|value| !value.is_empty());
        return match (value, outcome.closed_at(), at_close) {
            (Some(value), Some(closed), true) => vec![(Some(closed), value)],
            // A reason of a deal that was open then came later.
            (Some(_), None, true) | (None, ..) => Vec::new(),
            (Some(value), _, false) => vec![(None, value)],
        };
    };
    let mut found = Vec::new();
    if let (Some(closed), false) = (outcome.closed_at(), at_close)
        && let Some((at, value)) = in_force(&dated, closed.plus(-BEFORE_CLOSE))
        && value != now.1
        && !value.is_empty()
    {
        found.push((Some(at), value));
    }
    if !now.1.is_empty() {
        found.push((Some(now.0), now.1));
    }
    found
}

/// The value at a moment, and since when it was that without a break.
fn in_force<'a>(dated: &[(Moment, &'a str)], at: Moment) -> Option<(Moment, &'a str)> {
    let known = dated.get(..dated.partition_point(|(from, _)| *from <= at))?;
    let &(_, value) = known.last()?;
    let since = known.iter().rev().take_while(|(_, other)| *other == value);
    since.last().copied()
}
