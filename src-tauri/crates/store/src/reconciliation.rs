//! What a check against HubSpot's own counts found, and the questions that such a check asks of the
//! copy.

use crm::{Moment, ObjectType, RecordId};
use jiff::civil::Date;

use crate::error::StoreError;
use crate::unseen::OutOfSight;

mod kept;
mod questions;

pub use kept::{last_reconciliation, save_reconciliation};
pub use questions::{
    associations_of, is_live, last_live, live_records, months_of, most_associated, next_live,
    version_keys,
};

/// HubSpot's counts and ours, and what explains each difference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reconciliation {
    /// When this was asked.
    pub checked_at: Moment,
    /// Up to which moment of creation records were counted: the start of the sync that the copy
    /// comes from. What was made later is no difference.
    pub since: Moment,
    /// Whether every month was asked about, and not only those that had changed.
    pub whole: bool,
    /// A stable word for why nothing was compared this time, such as `network`; the rest is then
    /// what the check before found.
    pub not_checked: Option<String>,
    /// The types, in the order in which they are read.
    pub objects: Vec<ObjectReconciliation>,
    /// Records that were read again, to compare what counts cannot show.
    pub samples: Vec<SampleReconciliation>,
    /// The records on one side alone, at most [`DIFFERENCES_TOLD`] of a type. Not kept: the counts
    /// are.
    pub differences: Vec<Difference>,
}

/// How many records of a type a check names.
pub const DIFFERENCES_TOLD: usize = 1_000;

/// A record that was on one side alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Its type.
    pub object: ObjectType,
    /// Its id.
    pub id: RecordId,
    /// What explains it.
    pub why: Why,
}

/// What explains that a record was on one side alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Why {
    /// Live here, in the recycle bin there; marked so by now.
    Archived,
    /// Live here, merged into another record there; followed by now.
    Merged,
    /// Live here, erased there; gone from here too by now.
    Purged,
    /// There, and HubSpot refuses to show it.
    NoAccess,
    /// Made or changed since the sync began, or not in HubSpot's index yet.
    Newer,
    /// There and missing or outdated here; read and stored by now.
    Repaired,
    /// Nothing.
    Unexplained,
}

impl Reconciliation {
    /// A check that came to nothing.
    #[must_use]
    pub fn not_made(at: Moment, since: Moment, why: &str) -> Self {
        Self {
            checked_at: at,
            since,
            whole: false,
            not_checked: Some(why.to_owned()),
            objects: Vec::new(),
            samples: Vec::new(),
            differences: Vec::new(),
        }
    }

    /// How many differences nothing explains.
    #[must_use]
    pub fn unexplained(&self) -> u64 {
        let of_objects = self.objects.iter().map(ObjectReconciliation::unexplained);
        let of_samples = self.samples.iter().map(SampleReconciliation::unexplained);
        of_objects.chain(of_samples).sum()
    }

    /// Whether everything that could be compared was, and every difference is explained.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.not_checked.is_none() && self.unexplained() == 0
    }
}

/// A type's counts. All of them are those found, before anything was repaired.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObjectReconciliation {
    /// The type.
    pub object: ObjectType,
    /// How many records HubSpot counts; `None` where it does not tell.
    pub theirs: Option<u64>,
    /// How many live records are here.
    pub ours: u64,
    /// The months, in order, the records without a date first.
    pub months: Vec<MonthLine>,
    /// How many records HubSpot counts in the whole type and in none of its months, or the other
    /// way round. Not zero only where its index changes while it is asked.
    pub unplaced: u64,
    /// A stable word for why HubSpot does not tell.
    pub unavailable: Option<String>,
    /// Which records are kept although HubSpot shows them no more, as of the asking of this. Those of a
    /// type that it does not tell of at all are not among them.
    pub out_of_sight: Option<OutOfSight>,
    /// When this was asked.
    pub checked_at: Moment,
}

impl ObjectReconciliation {
    /// How many differences nothing explains.
    #[must_use]
    pub fn unexplained(&self) -> u64 {
        let of_months: u64 = self.months.iter().map(|line| line.unexplained).sum();
        of_months + self.unplaced
    }

    /// What explains the differences of all months together.
    #[must_use]
    pub fn explained(&self) -> Explained {
        let mut all = Explained::default();
        for line in &self.months {
            all.add(line.explained);
        }
        all
    }
}

/// The records of a type that were created in one month, in UTC.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MonthLine {
    /// The month's first day; `None` for records without a date.
    pub month: Option<Date>,
    /// How many HubSpot counts.
    pub theirs: u64,
    /// How many live ones are here.
    pub ours: u64,
    /// What explains the difference, record by record.
    pub explained: Explained,
    /// How many records nothing explains.
    pub unexplained: u64,
    /// When this was asked.
    pub checked_at: Moment,
}

impl MonthLine {
    /// Whether nothing is left to look at again: the counts meet, but for records that HubSpot counts
    /// and refuses to show.
    #[must_use]
    pub fn is_settled(&self) -> bool {
        let Explained { no_access, .. } = self.explained;
        self.unexplained == 0
            && self.explained.total() == no_access
            && self.theirs == self.ours + no_access
    }
}

/// How many records were on one side alone, by what explains it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Explained {
    /// [`Why::Archived`].
    pub archived: u64,
    /// [`Why::Merged`].
    pub merged: u64,
    /// [`Why::Purged`].
    pub purged: u64,
    /// [`Why::NoAccess`].
    pub no_access: u64,
    /// [`Why::Newer`].
    pub newer: u64,
    /// [`Why::Repaired`].
    pub repaired: u64,
}

impl Explained {
    /// How many records are explained.
    #[must_use]
    pub fn total(self) -> u64 {
        self.archived + self.merged + self.purged + self.no_access + self.newer + self.repaired
    }

    /// Adds another month's.
    pub fn add(&mut self, other: Self) {
        self.archived += other.archived;
        self.merged += other.merged;
        self.purged += other.purged;
        self.no_access += other.no_access;
        self.newer += other.newer;
        self.repaired += other.repaired;
    }
}

/// Records of a type that were read again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SampleReconciliation {
    /// The type.
    pub object: ObjectType,
    /// The type their associations lead to; `None` where the versions of properties were compared.
    pub to: Option<ObjectType>,
    /// How many records were chosen.
    pub sampled: u64,
    /// How many records were compared: all of the type where the sample showed a difference.
    pub compared: u64,
    /// Rows that HubSpot has and that were not here.
    pub missing: u64,
    /// Rows that were here and that HubSpot has not. Versions are never surplus: HubSpot forgets
    /// the oldest, this copy does not.
    pub surplus: u64,
    /// How many of both were set right.
    pub repaired: u64,
    /// When this was asked.
    pub checked_at: Moment,
}

impl SampleReconciliation {
    /// How many differences were not set right.
    #[must_use]
    pub fn unexplained(&self) -> u64 {
        (self.missing + self.surplus).saturating_sub(self.repaired)
    }
}

/// Reads a month as the database keeps it: `2026-11`, or nothing.
fn month_of(text: &str) -> Result<Option<Date>, StoreError> {
    if text.is_empty() {
        return Ok(None);
    }
    let first = format!("{text}-01").parse::<Date>();
    first.map(Some).map_err(|_| StoreError::BadValue("a month"))
}
