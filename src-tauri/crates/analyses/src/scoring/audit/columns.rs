//! Columns that tell the outcome as nothing honest does.

use super::names;
use super::telling::area;
use super::{Found, Provenance, SuspectKind, Told, late};
use crate::forecast::words::percent;
use crate::scoring::abreast::abreast;
use crate::scoring::cells::{Cells, Count};
use crate::scoring::order::drawn;
use crate::scoring::table::{Column, Table, Values};
use crate::scoring::{Order, ScoringError};
use stats::scores::weighted_auc;

/// A column that tells the outcome alone better than this.
const TELLS: f64 = 0.90;
/// Whether it is filled in, better than this.
const FILLED_TELLS: f64 = 0.75;
/// A name is only suspect where its column tells at least this.
const NAME_TELLS: f64 = 0.55;
/// The share of versions around the closing.
const LATE: f64 = 0.5;
/// Versions, at least.
const LEAST_VERSIONS: usize = 20;
/// By so much more often it is filled in where the outcome is known.
const FILLED_MORE: f64 = 0.2;
/// Open rows, at least.
const LEAST_OPEN: usize = 30;
/// The share of known moments that lie ahead of their row.
const AHEAD: f64 = 0.05;
/// Rows of an outcome that a value should have by the overall rate, at least.
const EXPECTED: f64 = 30.0;
/// A value settles the outcome where it has no more of them than this share.
const SETTLED: f64 = 0.01;
/// So it does where it has hardly any of one outcome, and another value hardly any of the other.
const BOTH_WAYS: f64 = 0.10;
/// Cells of a number.
const BINS: usize = 20;

/// Every suspect among the columns; one column may be several. `areas` say how well each tells the
/// outcome.
pub(super) fn suspects(
    table: &Table,
    order: &Order,
    told: &Told,
    areas: &[f64],
    seed: u64,
) -> Result<Vec<Found>, ScoringError> {
    let all: Vec<usize> = (0..table.rows()).collect();
    let mut found = Vec::new();
    for (column, &area) in table.columns().iter().zip(areas) {
        let provenance = told.provenance.get(&column.name);
        let mut accuse = |kind, evidence, sentence| {
            found.push(Found {
                column: Some(column.name.clone()),
                kind,
                evidence,
                sentence,
            });
        };
        if area > TELLS {
            accuse(
                SuspectKind::TellsOutcome,
                area,
                format!(
                    "{} alone puts {} of pairs in the right order; what is known beforehand hardly \
                     ever does.",
                    column.name,
                    percent(area)
                ),
            );
        }
        if let Some((area, sentence)) = filled_in(table, column)? {
            accuse(SuspectKind::FilledInTellsOutcome, area, sentence);
        }
        if let Some((rows, sentence)) = settles(table, column, &all) {
            accuse(SuspectKind::Settles, rows, sentence);
        }
        // Where the writing is known it says more than a name does.
        let is_traced = provenance.is_some_and(|known| known.late_writes.is_some());
        let definition = provenance.and_then(|known| known.definition.as_ref());
        let why = definition.and_then(names::defined);
        if let Some(why) = names::says(&column.name).or(why)
            && area > NAME_TELLS
            && !is_traced
        {
            let sentence = format!(
                "{}: {why}, and it alone puts {} of pairs in the right order.",
                column.name,
                percent(area)
            );
            accuse(SuspectKind::NamedForTheEnd, area, sentence);
        }
        if definition.is_some_and(|definition| definition.is_computed)
            && area > NAME_TELLS
            && !is_traced
        {
            let sentence = format!(
                "{} is computed by HubSpot, and no history of it is kept: what it holds today counts what \
                 came since, and alone puts {} of pairs in the right order.",
                column.name,
                percent(area)
            );
            accuse(SuspectKind::ComputedToday, area, sentence);
        }
        if let Some(known) = provenance {
            traced(column, known, order, &mut accuse);
            found.extend(late::worse_when_older(table, column, known, seed)?);
        }
        // What was known then is in the row, whatever is known now.
        if !is_traced {
            found.extend(late::known_later(table, order, column, area));
        }
    }
    Ok(found)
}

/// How well each column alone tells the outcome of rows that were not learnt from.
pub(super) fn areas(table: &Table, seed: u64, threads: usize) -> Result<Vec<f64>, ScoringError> {
    let all: Vec<usize> = (0..table.rows()).collect();
    let folds = drawn(table, &all, seed, 3);
    let columns = table.columns();
    let areas = abreast(threads, columns.len(), |place| {
        area(table, &folds, &columns[place].values)
    });
    areas.into_iter().collect()
}

/// What is suspect of how a column was written.
fn traced(
    column: &Column,
    known: &Provenance,
    order: &Order,
    accuse: &mut impl FnMut(SuspectKind, f64, String),
) {
    let name = &column.name;
    if let Some((late, all)) = known.late_writes
        && all >= LEAST_VERSIONS
        && late as f64 > LATE * all as f64
    {
        accuse(
            SuspectKind::WrittenAtClosing,
            late as f64 / all as f64,
            format!(
                "{name} was written within a day of the closing, or after it, in {late} of {all} cases."
            ),
        );
    }
    if let Some(open) = &known.while_open
        && open.len() >= LEAST_OPEN
    {
        let filled = |values: &Values| {
            let known = (0..values.len()).filter(|&row| !values.number(row).is_nan());
            known.count() as f64 / values.len() as f64
        };
        let (closed, open) = (filled(&column.values), filled(open));
        if closed - open > FILLED_MORE {
            accuse(
                SuspectKind::FilledAtClosing,
                closed - open,
                format!(
                    "{name} is filled in for {} of the rows whose outcome is known, and for {} of those \
                     that are open: it is filled in at the end.",
                    percent(closed),
                    percent(open)
                ),
            );
        }
    }
    if let (Some(moments), Order::Forward { seen, .. }) = (&known.moments, order) {
        let known = moments.iter().zip(seen);
        let known = known.filter_map(|(moment, seen)| moment.map(|moment| moment > *seen));
        let (ahead, all) = known.fold((0_usize, 0_usize), |(ahead, all), is_ahead| {
            (ahead + usize::from(is_ahead), all + 1)
        });
        if all > 0 && ahead as f64 > AHEAD * all as f64 {
            accuse(
                SuspectKind::DatesAhead,
                ahead as f64 / all as f64,
                format!(
                    "{name} lies after the time of its row in {ahead} of {all} rows: it was not known \
                     then."
                ),
            );
        }
    }
}

/// Whether it is filled in tells the outcome.
fn filled_in(table: &Table, column: &Column) -> Result<Option<(f64, String)>, ScoringError> {
    let is_known = |row: usize| f64::from(u8::from(!column.values.number(row).is_nan()));
    let known: Vec<f64> = (0..table.rows()).map(is_known).collect();
    let area = weighted_auc(&known, table.happened(), table.weights())?;
    let area = area.max(1.0 - area);
    let sentence = || {
        format!(
            "Whether {} is filled in puts {} of pairs in the right order.",
            column.name,
            percent(area)
        )
    };
    Ok((area > FILLED_TELLS).then(|| (area, sentence())))
}

/// Whether a value settles the outcome, with the rows that it settles.
fn settles(table: &Table, column: &Column, all: &[usize]) -> Option<(f64, String)> {
    let rate = table.rate(all);
    let cells = Cells::of(&column.values, all, BINS);
    let counts = cells.count(&column.values, table, all);
    // The share of an outcome's expected rows that the cell has, where there should be many.
    let share = |count: &Count, won: bool| {
        let (rate, here) = if won {
            (rate, count.happened)
        } else {
            (1.0 - rate, count.all - count.happened)
        };
        let expected = count.all * rate;
        (expected >= EXPECTED).then(|| here / expected)
    };
    let least = |won: bool| {
        let cells = counts.iter().enumerate();
        cells
            .filter_map(|(cell, count)| Some((share(count, won)?, cell)))
            .min_by(|a, b| a.0.total_cmp(&b.0))
    };
    let (never, always) = (least(true), least(false));
    let (place, won) = match (never, always) {
        (Some((share, cell)), _) if share <= SETTLED => (cell, true),
        (_, Some((share, cell))) if share <= SETTLED => (cell, false),
        (Some((never, cell)), Some((always, _))) if never.max(always) <= BOTH_WAYS => (cell, true),
        _ => return None,
    };
    let count = counts.get(place)?;
    let expected = count.all * if won { rate } else { 1.0 - rate };
    let here = if won {
        count.happened
    } else {
        count.all - count.happened
    };
    let did = if won { "happened" } else { "did not happen" };
    let sentence = format!(
        "Of {:.0} rows where {} {}, {here:.0} {did}, and {expected:.0} would by the overall rate.",
        count.all,
        column.name,
        value(column, &cells, place)
    );
    Some((count.all, sentence))
}

fn value(column: &Column, cells: &Cells, cell: usize) -> String {
    match (cells, &column.values) {
        _ if cell == 0 => "is not known".to_owned(),
        (Cells::Categories(_), Values::Categories { names, .. }) => {
            let name = names.get(cell - 1).map_or("something else", String::as_str);
            format!("is {name}")
        }
        (Cells::Numbers(edges), _) => match (cell.checked_sub(2), edges.get(cell - 1)) {
            (None, Some(upper)) => format!("is at most {upper}"),
            (Some(lower), Some(upper)) => format!("is above {} and at most {upper}", edges[lower]),
            (Some(lower), None) => format!("is above {}", edges[lower]),
            (None, None) => "is known".to_owned(),
        },
        (Cells::Categories(_), Values::Numbers(_)) => "is something".to_owned(),
    }
}
