//! What properties held a week before each sighting: what tells much less then tells of the end.

use crm::Moment;
use jiff::SignedDuration;

use super::beside::{Beside, PropertyKind};
use super::columns::{Measured, Source};
use super::lives::Lives;
use crate::scoring::{Values, WeekBefore};

const WEEK: SignedDuration = SignedDuration::from_hours(7 * 24);

/// By column. None for what is computed, such as counts of the last days, which say less by design
/// when they are older; and for properties of which no history is kept.
pub(super) fn of(
    beside: &Beside,
    lives: &Lives<'_>,
    measured: &[Measured],
    sightings: &[(usize, Moment)],
) -> Vec<Option<WeekBefore>> {
    let was_there = |&row: &usize| {
        let (life, at) = sightings[row];
        at.plus(-WEEK) >= lives.lives[life].from
    };
    let rows: Vec<usize> = (0..sightings.len()).filter(was_there).collect();
    let then = || {
        rows.iter().map(|&row| {
            let (life, at) = sightings[row];
            (lives.lives[life].id, at.plus(-WEEK))
        })
    };
    let of_column = |column: &Measured| {
        let Source::Property(place) = column.source else {
            return None;
        };
        let property = beside.properties.get(place)?;
        if property.of_today > 0 {
            return None;
        }
        let values = match property.kind {
            PropertyKind::Number => {
                Values::Numbers(then().map(|(id, at)| property.number_at(id, at)).collect())
            }
            PropertyKind::Category => Values::Categories {
                codes: then().map(|(id, at)| property.at(id, at)).collect(),
                names: property.values.clone(),
            },
        };
        let rows = rows.clone();
        Some(WeekBefore { rows, values })
    };
    measured.iter().map(of_column).collect()
}
