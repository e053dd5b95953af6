//! A segment against the rest, stratum by stratum.
//!
//! The rest is everybody less the segment: everybody is counted once for all segments of the same
//! dimensions, and for each segment only its own records are looked at.

use std::collections::BTreeMap;
use std::sync::Arc;

use stats::Table;

use super::cohort::{Cohort, Subject};
use super::segments::{Key, WHOLE};
use crate::memo::Memo;

/// By what a segment and the rest are taken apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Way {
    /// Not at all.
    Together,
    /// By quarter and by months of age where a record is young, and perhaps by source. Counts young
    /// records too; the other ways count mature ones alone.
    Watched { by_source: bool },
    /// By quarter of creation.
    Quarter,
    /// By source.
    Source,
    /// By the values of the dimension in this place that are whole.
    Dimension(usize),
}

/// A stratum.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Label {
    Together,
    /// The quarter, the months, the source's place.
    Watched(i32, Option<i32>, Option<usize>),
    Quarter(i32),
    /// Its place among the sources.
    Source(usize),
    Value(usize, u16),
}

/// How many there are, and of how many it happened.
#[derive(Debug, Clone, Copy, Default)]
struct Counted {
    happened: u32,
    not: u32,
}

impl Counted {
    fn add(&mut self, happened: bool) {
        self.happened += u32::from(happened);
        self.not += u32::from(!happened);
    }
}

/// Everybody by stratum.
type Everybody = Arc<BTreeMap<Label, Counted>>;

/// A cohort, ready to be compared with its segments.
pub(crate) struct Contrasts<'a> {
    pub(crate) cohort: &'a Cohort,
    horizon: f64,
    /// The sources, in order, and the place of each subject's.
    sources: Vec<Option<&'a str>>,
    source_of: Vec<usize>,
    everybody: Memo<(Way, Vec<usize>), Everybody>,
}

impl<'a> Contrasts<'a> {
    pub(crate) fn of(cohort: &'a Cohort, horizon: f64) -> Self {
        let all = || {
            cohort
                .subjects
                .iter()
                .map(|subject| subject.source.as_deref())
        };
        let mut sources: Vec<Option<&str>> = all().collect();
        sources.sort_unstable();
        sources.dedup();
        let place = |source| sources.partition_point(|known| *known < source);
        Self {
            source_of: all().map(place).collect(),
            sources,
            cohort,
            horizon,
            everybody: Memo::keeping(usize::MAX),
        }
    }

    /// The source in a place.
    pub(crate) fn source(&self, place: usize) -> Option<String> {
        self.sources
            .get(place)
            .copied()
            .flatten()
            .map(str::to_owned)
    }

    /// A fourfold table a stratum, of a segment with these members. Who is partly in, or has no known
    /// value where the segment has one, is on neither side: unknown values would make every known one
    /// look good.
    pub(crate) fn tables(
        &self,
        key: &Key,
        members: &[(usize, f64)],
        way: Way,
    ) -> BTreeMap<Label, Table> {
        let known: Vec<usize> = {
            let valued = key.0.iter().filter(|(_, value)| *value != 0);
            valued.map(|(dimension, _)| *dimension).collect()
        };
        let mut inside: BTreeMap<Label, Counted> = BTreeMap::new();
        let mut not_rest: BTreeMap<Label, Counted> = BTreeMap::new();
        for &(place, share) in members {
            let Some(subject) = self.cohort.subjects.get(place) else {
                continue;
            };
            let Some(label) = self.label(place, subject, way) else {
                continue;
            };
            let happened = subject.happened_by(self.horizon);
            if share >= WHOLE {
                inside.entry(label).or_default().add(happened);
            }
            if is_known(subject, &known) {
                not_rest.entry(label).or_default().add(happened);
            }
        }
        let everybody = self.everybody.get((way, known.clone()), || {
            Arc::new(self.everybody(way, &known))
        });
        let mut tables: BTreeMap<Label, Table> = BTreeMap::new();
        for (label, all) in everybody.iter() {
            let gone = not_rest.get(label).copied().unwrap_or_default();
            let table = tables.entry(*label).or_default();
            table.c = all.happened.saturating_sub(gone.happened);
            table.d = all.not.saturating_sub(gone.not);
        }
        for (label, counted) in inside {
            let table = tables.entry(label).or_default();
            (table.a, table.b) = (counted.happened, counted.not);
        }
        tables.retain(|_, table| *table != Table::default());
        tables
    }

    /// All strata together.
    pub(crate) fn crude(&self, key: &Key, members: &[(usize, f64)]) -> Table {
        let tables = self.tables(key, members, Way::Together);
        tables.into_values().next().unwrap_or_default()
    }

    /// Everybody with a known value in each of these dimensions.
    fn everybody(&self, way: Way, known: &[usize]) -> BTreeMap<Label, Counted> {
        let mut found: BTreeMap<Label, Counted> = BTreeMap::new();
        for (place, subject) in self.cohort.subjects.iter().enumerate() {
            let label = self.label(place, subject, way);
            if let Some(label) = label.filter(|_| is_known(subject, known)) {
                let counted = found.entry(label).or_default();
                counted.add(subject.happened_by(self.horizon));
            }
        }
        found
    }

    /// The stratum of a subject; none where it does not count.
    fn label(&self, place: usize, subject: &Subject, way: Way) -> Option<Label> {
        let source = || self.source_of.get(place).copied();
        if let Way::Watched { by_source } = way {
            let watched = subject.mature || subject.young.is_some();
            let source = if by_source { source() } else { None };
            return watched.then_some(Label::Watched(subject.quarter, subject.young, source));
        }
        if !subject.mature {
            return None;
        }
        match way {
            Way::Together | Way::Watched { .. } => Some(Label::Together),
            Way::Quarter => Some(Label::Quarter(subject.quarter)),
            Way::Source => source().map(Label::Source),
            Way::Dimension(dimension) => {
                let whole = |&&(_, share): &&(u16, f64)| share >= WHOLE;
                let value = subject.values.get(dimension)?.iter().find(whole)?;
                Some(Label::Value(dimension, value.0))
            }
        }
    }
}

fn is_known(subject: &Subject, dimensions: &[usize]) -> bool {
    let values = |dimension: &usize| {
        subject
            .values
            .get(*dimension)
            .map_or(&[][..], Vec::as_slice)
    };
    let unknown = |dimension: &usize| values(dimension).iter().any(|&(value, _)| value == 0);
    !dimensions.iter().any(unknown)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::icp::segments::{Side, members};
    use proptest::prelude::*;
    use stats::Ending;

    fn subject(id: u64, values: Vec<Vec<(u16, f64)>>, of: (i32, u8, bool, bool)) -> Subject {
        let (quarter, source, mature, won) = of;
        Subject {
            id: crm::RecordId::new(id),
            cluster: 0,
            quarter,
            created_on: 0,
            values,
            source: (source > 0).then(|| format!("source {source}")),
            entry: 0.0,
            exit: 10.0,
            ending: if won { Ending::Event } else { Ending::Open },
            mature,
            young: (!mature && quarter > 0).then_some(quarter),
            zombie: None,
            amount: None,
            owner: None,
        }
    }

    /// The same by looking at everybody for each segment.
    fn scanned(contrasts: &Contrasts<'_>, key: &Key, way: Way) -> BTreeMap<Label, Table> {
        let mut tables: BTreeMap<Label, Table> = BTreeMap::new();
        for (place, subject) in contrasts.cohort.subjects.iter().enumerate() {
            let label = contrasts.label(place, subject, way);
            let Some((side, label)) = key.side_of(subject).zip(label) else {
                continue;
            };
            let table = tables.entry(label).or_default();
            match (side, subject.happened_by(90.0)) {
                (Side::In, true) => table.a += 1,
                (Side::In, false) => table.b += 1,
                (Side::Rest, true) => table.c += 1,
                (Side::Rest, false) => table.d += 1,
            }
        }
        tables
    }

    /// One value, two halves of values, or a half that is not known.
    fn values() -> impl Strategy<Value = Vec<(u16, f64)>> {
        let whole = (0_u16..4).prop_map(|value| vec![(value, 1.0)]);
        let halves = (1_u16..3).prop_map(|value| vec![(value, 0.5), (value + 1, 0.5)]);
        let unknown = (1_u16..4).prop_map(|value| vec![(0, 0.5), (value, 0.5)]);
        prop_oneof![4 => whole, 1 => halves, 1 => unknown]
    }

    proptest! {
        #[test]
        fn the_rest_is_everybody_less_the_segment(
            of in proptest::collection::vec(
                (values(), values(), (0_i32..3, 0_u8..3, any::<bool>(), any::<bool>())), 0..40),
        ) {
            let one = |(id, (a, b, of)): (u64, _)| subject(id, vec![a, b], of);
            let cohort = Cohort {
                subjects: (0..).zip(of).map(one).collect(),
                left_out: crate::icp::cohort::LeftOut::default(),
                design_effect: 1.0,
            };
            let contrasts = Contrasts::of(&cohort, 90.0);
            for (key, members) in members(&cohort) {
                for way in [
                    Way::Together,
                    Way::Watched { by_source: true },
                    Way::Watched { by_source: false },
                    Way::Quarter,
                    Way::Source,
                    Way::Dimension(1),
                ] {
                    let tables = contrasts.tables(&key, &members, way);
                    prop_assert_eq!(tables, scanned(&contrasts, &key, way));
                }
            }
        }
    }
}
