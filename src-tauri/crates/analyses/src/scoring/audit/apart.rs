//! Whether rows that are scored look like those that were learnt from: a model is asked to tell them
//! apart (adversarial validation), and where it can, which column gives it away.
//!
//! A column that looks otherwise while a deal is open was written when it closed. A column that looks
//! otherwise of late and tells the outcome only by that tells what day it is.

use super::telling::{alone, area, by_model};
use super::{Found, SuspectKind, Told};
use crate::forecast::words::percent;
use crate::scoring::order::drawn;
use crate::scoring::table::{Column, Table, Values};
use crate::scoring::{Order, ScoringError};
use stats::scores::weighted_auc;

/// Two kinds of rows that are told apart better than this are not alike.
const APART: f64 = 0.80;
/// What a column hardly says of the outcome does no harm.
const TELLS: f64 = 0.55;
/// Rows of a kind that take part, at most and at least.
const MOST: usize = 5_000;
const LEAST: usize = 30;
/// The share of rows that is the newest, and the number of parts that time is cut into.
const NEWEST: f64 = 0.2;
const PARTS: usize = 5;
/// Columns that are named where no single one gives rows away.
const NAMED: usize = 3;

/// Rows of two kinds in some columns: those of the second kind are those that happened.
struct Kinds {
    /// The places of the columns among those that are audited.
    places: Vec<usize>,
    rows: Table,
}

/// How well they are told apart.
struct Apart {
    /// By all columns together.
    together: f64,
    /// By each alone, as its place, the best first.
    alone: Vec<(usize, f64)>,
}

impl Kinds {
    fn told_apart(&self, seed: u64, number: u64) -> Result<Apart, ScoringError> {
        let all: Vec<usize> = (0..self.rows.rows()).collect();
        let folds = drawn(&self.rows, &all, seed, number);
        let mut alone = Vec::new();
        for (&place, column) in self.places.iter().zip(self.rows.columns()) {
            alone.push((place, area(&self.rows, &folds, &column.values)?));
        }
        alone.sort_by(|a, b| b.1.total_cmp(&a.1));
        let areas = by_model(&self.rows, &folds);
        let model = areas.iter().sum::<f64>() / (areas.len() as f64).max(1.0);
        let best = alone.first().map_or(0.5, |best| best.1);
        Ok(Apart {
            together: model.max(best),
            alone,
        })
    }
}

/// Columns by which rows that are still open are told from those whose outcome is known. `areas` say
/// how well each column tells the outcome.
pub(super) fn while_open(
    table: &Table,
    told: &Told,
    areas: &[f64],
    seed: u64,
) -> Result<Vec<Found>, ScoringError> {
    let Some(kinds) = open_and_closed(table, told)? else {
        return Ok(Vec::new());
    };
    let apart = kinds.told_apart(seed, 8)?;
    let mut found = Vec::new();
    for &(place, alone) in apart.alone.iter().filter(|(_, alone)| *alone > APART) {
        if areas[place] > TELLS {
            let name = &table.columns()[place].name;
            found.push(Found {
                column: Some(name.clone()),
                kind: SuspectKind::DiffersWhileOpen,
                evidence: alone,
                sentence: format!(
                    "{name} alone tells rows that are open from those whose outcome is known in {} of \
                     pairs: it is not the same before the end as after it, and what is learnt by it does \
                     not hold of open rows.",
                    percent(alone)
                ),
            });
        }
    }
    let nobody = !apart.alone.iter().any(|(_, alone)| *alone > APART);
    if apart.together > APART && nobody {
        found.push(of_rows(
            table,
            &apart,
            "A model tells rows that are open from those whose outcome is known",
        ));
    }
    Ok(found)
}

/// Columns that tell when a row was seen, and the outcome by nothing else; and whether the newest rows
/// are told from those before.
pub(super) fn of_late(
    table: &Table,
    order: &Order,
    told: &Told,
    areas: &[f64],
    seed: u64,
) -> Result<Vec<Found>, ScoringError> {
    let Order::Forward { seen, .. } = order else {
        return Ok(Vec::new());
    };
    let Some(kinds) = new_and_old(table, seen, told)? else {
        return Ok(Vec::new());
    };
    let apart = kinds.told_apart(seed, 9)?;
    let mut found = Vec::new();
    let mut nobody = true;
    for &(place, alone) in apart.alone.iter().filter(|(_, alone)| *alone > APART) {
        let column = &table.columns()[place];
        let within = within_a_time(table, seen, &column.values, seed);
        if areas[place] > TELLS && within <= TELLS {
            nobody = false;
            found.push(Found {
                column: Some(column.name.clone()),
                kind: SuspectKind::TellsTheTime,
                evidence: alone,
                sentence: format!(
                    "{} alone tells the newest rows from those before in {} of pairs, and puts only {} of \
                     pairs of one time in the right order of their outcomes: it says when a row was seen, \
                     which says nothing of rows to come.",
                    column.name,
                    percent(alone),
                    percent(within)
                ),
            });
        }
    }
    if apart.together > APART && nobody {
        found.push(of_rows(
            table,
            &apart,
            "A model tells the newest rows from those before",
        ));
    }
    Ok(found)
}

fn of_rows(table: &Table, apart: &Apart, what: &str) -> Found {
    let best = apart.alone.iter().take(NAMED);
    let names: Vec<String> = best
        .map(|&(place, alone)| {
            let name = &table.columns()[place].name;
            format!("{name} ({} alone)", percent(alone))
        })
        .collect();
    Found {
        column: None,
        kind: SuspectKind::RowsDiffer,
        evidence: apart.together,
        sentence: format!(
            "{what} in {} of pairs, most by {}: what is learnt may not hold of rows to come.",
            percent(apart.together),
            names.join(", ")
        ),
    }
}

/// Of columns whose history is known: what they held then is in the row.
fn is_traced(told: &Told, column: &Column) -> bool {
    let known = told.provenance.get(&column.name);
    known.is_some_and(|known| known.late_writes.is_some())
}

/// At most [`MOST`] of some rows, evenly.
fn some(rows: &[usize]) -> Vec<usize> {
    let step = rows.len().div_ceil(MOST).max(1);
    rows.iter().copied().step_by(step).collect()
}

/// Rows whose outcome is known, and behind them those that are open. None where there are too few.
fn open_and_closed(table: &Table, told: &Told) -> Result<Option<Kinds>, ScoringError> {
    let closed = some(&(0..table.rows()).collect::<Vec<usize>>());
    let (mut places, mut columns, mut open) = (Vec::new(), Vec::new(), Vec::new());
    for (place, column) in table.columns().iter().enumerate() {
        let known = told.provenance.get(&column.name);
        let Some(theirs) = known.and_then(|known| known.while_open.as_ref()) else {
            continue;
        };
        if open.is_empty() {
            open = some(&(0..theirs.len()).collect::<Vec<usize>>());
        }
        let is_whole = open.last().is_none_or(|last| *last < theirs.len());
        if is_traced(told, column) || !is_whole {
            continue;
        }
        let both = column.values.of_rows(&closed);
        if let Some(values) = both.followed_by(&theirs.of_rows(&open)) {
            places.push(place);
            let name = column.name.clone();
            columns.push(Column { name, values });
        }
    }
    if columns.is_empty() || closed.len() < LEAST || open.len() < LEAST {
        return Ok(None);
    }
    let kind = (0..closed.len() + open.len()).map(|row| row >= closed.len());
    let rows = Table::new(columns, kind.collect())?;
    Ok(Some(Kinds { places, rows }))
}

/// The rows of a table, of which the newest are of the second kind. None where there are too few.
fn new_and_old(table: &Table, seen: &[i64], told: &Told) -> Result<Option<Kinds>, ScoringError> {
    let mut sorted = seen.to_vec();
    sorted.sort_unstable();
    let newest = (sorted.len() as f64 * NEWEST) as usize;
    let Some(&cut) = sorted.get(sorted.len() - newest.max(1)) else {
        return Ok(None);
    };
    let rows: Vec<usize> = (0..table.rows()).collect();
    let step = rows.len().div_ceil(2 * MOST).max(1);
    let rows: Vec<usize> = rows.into_iter().step_by(step).collect();
    let is_new: Vec<bool> = rows.iter().map(|&row| seen[row] >= cut).collect();
    let new = is_new.iter().filter(|is_new| **is_new).count();
    let places: Vec<usize> = (0..table.columns().len())
        .filter(|&place| !is_traced(told, &table.columns()[place]))
        .collect();
    if places.is_empty() || new < LEAST || rows.len() - new < LEAST {
        return Ok(None);
    }
    let column = |&place: &usize| Column {
        name: table.columns()[place].name.clone(),
        values: table.columns()[place].values.of_rows(&rows),
    };
    let groups = rows.iter().map(|&row| table.groups()[row]).collect();
    let kinds = Table::new(places.iter().map(column).collect(), is_new)?
        .with_groups(groups, table.weights_of(&rows))?;
    Ok(Some(Kinds {
        places,
        rows: kinds,
    }))
}

/// How well a column tells the outcomes of rows that were seen at about one time, the mean over parts of
/// all time by the pairs that each has.
fn within_a_time(table: &Table, seen: &[i64], values: &Values, seed: u64) -> f64 {
    let mut rows: Vec<usize> = (0..table.rows()).collect();
    let folds = drawn(table, &rows, seed, 10);
    let scores = alone(table, &folds, values);
    rows.sort_by_key(|&row| seen[row]);
    let (mut sum, mut pairs) = (0.0, 0.0);
    for part in rows.chunks(rows.len().div_ceil(PARTS).max(1)) {
        let happened = table.outcomes(part);
        let scores: Vec<f64> = part.iter().map(|&row| scores[row]).collect();
        let won = happened.iter().filter(|happened| **happened).count();
        let here = (won * (happened.len() - won)) as f64;
        if let Ok(area) = weighted_auc(&scores, &happened, &table.weights_of(part)) {
            sum += here * area;
            pairs += here;
        }
    }
    if pairs > 0.0 { sum / pairs } else { 0.5 }
}
