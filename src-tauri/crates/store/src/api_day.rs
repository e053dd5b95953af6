//! What was spent of a portal's day at HubSpot, across starts of the program.

use crm::Moment;
use jiff::civil::Date;
use rusqlite::{Connection, OptionalExtension, params};

use crate::error::StoreError;
use crate::portal_store::PortalStore;

const LOAD: &str = include_str!("../../../../sql/store/load_api_day.sql");
const SAVE: &str = include_str!("../../../../sql/store/save_api_day.sql");

/// The calls of one day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiDay {
    /// The day, in the portal's time zone.
    pub day: Date,
    /// Calls made from this machine.
    pub calls: u64,
    /// Those of them that failed.
    pub errors: u64,
    /// What HubSpot allows in a day, where it told.
    pub limit: Option<u64>,
    /// What it said is left, for every app that shares the budget.
    pub remaining: Option<u64>,
    /// No calls before this: the budget is spent.
    pub spent_until: Option<Moment>,
    /// No calls before this: too many have failed.
    pub paused_until: Option<Moment>,
}

impl PortalStore {
    /// The day that was saved last, whichever it was.
    ///
    /// # Errors
    /// Failures of the database.
    pub fn api_day(&self) -> Result<Option<ApiDay>, StoreError> {
        self.read(load)
    }

    /// Keeps what was spent of a day by now.
    ///
    /// # Errors
    /// [`StoreError::InUse`], and failures of the database.
    pub fn save_api_day(&self, day: &ApiDay) -> Result<(), StoreError> {
        self.write(|tx| {
            tx.prepare_cached(SAVE)?.execute(params![
                day.day.to_string(),
                day.calls,
                day.errors.min(day.calls),
                day.limit,
                day.remaining,
                day.spent_until.map(Moment::millis),
                day.paused_until.map(Moment::millis),
            ])?;
            Ok(())
        })
    }
}

fn load(connection: &Connection) -> Result<Option<ApiDay>, StoreError> {
    let row = connection.query_row(LOAD, [], |row| {
        let moment = |column| -> rusqlite::Result<Option<Moment>> {
            Ok(row.get::<_, Option<i64>>(column)?.map(Moment::from_millis))
        };
        let day: String = row.get(0)?;
        Ok((
            day,
            ApiDay {
                day: Date::ZERO,
                calls: row.get(1)?,
                errors: row.get(2)?,
                limit: row.get(3)?,
                remaining: row.get(4)?,
                spent_until: moment(5)?,
                paused_until: moment(6)?,
            },
        ))
    });
    let Some((text, count)) = row.optional()? else {
        return Ok(None);
    };
    let day = text.parse().map_err(|_| StoreError::BadValue("day"))?;
    Ok(Some(ApiDay { day, ..count }))
}
