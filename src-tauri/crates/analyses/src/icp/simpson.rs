//! Where one number would turn, or hide, what its parts say (Simpson's paradox): the parts.

use std::collections::BTreeMap;

use stats::{Stratified, Table, stratified};

use super::contrast::{Contrasts, Label, Way};
use super::incidence::LEVEL;
use super::report::Stratum;
use super::rows::{Dimension, IcpQuestion};
use super::segments::Key;
use super::vocabulary::Vocabulary;

/// Between crude and pooled odds on different sides of 1 there must be this factor. Of two that are
/// nearly 1 chance alone decides on which side they are; a tenth is the usual limit for a change that
/// matters (Maldonado and Greenland 1993).
const TURNED_BY: f64 = 1.1;

/// The chance at which strata without any difference in their odds are shown as if they had one.
const HOMOGENEITY: f64 = 0.05;

/// The parts, where one number would mislead; by that of quarters, sources and the other dimensions
/// which says so most loudly. Empty where none does.
pub(crate) fn strata(
    contrasts: &Contrasts<'_>,
    words: &[Vocabulary],
    question: &IcpQuestion,
    key: &Key,
    members: &[(usize, f64)],
) -> Vec<Stratum> {
    let mut ways = vec![Way::Quarter];
    if !key.has(question, &Dimension::Source) {
        ways.push(Way::Source);
    }
    for (place, dimension) in question.dimensions.iter().enumerate() {
        if *dimension != Dimension::Source && !key.dimensions().contains(&place) {
            ways.push(Way::Dimension(place));
        }
    }
    let asked = ways.len() as f64;
    let loud = ways.into_iter().filter_map(|way| {
        let tables = contrasts.tables(key, members, way);
        let all: Vec<Table> = tables.values().copied().collect();
        Some((loudness(&stratified(&all, LEVEL), asked)?, tables))
    });
    // Of equals the first.
    let loudest = loud.reduce(|a, b| if b.0 > a.0 { b } else { a });
    let name = |tables: BTreeMap<Label, Table>| {
        let row = |(label, table)| row(contrasts, label, &table, words, question);
        tables.into_iter().map(row).collect()
    };
    loudest.map_or_else(Vec::new, |(_, tables)| name(tables))
}

/// None where the strata need not be told. Turned answers go before different ones.
fn loudness(pooled: &Stratified, asked: f64) -> Option<(bool, f64)> {
    let turned = pooled.crude.zip(pooled.odds).map(|(crude, odds)| {
        let (crude, odds) = (crude.value.ln(), odds.value.ln());
        if crude * odds < 0.0 {
            (crude - odds).abs()
        } else {
            0.0
        }
    });
    if let Some(turned) = turned.filter(|by| *by > TURNED_BY.ln()) {
        return Some((true, turned));
    }
    let p = pooled.homogeneity_adjusted?.p;
    (p < HOMOGENEITY / asked).then_some((false, -p))
}

fn row(
    contrasts: &Contrasts<'_>,
    label: Label,
    table: &Table,
    words: &[Vocabulary],
    question: &IcpQuestion,
) -> Stratum {
    let (quarter, dimension, value) = match label {
        Label::Together | Label::Watched(..) => (None, None, None),
        Label::Quarter(quarter) => (question.first_day(quarter), None, None),
        Label::Source(place) => (None, Some(Dimension::Source), contrasts.source(place)),
        Label::Value(place, value) => {
            let words = words.get(place);
            let value = words.and_then(|words| words.name(value)).map(str::to_owned);
            (None, words.map(|words| words.dimension.clone()), value)
        }
    };
    Stratum {
        quarter,
        dimension,
        value,
        n: table.a + table.b,
        happened: table.a,
        others: table.c + table.d,
        others_happened: table.c,
    }
}
