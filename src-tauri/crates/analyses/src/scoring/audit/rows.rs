//! Rows that give their outcome away whatever their columns are.

use super::telling::by_model;
use super::{Found, SuspectKind};
use crate::forecast::words::percent;
use crate::scoring::ScoringError;
use crate::scoring::abreast::abreast;
use crate::scoring::order::drawn;
use crate::scoring::table::Table;
use stats::Stream;
use stats::scores::auc;
use std::collections::{BTreeMap, HashMap};

/// Rows alike in everything are worth a word above this share.
const ALIKE: f64 = 0.02;
/// The place of a row tells its outcome better than this.
const ORDERED: f64 = 0.90;
/// From shuffled outcomes nothing can be learnt: their area is above a half by no more than this, or by
/// so many of its errors. Below it may well be: where the judged rows of a value happened more often, the
/// learnt ones did less.
const NOTHING: f64 = 0.05;
const ERRORS: f64 = 4.0;
/// Outcomes are shuffled so often.
const SHUFFLES: u64 = 3;
/// Rows that take part in it, at most.
const MOST: usize = 5_000;

/// Every suspect among the rows.
pub(super) fn suspects(
    table: &Table,
    seed: u64,
    threads: usize,
) -> Result<Vec<Found>, ScoringError> {
    let mut found = Vec::new();
    let alike = alike(table);
    if alike as f64 > ALIKE * table.rows() as f64 {
        found.push(Found {
            column: None,
            kind: SuspectKind::Duplicates,
            evidence: alike as f64,
            sentence: format!(
                "{alike} of {} rows say the same as one before them and belong to something else. Where \
                 they are the same deal, name what they belong to, or they count twice.",
                table.rows()
            ),
        });
    }
    let places: Vec<f64> = (0..table.rows()).map(|row| row as f64).collect();
    let area = auc(&places, table.happened())?;
    let area = area.max(1.0 - area);
    if area > ORDERED {
        found.push(Found {
            column: None,
            kind: SuspectKind::RowOrder,
            evidence: area,
            sentence: format!(
                "Rows seem to be sorted by their outcome: their place alone puts {} of pairs in the \
                 right order. A column that counts rows would leak.",
                percent(area)
            ),
        });
    }
    if let Some((area, bound)) = shuffled(table, seed, threads)?
        && area - 0.5 > bound
    {
        found.push(Found {
            column: None,
            kind: SuspectKind::ShuffledOutcomes,
            evidence: area,
            sentence: format!(
                "From outcomes that were shuffled, a model still puts {} of pairs in the right order, \
                 where only 50 % is honest: rows know each other.",
                percent(area)
            ),
        });
    }
    Ok(found)
}

/// Rows whose columns and outcome are those of an earlier row of another group.
fn alike(table: &Table) -> usize {
    let mut first: HashMap<Vec<u64>, u32> = HashMap::new();
    let mut count = 0;
    for row in 0..table.rows() {
        let columns = table.columns().iter();
        let mut known: Vec<u64> = columns
            .map(|column| column.values.number(row).to_bits())
            .collect();
        known.push(u64::from(table.happened()[row]));
        let group = table.groups()[row];
        if *first.entry(known).or_insert(group) != group {
            count += 1;
        }
    }
    count
}

/// The mean area on rows not learnt from, after outcomes were dealt out anew among groups, and how far
/// from a half it may lie by chance.
fn shuffled(table: &Table, seed: u64, threads: usize) -> Result<Option<(f64, f64)>, ScoringError> {
    const PURPOSE: u32 = 34;
    let step = table.rows().div_ceil(MOST).max(1);
    let rows: Vec<usize> = (0..table.rows()).step_by(step).collect();
    let mut by_group: BTreeMap<u32, bool> = BTreeMap::new();
    for &row in &rows {
        by_group.insert(table.groups()[row], table.happened()[row]);
    }
    let groups: Vec<u32> = by_group.keys().copied().collect();
    let won = by_group.values().filter(|happened| **happened).count();
    let lost = groups.len() - won;
    if won < 10 || lost < 10 {
        return Ok(None);
    }
    let areas = abreast(threads, SHUFFLES as usize, |number| {
        let number = number as u64;
        let mut stream = Stream::new(seed, PURPOSE, number);
        let mut outcomes: Vec<bool> = by_group.values().copied().collect();
        for place in (1..outcomes.len()).rev() {
            outcomes.swap(place, stream.index(place as u32 + 1) as usize);
        }
        let dealt: BTreeMap<u32, bool> = groups.iter().copied().zip(outcomes).collect();
        let happened: Vec<bool> = (0..table.rows())
            .map(|row| dealt.get(&table.groups()[row]).copied().unwrap_or(false))
            .collect();
        let anew = Table::new(table.columns().to_vec(), happened)?
            .with_groups(table.groups().to_vec(), table.weights().to_vec())?;
        Ok(by_model(&anew, &drawn(&anew, &rows, seed, 4 + number)))
    });
    let areas = areas
        .into_iter()
        .collect::<Result<Vec<Vec<f64>>, ScoringError>>()?;
    let areas = areas.concat();
    let (sum, count) = (areas.iter().sum::<f64>(), areas.len() as f64);
    // Hanley and McNeil's error at an area of a half, by groups; the shuffles share their rows.
    let (won, lost) = (won as f64, lost as f64);
    let error = ((won + lost + 1.0) / (12.0 * won * lost)).sqrt();
    Ok((count > 0.0).then(|| (sum / count, NOTHING.max(ERRORS * error))))
}
