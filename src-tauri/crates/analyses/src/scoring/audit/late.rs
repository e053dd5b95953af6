//! Values that come to be known later than the moment of their row.

use super::telling::{alone, alone_by};
use super::{Found, Provenance, SuspectKind};
use crate::forecast::words::percent;
use crate::scoring::order::drawn;
use crate::scoring::table::{Column, Table};
use crate::scoring::{Order, ScoringError};
use stats::beta_cdf;
use stats::scores::{delong_difference, weighted_auc};

/// Lagged by a week it tells less by this.
const DROP: f64 = 0.05;
/// And by so many of the difference's errors.
const ERRORS: f64 = 2.0;
/// Rows that were there a week before, at least.
const LEAST_LAGGED: usize = 100;
/// Of the newest rows so many fewer have it filled in.
const FILLED_LESS: f64 = 0.3;
/// So rarely chance leaves as few of the newest rows filled in.
const RARE: f64 = 1e-6;
/// The newest rows: from so many on, doubled up to this share of all.
const NEWEST: usize = 8;
const NEWEST_SHARE: f64 = 0.2;
/// What a column hardly says of the outcome does no harm.
const TELLS: f64 = 0.55;
/// The level of an interval that nobody reads.
const LEVEL: f64 = 0.95;

/// Whether a column tells much less by what it held a week before, on the rows that were there then.
pub(super) fn worse_when_older(
    table: &Table,
    column: &Column,
    known: &Provenance,
    seed: u64,
) -> Result<Option<Found>, ScoringError> {
    let Some(before) = &known.week_before else {
        return Ok(None);
    };
    let rows = &before.rows;
    let fits = before.values.len() == rows.len() && rows.iter().all(|&row| row < table.rows());
    if rows.len() < LEAST_LAGGED || !fits || table.has_both(rows).is_err() {
        return Ok(None);
    }
    let groups: Vec<u32> = rows.iter().map(|&row| table.groups()[row]).collect();
    let mut deals = groups.clone();
    deals.sort_unstable();
    deals.dedup();
    let there = Table::new(Vec::new(), table.outcomes(rows))?
        .with_groups(groups, table.weights_of(rows))?;
    let all: Vec<usize> = (0..rows.len()).collect();
    let folds = drawn(&there, &all, seed, 11);
    let held = column.values.of_rows(rows);
    let now = alone(&there, &folds, &held);
    let area = |scores: &[f64]| weighted_auc(scores, there.happened(), there.weights());
    let area_now = area(&now)?;
    // By what was learnt from it as it is now, which hardly moves where it hardly did; or by what can be
    // learnt from it as it was, where it said the same in other words.
    let (mut then, mut area_then) = (Vec::new(), 0.0);
    for scores in [
        alone_by(&there, &folds, &held, &before.values),
        alone(&there, &folds, &before.values),
    ] {
        let area = area(&scores)?;
        if area > area_then {
            (then, area_then) = (scores, area);
        }
    }
    let Ok(difference) = delong_difference(&now, &then, there.happened(), LEVEL) else {
        return Ok(None);
    };
    // Rows of one deal say much the same: the error is that of as many deals.
    let error = difference.error * (rows.len() as f64 / deals.len() as f64).sqrt();
    let drop = area_now - area_then;
    Ok((drop > DROP.max(ERRORS * error)).then(|| Found {
        column: Some(column.name.clone()),
        kind: SuspectKind::WorseWhenOlder,
        evidence: drop,
        sentence: format!(
            "{} puts {} of pairs in the right order, and only {} by what it held a week before: it tells \
             what is about to be settled.",
            column.name,
            percent(area_now),
            percent(area_then)
        ),
    }))
}

/// Whether the newest rows lack what older ones have: it comes to be known later than their moment.
/// `area` says how well the column tells the outcome.
pub(super) fn known_later(
    table: &Table,
    order: &Order,
    column: &Column,
    area: f64,
) -> Option<Found> {
    let Order::Forward { seen, .. } = order else {
        return None;
    };
    if area <= TELLS {
        return None;
    }
    let mut rows: Vec<usize> = (0..table.rows()).collect();
    rows.sort_by_key(|&row| std::cmp::Reverse(seen[row]));
    let is_filled: Vec<bool> = rows
        .iter()
        .map(|&row| !column.values.number(row).is_nan())
        .collect();
    let most = (rows.len() as f64 * NEWEST_SHARE) as usize;
    let filled = |part: &[bool]| part.iter().filter(|filled| **filled).count();
    let older = is_filled.get(most..)?;
    // Drawn off 1 by the rows there are: that all of them have it does not say that all always will.
    let share = (filled(older) as f64 + 0.5) / (older.len() as f64 + 1.0);
    let mut groups: Vec<u32> = table.groups().to_vec();
    groups.sort_unstable();
    groups.dedup();
    let deals_a_row = groups.len() as f64 / rows.len() as f64;
    let mut found: Option<(usize, usize, f64)> = None;
    let mut newest = NEWEST;
    while newest <= most {
        let here = filled(&is_filled[..newest]);
        let less = share - here as f64 / newest as f64;
        // As few or fewer of so many by chance; rows of one deal count as one.
        let chance = beta_cdf((newest - here) as f64, here as f64 + 1.0, 1.0 - share);
        let is_rare = here < newest && chance.powf(deals_a_row) < RARE;
        if less > FILLED_LESS && is_rare && found.is_none_or(|(_, _, most)| less >= most) {
            found = Some((newest, here, less));
        }
        newest *= 2;
    }
    let (newest, here, less) = found?;
    Some(Found {
        column: Some(column.name.clone()),
        kind: SuspectKind::KnownLater,
        evidence: less,
        sentence: format!(
            "{} is filled in for {} of rows, and for {here} of the newest {newest}: it comes to be known \
             later than rows are scored, or is kept no more.",
            column.name,
            percent(share)
        ),
    })
}
