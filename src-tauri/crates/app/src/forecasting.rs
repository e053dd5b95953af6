//! The forecast, and the story of one deal.

use std::collections::BTreeMap;

use analyses::forecast::report::WhatIfReport;
use analyses::forecast::{self, ForecastQuestion};
use crm::{FiscalYear, Moment, ObjectType, PipelineId, RecordId};
use jiff::tz::TimeZone;
use rusqlite::{Connection, OptionalExtension, params};
use store::{PortalInfo, PortalStore, StoreError};

use crate::app::{App, blocking};
use crate::hint;
use crate::open_portal::OpenPortal;
use crate::period;
use crate::quotas;
use crate::views::{
    DealArgs, DealStory, DealStoryVersion, ForecastArgs, ForecastView, PipelineOption, WhatIfArgs,
};
use crate::whose;
use crate::wire::WireError;

const PIPELINES: &str = include_str!("../../../../sql/read/pipelines.sql");
const DEAL_NAMES: &str = include_str!("../../../../sql/read/deal_names.sql");
const DEAL_HEAD: &str = include_str!("../../../../sql/read/deal_head.sql");
const DEAL_VERSIONS: &str = include_str!("../../../../sql/read/deal_versions.sql");
const DEAL_ACTIVITIES: &str = include_str!("../../../../sql/read/deal_activities.sql");

/// How often the period's end is drawn: analyses.md's default, whose error is well below a percent.
const DRAWS: u32 = 10_000;

/// The most changes that are supposed at once.
const MOST_CHANGES: usize = 500;

impl App {
    /// How a period will end, as knowable now or at the end of a past day: never later than the
    /// moment up to which the copy is complete, because what it has not read did not not happen.
    ///
    /// # Errors
    /// When the portal is unknown or was never synced, or the day or period makes no sense.
    pub async fn forecast(&self, args: ForecastArgs) -> Result<ForecastView, WireError> {
        let id = args.portal;
        let portal = self.copy(id).await?;
        let Asked {
            question,
            pipelines,
            fiscal_year,
        } = self.asked(&portal, args).await?;
        let timeline = portal.timeline().await?;
        let (teams, owners) = whose::options(&timeline);
        let seed = question.seed.to_string();
        let report = portal.forecast(question).await?.report.clone();
        Ok(ForecastView {
            portal: id,
            snapshot: portal.snapshot(),
            pipelines,
            teams,
            owners,
            fiscal_year,
            seed,
            report,
        })
    }

    /// How a period would end if something were different. Nothing is kept of it.
    ///
    /// # Errors
    /// Those of [`App::forecast`]; when too much is supposed at once, or nothing can be expected.
    pub async fn what_if(&self, args: WhatIfArgs) -> Result<WhatIfReport, WireError> {
        if args.changes.len() > MOST_CHANGES {
            return Err(WireError::bad_input(
                "Too much is supposed at once.",
                "Suppose less.",
            ));
        }
        let portal = self.copy(args.forecast.portal).await?;
        let Asked { question, .. } = self.asked(&portal, args.forecast).await?;
        let forecast = portal.forecast(question).await?;
        blocking(move || {
            let drawn = forecast.drawn.as_ref().ok_or_else(|| {
                WireError::bad_input(
                    "Too little is known for a forecast, so nothing can be supposed about it.",
                    "Ask for another period, or for all deals.",
                )
            })?;
            Ok(drawn.what_if(&args.changes))
        })
        .await
    }

    /// The question that was meant.
    async fn asked(&self, portal: &OpenPortal, args: ForecastArgs) -> Result<Asked, WireError> {
        let Standing {
            info,
            pipelines,
            fiscal_year,
            complete_to,
        } = portal.standing(args.pipeline.as_ref()).await?;
        let zone = zone(&info);
        let now = self.now_in(portal);
        let asked = period::looked_from(args.as_of.as_deref(), &zone, now)?;
        let days = period::days(&args.period, asked.date_in(&zone), fiscal_year)?;
        let timeline = portal.timeline().await?;
        let whose = whose::asked(&timeline, args.team, args.owner)?;
        // What somebody entered is known from then on, however old the copy is.
        let filed = quotas::scope(days, args.pipeline.clone(), &whose);
        let quota = match &args.quota {
            Some(amount) => Some(quotas::as_asked(amount, &timeline, asked)?),
            None => {
                portal
                    .with_store(move |store| Ok(quotas::known(store, asked, &filed)?))
                    .await?
            }
        };
        let question = ForecastQuestion {
            as_of: asked.min(complete_to),
            period: forecast::Period {
                first_day: days.first,
                last_day: days.last,
            },
            pipeline: args.pipeline,
            whose,
            quota,
            // The portal's own id, so that the same data gives the same bytes for everybody.
            seed: portal.store.id().get(),
            draws: DRAWS,
        };
        Ok(Asked {
            question,
            pipelines,
            fiscal_year,
        })
    }

    /// What one deal said when.
    ///
    /// # Errors
    /// When the portal or the deal is unknown.
    pub async fn deal_story(&self, args: DealArgs) -> Result<DealStory, WireError> {
        let portal = self.copy(args.portal).await?;
        let story = portal
            .with_store(move |store| Ok(store.read(|connection| story(connection, args.deal))?))
            .await?;
        let story = story.map(|story| DealStory {
            snapshot: portal.snapshot(),
            ..story
        });
        story.ok_or_else(|| {
            WireError::bad_input(
                "This portal's copy has no such deal.",
                "Sync the portal; the deal may be new.",
            )
        })
    }
}

/// A question of a forecast, and what the page around the answer needs.
struct Asked {
    question: ForecastQuestion,
    pipelines: Vec<PipelineOption>,
    fiscal_year: FiscalYear,
}

/// A portal of whose copy something can be said.
pub(crate) struct Standing {
    pub(crate) info: PortalInfo,
    pub(crate) pipelines: Vec<PipelineOption>,
    pub(crate) fiscal_year: FiscalYear,
    /// Up to when the copy is complete: later than that nothing can be said.
    pub(crate) complete_to: Moment,
}

impl OpenPortal {
    /// Where a copy stands, once something can be said of it, or of one of its pipelines.
    ///
    /// # Errors
    /// When the portal was never read completely, or has no such pipeline.
    pub(crate) async fn standing(&self, asked: Option<&PipelineId>) -> Result<Standing, WireError> {
        let (info, synced, pipelines, fiscal_year) = self
            .with_store(|store| {
                let synced = store.read(store::last_finished_run)?;
                let fiscal_year = store.read(store::fiscal_year)?;
                Ok((store.info()?, synced, pipelines(store)?, fiscal_year))
            })
            .await?;
        let Some(synced) = synced else {
            return Err(WireError::bad_input(
                "This portal has not been read completely yet, so there is nothing to forecast from.",
                hint::SYNC_FIRST,
            ));
        };
        let known = |asked: &PipelineId| pipelines.iter().any(|pipeline| pipeline.id == *asked);
        if asked.is_some_and(|asked| !known(asked)) {
            return Err(WireError::bad_input(
                "This portal has no such pipeline.",
                hint::CHOOSE_PIPELINE,
            ));
        }
        Ok(Standing {
            info,
            pipelines,
            fiscal_year,
            complete_to: synced.started_at,
        })
    }
}

/// The portal's time zone; UTC where HubSpot names one that this machine does not know.
pub(crate) fn zone(info: &PortalInfo) -> TimeZone {
    TimeZone::get(&info.time_zone).unwrap_or(TimeZone::UTC)
}

fn pipelines(store: &PortalStore) -> Result<Vec<PipelineOption>, StoreError> {
    store.read(|connection| {
        let mut statement = connection.prepare_cached(PIPELINES)?;
        let rows = statement.query_map([], |row| {
            Ok(PipelineOption {
                id: PipelineId::new(row.get::<_, String>(0)?),
                label: row.get(1)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    })
}

/// The names of all deals, for lists that know only ids.
pub(crate) fn deal_names(store: &PortalStore) -> Result<BTreeMap<RecordId, String>, StoreError> {
    store.read(|connection| {
        let mut statement = connection.prepare_cached(DEAL_NAMES)?;
        let rows = statement.query_map([], |row| Ok((RecordId::new(row.get(0)?), row.get(1)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    })
}

fn story(connection: &Connection, deal: RecordId) -> Result<Option<DealStory>, StoreError> {
    let head = connection
        .prepare_cached(DEAL_HEAD)?
        .query_row([deal.get()], |row| {
            Ok((
                row.get::<_, Option<String>>(0)?,
                row.get::<_, Option<String>>(1)?,
            ))
        })
        .optional()?;
    let Some((name, owner)) = head else {
        return Ok(None);
    };
    let versions = connection
        .prepare_cached(DEAL_VERSIONS)?
        .query_map(params![deal.get()], |row| {
            Ok(DealStoryVersion {
                at: Moment::from_millis(row.get(0)?),
                property: row.get(1)?,
                value: row
                    .get::<_, Option<String>>(2)?
                    .filter(|text| !text.is_empty()),
                source: row.get(3)?,
            })
        })?
        .collect::<Result<_, _>>()?;
    let activities = connection
        .prepare_cached(DEAL_ACTIVITIES)?
        .query_map(params![deal.get(), ObjectType::DEALS.as_str()], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })?
        .collect::<Result<_, _>>()?;
    Ok(Some(DealStory {
        snapshot: None,
        deal,
        name: name.unwrap_or_default(),
        owner,
        versions,
        activities,
    }))
}
