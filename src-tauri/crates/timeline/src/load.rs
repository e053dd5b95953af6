//! From a portal's database into columns.

use std::collections::HashMap;

use crm::{Currency, Moment, OwnerId, PipelineId, RecordId, StageId, TeamId, parse_amount};
use jiff::tz::TimeZone;
use rusqlite::{Connection, Row};
use store::{PortalStore, StoreError};

use crate::activities::{ActivitiesBuilder, Activity, ActivityKind, Direction};
use crate::build::{Builder, DealFacts, Tracked};
use crate::histories::{Owner, PortalClock, Team, Timeline};
use crate::parts::StagePart;
use crate::stage::Pipeline;

const PIPELINES: &str = include_str!("../../../../sql/read/load_pipelines.sql");
const STAGES: &str = include_str!("../../../../sql/read/load_stages.sql");
const OWNERS: &str = include_str!("../../../../sql/read/load_owners.sql");
const CONTINUED: &str = include_str!("../../../../sql/read/deals_continued.sql");
const TEAMS: &str = include_str!("../../../../sql/read/load_teams.sql");
const DEALS: &str = include_str!("../../../../sql/read/load_deals.sql");
const ACTIVITIES: &str = include_str!("../../../../sql/read/load_deal_activities.sql");
const VERSIONS: &str = include_str!("../../../../sql/read/load_deal_versions.sql");

/// Why no timeline could be loaded.
#[derive(Debug, thiserror::Error)]
pub enum TimelineError {
    /// The database did not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The portal's time zone is not one that this machine knows.
    #[error("the portal's time zone is not known on this machine")]
    TimeZone,
    /// The portal's home currency is not a currency code.
    #[error("the portal's home currency is not a currency code")]
    HomeCurrency,
}

impl Timeline {
    /// Reads all deals of a portal with their histories, in one consistent picture of the database.
    ///
    /// # Errors
    /// Failures of the database, and a portal whose time zone or currency means nothing.
    pub fn load(store: &PortalStore) -> Result<Self, TimelineError> {
        let info = store.info()?;
        let clock = PortalClock {
            zone: TimeZone::get(&info.time_zone).map_err(|_| TimelineError::TimeZone)?,
            home_currency: info
                .home_currency
                .parse()
                .map_err(|_| TimelineError::HomeCurrency)?,
            fiscal_year: store.read(store::fiscal_year)?,
        };
        let mut builder = Builder::new(clock);
        // Two threads, because deciphering and decoding millions of rows is what takes the time.
        let (_, activities) = store.read_in_two(
            |connection| Ok(fill(connection, &mut builder)?),
            |connection| {
                let mut builder = ActivitiesBuilder::default();
                activities(connection, ACTIVITIES, [], &mut builder)?;
                Ok(builder)
            },
        )?;
        builder.activities(activities);
        Ok(builder.finish())
    }
}

fn fill(connection: &Connection, builder: &mut Builder) -> rusqlite::Result<()> {
    each(connection, PIPELINES, [], |row| {
        builder.pipeline(Pipeline {
            id: PipelineId::new(row.get::<_, String>(0)?),
            label: row.get(1)?,
            order: row.get(2)?,
        });
        Ok(())
    })?;
    each(connection, STAGES, [], |row| {
        builder.stage(StagePart {
            pipeline: PipelineId::new(row.get::<_, String>(0)?),
            id: StageId::new(row.get::<_, String>(1)?),
            label: row.get(2)?,
            order: row.get(3)?,
            probability: row.get(4)?,
            closed: row.get(5)?,
        });
        Ok(())
    })?;
    let mut teams: HashMap<u64, Vec<Team>> = HashMap::new();
    each(connection, TEAMS, [], |row| {
        teams.entry(row.get(0)?).or_default().push(Team {
            id: TeamId::new(row.get::<_, String>(1)?),
            name: row.get(2)?,
        });
        Ok(())
    })?;
    each(connection, OWNERS, [], |row| {
        let id = row.get(0)?;
        builder.owner(Owner {
            id: OwnerId::new(id),
            name: row.get(1)?,
            teams: teams.remove(&id).unwrap_or_default(),
        });
        Ok(())
    })?;
    each(connection, CONTINUED, [], |row| {
        let [old, now] = [row.get(0)?, row.get(1)?].map(RecordId::new);
        builder.continued(old, now);
        Ok(())
    })?;
    each(connection, DEALS, [], |row| {
        builder.deal(&deal(row)?);
        Ok(())
    })?;
    for property in Tracked::ALL {
        each(connection, VERSIONS, [property.property()], |row| {
            builder.version(
                property,
                RecordId::new(row.get(0)?),
                Moment::from_millis(row.get(1)?),
                row.get_ref(2)?.as_str()?,
                row.get_ref(3)?.as_str_or_null()?,
            );
            Ok(())
        })?;
    }
    Ok(())
}

/// Adds what a query says of activities, by the ids of the records that they are around.
pub(crate) fn activities(
    connection: &Connection,
    sql: &str,
    parameters: impl rusqlite::Params,
    builder: &mut ActivitiesBuilder,
) -> rusqlite::Result<()> {
    each(connection, sql, parameters, |row| {
        if let Some(activity) = activity(row)? {
            builder.add(RecordId::new(row.get(0)?), &activity);
        }
        Ok(())
    })
}

/// Runs a query and hands over its rows one by one, without keeping them.
fn each(
    connection: &Connection,
    sql: &str,
    parameters: impl rusqlite::Params,
    mut take: impl FnMut(&Row<'_>) -> rusqlite::Result<()>,
) -> rusqlite::Result<()> {
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query(parameters)?;
    while let Some(row) = rows.next()? {
        take(row)?;
    }
    Ok(())
}

/// None of a type that a later version may store.
fn activity(row: &Row<'_>) -> rusqlite::Result<Option<Activity>> {
    let Some(kind) = ActivityKind::of_name(row.get_ref(1)?.as_str()?) else {
        return Ok(None);
    };
    Ok(Some(Activity {
        kind,
        happened_at: Moment::from_millis(row.get(2)?),
        known_at: Moment::from_millis(row.get(3)?),
        gone_at: row.get::<_, Option<i64>>(4)?.map(Moment::from_millis),
        direction: match row.get_ref(5)?.as_str_or_null()? {
            Some("in") => Some(Direction::In),
            Some("out") => Some(Direction::Out),
            _ => None,
        },
        opened: row.get(6)?,
        replied: row.get(7)?,
        automatic: row.get(8)?,
    }))
}

fn deal<'a>(row: &'a Row<'_>) -> rusqlite::Result<DealFacts<'a>> {
    let text = |column| -> rusqlite::Result<Option<&'a str>> {
        Ok(row
            .get_ref(column)?
            .as_str_or_null()?
            .filter(|text| !text.is_empty()))
    };
    let moment = |column| -> rusqlite::Result<Option<Moment>> {
        Ok(row.get::<_, Option<i64>>(column)?.map(Moment::from_millis))
    };
    Ok(DealFacts {
        id: RecordId::new(row.get(0)?),
        name: text(1)?,
        created_at: moment(2)?,
        updated_at: moment(3)?,
        archived: row.get(4)?,
        archived_at: moment(5)?,
        merged_into: row.get::<_, Option<u64>>(6)?.map(RecordId::new),
        of_merge: row.get(7)?,
        pipeline: text(8)?,
        stage: text(9)?,
        amount: text(10)?.and_then(parse_amount),
        currency: text(11)?.and_then(|code| code.parse::<Currency>().ok()),
        home_amount: text(12)?.and_then(parse_amount),
        close_at: moment(13)?,
        owner: row.get::<_, Option<u64>>(14)?.map(OwnerId::new),
        category: text(15)?,
        is_closed: row.get(16)?,
        is_won: row.get(17)?,
    })
}
