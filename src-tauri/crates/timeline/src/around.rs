//! What happened around records that are no deals, as it was known at a moment.

use std::collections::BTreeMap;

use crm::{Moment, ObjectType, RecordId};
use rusqlite::Connection;
use store::StoreError;

use crate::activities::{Activities, ActivitiesBuilder, Activity};
use crate::load;

const ACTIVITIES: &str = include_str!("../../../../sql/read/load_activities_around.sql");

/// The activities of all records of a type, such as contacts, in the arrays that hold those of deals.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ActivitiesAround {
    ids: Vec<RecordId>,
    activities: Activities,
}

impl ActivitiesAround {
    /// Reads those of all records of a type.
    ///
    /// # Errors
    /// Failures of the database.
    pub fn load(connection: &Connection, object: &ObjectType) -> Result<Self, StoreError> {
        let mut builder = ActivitiesBuilder::default();
        load::activities(connection, ACTIVITIES, [object.as_str()], &mut builder)?;
        Ok(Self::built(builder))
    }

    /// Those of records in hand, by the records' ids.
    #[must_use]
    pub fn of(records: &BTreeMap<RecordId, Vec<Activity>>) -> Self {
        let mut builder = ActivitiesBuilder::default();
        for (id, activities) in records {
            for activity in activities {
                builder.add(*id, activity);
            }
        }
        Self::built(builder)
    }

    fn built(builder: ActivitiesBuilder) -> Self {
        let (ids, activities) = builder.finish_with_ids();
        Self { ids, activities }
    }

    /// The activities of a record that were known at `t`: they had happened, were on record, and not
    /// deleted; in the order in which they became known.
    pub fn until(&self, record: RecordId, t: Moment) -> impl Iterator<Item = Activity> + '_ {
        let row = self.ids.binary_search(&record).ok();
        row.into_iter()
            .flat_map(move |row| self.activities.until(row, t))
    }
}
