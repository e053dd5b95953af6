//! Which customers are worth having: the report, and what the user declares.

mod declared;
mod feed;
pub(crate) mod kept;
#[cfg(test)]
pub(crate) mod made_up;
pub(crate) mod place;
mod segments;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use analyses::icp::{self, Dimension, IcpError, IcpQuestion, IcpReport};
use crm::{Moment, PipelineId, RecordId};
use rusqlite::Connection;
use store::{PortalStore, StoreError};
use timeline::Timeline;

use crate::app::App;
use crate::forecasting::{Standing, deal_names, zone};
use crate::hint;
use crate::period;
use crate::views::{
    CopyArgs, DeclaredIcpView, DimensionNames, IcpArgs, IcpDeclareArgs, IcpView, SegmentsQuery,
};
use crate::wire::{WireError, internal};

/// Letters of the longest name that a declared ICP may have.
const LONGEST_NAME: usize = 60;
/// Horizons beside the one that is asked for.
const HORIZONS: [u32; 4] = [30, 90, 180, 365];

impl App {
    /// Which customers get deals, win them and bring most, now or as knowable at the end of a past
    /// day, never later than the copy is complete.
    ///
    /// # Errors
    /// When the portal, the pipeline, a dimension or a declared value is unknown, or the portal was
    /// never synced.
    pub async fn icp(&self, args: IcpArgs) -> Result<IcpView, WireError> {
        let portal = self.copy(args.portal).await?;
        let Standing {
            info,
            pipelines,
            fiscal_year,
            complete_to,
        } = portal.standing(args.pipeline.as_ref()).await?;
        let zone = zone(&info);
        let now = self.now_in(&portal);
        let asked = period::looked_from(args.as_of.as_deref(), &zone, now)?;
        let mut question = IcpQuestion::at(asked.min(complete_to), zone);
        question.fiscal_year = fiscal_year;
        // The portal's own id, so that the same data gives the same bytes for everybody.
        question.seed = portal.store.id().get();
        question.horizon_days = args.horizon_days.unwrap_or(question.horizon_days);
        question.more_horizons = HORIZONS.to_vec();
        let (wanted, named) = (args.clone(), question);
        let (asked, names) = portal
            .with_store(move |store| {
                store.read(|connection| read(connection, wanted, named, complete_to))?
            })
            .await?;
        let declared_version = asked.version;
        let loaded = portal.loaded().await?;
        let (timeline, question) = (Arc::clone(&loaded.timeline), asked.clone());
        let make = || portal.with_store(move |store| make(store, &timeline, &question));
        let made = Made::clone(&*loaded.customers.get(asked, make).await?);
        Ok(IcpView {
            portal: args.portal,
            snapshot: portal.snapshot(),
            pipelines,
            declared_version,
            names,
            deal_names: made.deal_names,
            query: made.query,
            report: made.report,
        })
    }

    /// Keeps what the user declares, as a new version.
    ///
    /// # Errors
    /// When the portal is unknown or only a snapshot, a value means nothing here, or the name is too long.
    pub async fn icp_declare(
        &self,
        args: IcpDeclareArgs,
    ) -> Result<Vec<DeclaredIcpView>, WireError> {
        let portal = self.copy(args.portal).await?;
        if portal.snapshot().is_some() {
            return Err(crate::snapshots::portal_wanted());
        }
        let name = args.name.trim().to_owned();
        if name.chars().count() > LONGEST_NAME {
            return Err(WireError::bad_input(
                format!("A name has at most {LONGEST_NAME} letters."),
                "Shorten it.",
            ));
        }
        let Standing { info, .. } = portal.standing(None).await?;
        let now = self.now();
        let seen_until = match &args.seen_until {
            None => None,
            Some(day) => Some(period::end_of(period::day(day)?, &zone(&info), now)?),
        };
        portal
            .with_store(move |store| {
                let declared = store
                    .read(|connection| Ok(declared::resolve(connection, &args.declared)?))??;
                store.write(|tx| store::declare_icp(tx, now, seen_until, &name, &declared))?;
                Ok(declared::versions(store)?)
            })
            .await
    }

    /// What was declared, newest first.
    ///
    /// # Errors
    /// When the portal is unknown.
    pub async fn icp_declared(&self, args: CopyArgs) -> Result<Vec<DeclaredIcpView>, WireError> {
        let portal = self.copy(args.portal).await?;
        portal
            .with_store(|store| Ok(declared::versions(store)?))
            .await
    }
}

/// What is asked, as far as the report depends on it.
#[derive(Clone, PartialEq)]
pub(crate) struct Asked {
    question: IcpQuestion,
    /// Nobody said by when a deal counts as won: that follows from how long wins take.
    usual_horizon: bool,
    pipeline: Option<PipelineId>,
    /// Of the kept ICP, where that is asked about.
    version: Option<u32>,
    /// Another program may have read the portal meanwhile.
    complete_to: Moment,
}

/// The report, and what belongs to it.
#[derive(Clone)]
pub(crate) struct Made {
    deal_names: BTreeMap<RecordId, String>,
    query: SegmentsQuery,
    report: IcpReport,
}

/// The names of dimensions and of their values.
type Names = BTreeMap<String, DimensionNames>;

/// The question that was meant, and how HubSpot calls what it is about.
fn read(
    connection: &Connection,
    args: IcpArgs,
    mut question: IcpQuestion,
    complete_to: Moment,
) -> Result<Result<(Asked, Names), WireError>, StoreError> {
    if let Some(asked) = &args.dimensions {
        let known = |name: &String| Dimension::from(name.clone());
        question.dimensions = asked.iter().map(known).collect();
    }
    for name in &args.properties {
        match place::property(connection, name)? {
            Some(dimension) => question.dimensions.push(dimension),
            None => return Ok(Err(no_property(name))),
        }
    }
    let (version, declared) = match declared::asked(connection, &args)? {
        Ok(found) => found,
        Err(error) => return Ok(Err(error)),
    };
    // What is declared must be told apart, too.
    for dimension in declared.iter().flat_map(|declared| declared.values.keys()) {
        if !question.dimensions.contains(dimension) {
            question.dimensions.push(dimension.clone());
        }
    }
    question.declared = declared;
    let mut names = BTreeMap::new();
    for dimension in &question.dimensions {
        let Some(place) = place::place(dimension) else {
            return Ok(Err(no_property(&dimension.to_string())));
        };
        let called = place::called(connection, &place)?;
        let label = match dimension {
            Dimension::Size => "Employees".to_owned(),
            Dimension::Source => "Source".to_owned(),
            _ => called.label.unwrap_or(place.property),
        };
        let values = called.values;
        names.insert(dimension.to_string(), DimensionNames { label, values });
    }
    let pipeline = args.pipeline;
    let asked = Asked {
        question,
        usual_horizon: args.horizon_days.is_none(),
        pipeline,
        version,
        complete_to,
    };
    Ok(Ok((asked, names)))
}

/// The rows are read in one consistent picture of the database.
fn make(store: &PortalStore, timeline: &Timeline, asked: &Asked) -> Result<Made, WireError> {
    let question = &asked.question;
    let wanted = feed::Wanted {
        as_of: question.as_of,
        pipeline: asked.pipeline.as_ref(),
        dimensions: &question.dimensions,
    };
    let rows = store.read(|connection| Ok(feed::rows(connection, timeline, &wanted)?))?;
    let mut question = question.clone();
    if asked.usual_horizon {
        question.horizon_days = icp::usual_horizon(&rows, &question);
    }
    let report = icp::icp(&rows, &question).map_err(|error| refusal(&error))?;
    let query = segments::query(&rows, &report, asked.pipeline.as_ref());
    let mut deal_names = deal_names(store)?;
    let listed: BTreeSet<_> = report.all.deals.iter().collect();
    deal_names.retain(|id, name| listed.contains(id) && !name.is_empty());
    Ok(Made {
        deal_names,
        query,
        report,
    })
}

pub(crate) fn no_property(name: &str) -> WireError {
    WireError::bad_input(
        format!("Neither companies, deals nor contacts of this portal have a property {name}."),
        hint::NAME_PROPERTY,
    )
}

fn refusal(error: &IcpError) -> WireError {
    match error {
        IcpError::TooManyProperties => WireError::bad_input(
            "At most three properties can be asked about: with more, nothing stands out for sure.",
            "Leave some out.",
        ),
        IcpError::Dimensions => WireError::bad_input(
            "Customers are told apart by at least one thing, and by each only once.",
            "Ask about different ones.",
        ),
        IcpError::Horizon => WireError::bad_input(
            "The horizon lies between one day and ten years.",
            "Use 90, 180 or 365 days.",
        ),
        IcpError::Statistics(_) => internal("the report on customers met a number that is none"),
    }
}
