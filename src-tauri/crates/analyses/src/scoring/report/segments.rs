//! How often deals or contacts were won by what is known of them, where there are too few for a score.

use std::collections::BTreeMap;

use crm::RecordId;
use serde::Serialize;
use stats::{Evidence, Rate, shrink};

use crate::scoring::Values;
use crate::scoring::rows::LearningRows;

const LEVEL: f64 = 0.95;

/// Records by one thing that is known of them.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(rename = "ScoreSegments"))]
pub struct SegmentTable {
    /// What tells them apart, such as their stage.
    pub name: String,
    /// Whether they differ by more than chance; where they do not, all have the common rate.
    pub differ: bool,
    /// By value, the likeliest first.
    pub rows: Vec<SegmentRate>,
}

/// Records of one value.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(rename = "ScoreSegment"))]
pub struct SegmentRate {
    /// The value; none where it is not known.
    pub value: Option<String>,
    /// The share that was won within the horizon, drawn to the common rate.
    pub rate: Rate,
    /// What it rests on.
    pub evidence: Evidence,
}

/// One table for each category. Values with fewer than five records are left out.
pub(super) fn tables(rows: &LearningRows) -> Vec<SegmentTable> {
    let columns = rows.table.columns().iter();
    let tables = columns.filter_map(|column| match &column.values {
        Values::Numbers(_) => None,
        Values::Categories { codes, names } => table(rows, &column.name, codes, names),
    });
    tables.collect()
}

/// Sightings of a value.
#[derive(Default)]
struct Seen {
    won: f64,
    all: f64,
    records: Vec<RecordId>,
}

fn table(
    rows: &LearningRows,
    name: &str,
    codes: &[Option<u32>],
    names: &[String],
) -> Option<SegmentTable> {
    let mut seen: BTreeMap<Option<u32>, Seen> = BTreeMap::new();
    for (row, code) in codes.iter().enumerate() {
        let of = seen.entry(*code).or_default();
        let weight = rows.table.weights()[row];
        of.all += weight;
        of.won += if rows.table.happened()[row] {
            weight
        } else {
            0.0
        };
        of.records.push(rows.records[row]);
    }
    for of in seen.values_mut() {
        of.records.sort_unstable();
        of.records.dedup();
    }
    let counts: Vec<(f64, f64)> = seen
        .values()
        .map(|of| (of.won.min(of.all), of.all))
        .collect();
    let shrunk = shrink(&counts, LEVEL).ok()?;
    let with_rates = seen.into_iter().zip(&shrunk.rates);
    let mut table: Vec<SegmentRate> = with_rates
        .map(|((code, of), rate)| SegmentRate {
            value: code.and_then(|code| names.get(code as usize).cloned()),
            rate: Rate {
                value: rate.value,
                low: rate.interval.low,
                high: rate.interval.high,
                level: LEVEL,
                n: of.records.len() as u32,
                n_effective: of.all,
            },
            evidence: Evidence::of_count(of.records.len() as u32),
        })
        .filter(|row| row.evidence.has_number())
        .collect();
    table.sort_by(|a, b| {
        b.rate
            .value
            .total_cmp(&a.rate.value)
            .then(a.value.cmp(&b.value))
    });
    (!table.is_empty()).then(|| SegmentTable {
        name: name.to_owned(),
        differ: shrunk.prior.is_some(),
        rows: table,
    })
}
