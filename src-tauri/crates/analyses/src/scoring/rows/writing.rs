//! When the properties behind columns were written: what is filled in at the closing tells of it.

use crm::Moment;
use jiff::SignedDuration;

use super::beside::Beside;
use super::columns::{Measured, Source};
use super::lives::{Ending, Life, Lives};

/// So long before its closing, what is written of a record may already be the closing's doing.
const AT_CLOSING: SignedDuration = SignedDuration::from_hours(24);

/// How many versions of a property records that ended had, and how many of them came at the closing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Writing {
    /// All versions.
    pub versions: u32,
    /// Those within the last 24 hours before the closing, or after it.
    pub at_closing: u32,
}

impl Writing {
    /// The share of writes at the closing or after it. None without any.
    #[must_use]
    pub fn share(&self) -> Option<f64> {
        (self.versions > 0).then(|| f64::from(self.at_closing) / f64::from(self.versions))
    }

    fn add(&mut self, at: Moment, closed: Moment) {
        self.versions += 1;
        self.at_closing += u32::from(at >= closed.plus(-AT_CLOSING));
    }
}

/// By column. None where no history is kept, and for what closing writes by itself: the stage and the
/// close date, of which a row holds only what was known before. A contact closes when a deal with it is won.
pub(super) fn of(
    beside: &Beside,
    lives: &Lives<'_>,
    measured: &[Measured],
) -> Vec<Option<Writing>> {
    let closed = lives.lives.iter();
    let closed = closed.filter(|life| matches!(life.ending, Ending::Won | Ending::Lost));
    let count = |versions: &dyn Fn(&Life) -> Vec<Moment>| {
        let mut writing = Writing::default();
        for life in closed.clone() {
            for at in versions(life) {
                writing.add(at, life.until);
            }
        }
        writing
    };
    let of_column = |column: &Measured| match column.source {
        Source::Computed => None,
        Source::Amount => Some(count(&|life| lives.watched.amounts_written(life))),
        Source::Property(place) => {
            let property = beside.properties.get(place)?;
            if property.of_today > 0 {
                return None;
            }
            Some(count(&|life| {
                let said = property.said.get(&life.id).into_iter().flatten();
                said.map(|(at, _)| *at).collect()
            }))
        }
    };
    measured.iter().map(of_column).collect()
}
