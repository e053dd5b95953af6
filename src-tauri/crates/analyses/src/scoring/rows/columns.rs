//! The columns of rows: what is known of a record at each moment at which it is seen.

use crm::Moment;

use super::beside::{Beside, PropertyKind};
use super::engagement;
use super::lives::Lives;
use crate::scoring::{Column, Definition, Values};

/// What a column is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Measured {
    /// What it is called on a screen; the column's name.
    pub name: String,
    /// What exactly it says.
    pub definition: String,
    /// How many of its values are those of today, because no history of them is kept: what was written
    /// after the closing may be among them.
    pub of_today: u32,
    /// How HubSpot defines the property that it holds; none for what is computed here.
    pub defined: Option<Definition>,
    pub(super) source: Source,
}

/// Where a column's values are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Source {
    /// It is computed from what is watched anyway.
    Computed,
    /// The deal's amount.
    Amount,
    /// A property beside the timelines.
    Property(usize),
}

impl Measured {
    pub(super) fn computed(name: &str, definition: &str) -> Self {
        Self {
            name: name.to_owned(),
            definition: definition.to_owned(),
            of_today: 0,
            defined: None,
            source: Source::Computed,
        }
    }

    pub(super) fn of_today(self, of_today: u32) -> Self {
        Self { of_today, ..self }
    }
}

/// All columns of some lives, each at a moment. The first is the baseline.
pub(super) fn of(
    lives: &Lives<'_>,
    beside: &Beside,
    sightings: &[(usize, Moment)],
) -> (Vec<Column>, Vec<Measured>) {
    let watched = lives.watched;
    let (baseline, names) = watched.baseline();
    let mut measured = vec![baseline];
    measured.extend(watched.measured());
    measured.extend(engagement::measured());
    let mut numbers = vec![Vec::with_capacity(sightings.len()); measured.len() - 1];
    let mut codes = Vec::with_capacity(sightings.len());
    for &(life, at) in sightings {
        let life = &lives.lives[life];
        let (code, own) = watched.known(life, at);
        codes.push(code);
        let around = engagement::of(watched.activities(life, at), at);
        for (column, number) in numbers.iter_mut().zip(own.into_iter().chain(around)) {
            column.push(number);
        }
    }
    let mut values = vec![Values::Categories { codes, names }];
    values.extend(numbers.into_iter().map(Values::Numbers));
    for (place, property) in beside.properties.iter().enumerate() {
        measured.push(Measured {
            name: unlike(&measured, &property.label, &property.name),
            definition: format!("What {} said then.", property.name),
            of_today: property.of_today,
            defined: Some(property.definition.clone()),
            source: Source::Property(place),
        });
        let of = sightings
            .iter()
            .map(|&(life, at)| (lives.lives[life].id, at));
        values.push(match property.kind {
            PropertyKind::Number => {
                Values::Numbers(of.map(|(id, at)| property.number_at(id, at)).collect())
            }
            PropertyKind::Category => Values::Categories {
                codes: of.map(|(id, at)| property.at(id, at)).collect(),
                names: property.values.clone(),
            },
        });
    }
    let columns = measured
        .iter()
        .zip(values)
        .map(|(measured, values)| Column {
            name: measured.name.clone(),
            values,
        });
    (columns.collect(), measured)
}

/// A property's label; with its name where another column bears the label, as companies and contacts
/// both have a country: columns are asked for by their names.
fn unlike(measured: &[Measured], label: &str, name: &str) -> String {
    if measured.iter().any(|known| known.name == label) {
        format!("{label} ({name})")
    } else {
        label.to_owned()
    }
}
