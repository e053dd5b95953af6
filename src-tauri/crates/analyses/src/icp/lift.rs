//! How much more often it happens in a segment than in the rest, within quarters and sources.

use std::collections::BTreeMap;

use stats::{
    Comparison, Ratio, SOUND_FROM, Table, chi_squared_tail, fisher_exact, risk_ratio, stratified,
};

use super::cohort::{Cohort, Subject};
use super::incidence::LEVEL;
use super::report::{Lift, Stratum};
use super::rows::{Dimension, IcpQuestion};
use super::segments::{Key, Side};

/// Below this design effect cases count as independent.
const INDEPENDENT: f64 = 1.05;

/// In the segment, so many should happen, and so many not, if nothing were special about it. Below,
/// the tails of the test are not those of chi-squared: in worlds without any difference 31 of 200 had
/// a finding.
const EXPECTED_FROM: f64 = 10.0;

/// What strata are made of.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(crate) struct Label {
    pub(crate) quarter: Option<i32>,
    pub(crate) source: Option<Option<String>>,
}

/// A fourfold table a stratum, over the subjects that were watched for the whole horizon.
pub(crate) fn tables<L: Ord>(
    cohort: &Cohort,
    horizon: f64,
    side: impl Fn(&Subject) -> Option<Side>,
    label: impl Fn(&Subject) -> L,
) -> BTreeMap<L, Table> {
    let mut tables: BTreeMap<L, Table> = BTreeMap::new();
    for subject in cohort.subjects.iter().filter(|subject| subject.mature) {
        let Some(side) = side(subject) else { continue };
        let table = tables.entry(label(subject)).or_default();
        match (side, subject.happened_by(horizon)) {
            (Side::In, true) => table.a += 1,
            (Side::In, false) => table.b += 1,
            (Side::Rest, true) => table.c += 1,
            (Side::Rest, false) => table.d += 1,
        }
    }
    tables
}

/// A segment against the rest. Without `SOUND_FROM` mature cases on both sides there is no test.
pub(crate) fn lift(cohort: &Cohort, question: &IcpQuestion, key: &Key) -> Lift {
    let horizon = f64::from(question.horizon_days);
    let is_source = |place: usize| question.dimensions.get(place) == Some(&Dimension::Source);
    let by_source = !key.dimensions().into_iter().any(is_source);
    let side = |subject: &Subject| key.side_of(subject);
    let quarter = |subject: &Subject| Some(subject.quarter);
    let source = |subject: &Subject| by_source.then(|| subject.source.clone());
    let joint = tables(cohort, horizon, side, |subject| Label {
        quarter: quarter(subject),
        source: source(subject),
    });
    let sum = crude(joint.values());
    let (n, others) = (sum.a + sum.b, sum.c + sum.d);
    let mut lift = Lift {
        n,
        happened: sum.a,
        others,
        others_happened: sum.c,
        ..Lift::default()
    };
    if n < SOUND_FROM || others < SOUND_FROM || expected(&sum) < EXPECTED_FROM {
        return lift;
    }
    let effect = cohort.design_effect;
    let wider = |ratio: Ratio| {
        Ratio::with_log_error(ratio.value, ratio.log_error * effect.sqrt(), ratio.level)
    };
    let together = stratified(&joint.values().copied().collect::<Vec<_>>(), LEVEL);
    lift.crude = risk_ratio(&sum, LEVEL).and_then(wider);
    lift.ratio = together.risk.and_then(wider);
    lift.p = match together.association {
        _ if together.informative == 1 && effect < INDEPENDENT => {
            let informative = joint
                .values()
                .find(|table| table.a + table.b > 0 && table.c + table.d > 0);
            informative.map(|table| fisher_exact(table).two_sided)
        }
        Some(test) => Some(chi_squared_tail(test.statistic / effect, 1.0)),
        None => None,
    };
    let share = f64::from(sum.c) / f64::from(others);
    let plan = Comparison::USUAL;
    let [size, rest] = [n, others].map(|n| f64::from(n) / effect);
    let detectable = plan.detectable(share, size, rest).ok();
    lift.smallest_found = detectable.and_then(|found| found.above).map(|p| p / share);
    lift.smallest_found = lift.smallest_found.filter(|ratio| ratio.is_finite());
    let needed = plan
        .needed(f64::from(sum.a) / f64::from(n), share)
        .ok()
        .flatten();
    lift.needs = needed.filter(|n| *n < 1e6).map(|n| n.ceil() as u32);

    // The strata are the answer where one number would turn or hide them.
    let quarters = tables(cohort, horizon, side, |subject| Label {
        quarter: quarter(subject),
        source: None,
    });
    let sources = tables(cohort, horizon, side, |subject| Label {
        quarter: None,
        source: source(subject),
    });
    let turned = match (together.crude, together.odds) {
        (Some(crude), Some(odds)) => (crude.value - 1.0) * (odds.value - 1.0) < 0.0,
        _ => false,
    };
    let needs = |tables: &BTreeMap<Label, Table>| {
        stratified(&tables.values().copied().collect::<Vec<_>>(), LEVEL).needs_strata()
    };
    let shown = if by_source && needs(&sources) {
        Some(sources)
    } else if needs(&quarters) {
        Some(quarters)
    } else {
        turned.then_some(joint)
    };
    lift.strata = shown.map_or_else(Vec::new, |shown| rows(question, shown));
    lift
}

/// The smaller of what should happen in the segment, and what should not, by the share of all.
fn expected(sum: &Table) -> f64 {
    let [a, b, c, d] = [sum.a, sum.b, sum.c, sum.d].map(f64::from);
    (a + b) * (a + c).min(b + d) / (a + b + c + d)
}

fn rows(question: &IcpQuestion, tables: BTreeMap<Label, Table>) -> Vec<Stratum> {
    let row = |(label, table): (Label, Table)| Stratum {
        quarter: label
            .quarter
            .and_then(|quarter| question.first_day(quarter)),
        source: label.source.flatten(),
        n: table.a + table.b,
        happened: table.a,
        others: table.c + table.d,
        others_happened: table.c,
    };
    tables.into_iter().map(row).collect()
}

fn crude<'a>(tables: impl Iterator<Item = &'a Table>) -> Table {
    tables.fold(Table::default(), |sum, table| Table {
        a: sum.a + table.a,
        b: sum.b + table.b,
        c: sum.c + table.c,
        d: sum.d + table.d,
    })
}
