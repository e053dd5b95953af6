//! Which activities go with winning.

use std::collections::BTreeMap;
use std::sync::Arc;

use analyses::activity::report::ActivityReport;
use analyses::activity::{self, ActivityQuestion};
use crm::{Moment, PipelineId, RecordId};
use store::{PortalStore, StoreError};

use crate::app::{App, blocking};
use crate::forecasting::{Standing, zone};
use crate::hint;
use crate::loaded::Loaded;
use crate::open_portal::OpenPortal;
use crate::period;
use crate::views::{ActivityArgs, ActivityView};
use crate::wire::WireError;

const DEAL_COMPANIES: &str = include_str!("../../../../sql/read/load_deal_companies.sql");

impl App {
    /// Which activities go with winning, as knowable now or at the end of a past day: never later than
    /// the moment up to which the copy is complete.
    ///
    /// # Errors
    /// When the portal or the pipeline is unknown, the portal was never synced, or the day makes no
    /// sense.
    pub async fn activity(&self, args: ActivityArgs) -> Result<ActivityView, WireError> {
        let portal = self.copy(args.portal).await?;
        let Standing {
            info,
            pipelines,
            complete_to,
            ..
        } = portal.standing(args.pipeline.as_ref()).await?;
        let now = self.now_in(&portal);
        let asked = period::looked_from(args.as_of.as_deref(), &zone(&info), now)?;
        let as_of = asked.min(complete_to);
        let loaded = portal.loaded().await?;
        let make = || make(&portal, &loaded, as_of, args.pipeline.clone());
        let asked = (as_of, args.pipeline.clone());
        let report = loaded.activities.get(asked, make).await?;
        let report = ActivityReport::clone(&report);
        Ok(ActivityView {
            portal: args.portal,
            snapshot: portal.snapshot(),
            pipelines,
            report,
        })
    }
}

async fn make(
    portal: &OpenPortal,
    loaded: &Loaded,
    as_of: Moment,
    pipeline: Option<PipelineId>,
) -> Result<ActivityReport, WireError> {
    let read = || portal.with_store(|store| Ok(Arc::new(companies(store)?)));
    let companies = loaded.companies.get_or_try_init(read).await?;
    // The portal's own id, so that the same data gives the same bytes for everybody.
    let seed = portal.store.id().get();
    let (timeline, companies) = (Arc::clone(&loaded.timeline), Arc::clone(companies));
    blocking(move || {
        let question = ActivityQuestion {
            pipeline,
            companies: BTreeMap::clone(&companies),
            seed,
            ..ActivityQuestion::at(as_of)
        };
        activity::activity(&timeline, &question).ok_or_else(|| {
            WireError::bad_input("This portal has no such pipeline.", hint::CHOOSE_PIPELINE)
        })
    })
    .await
}

fn companies(store: &PortalStore) -> Result<BTreeMap<RecordId, RecordId>, StoreError> {
    store.read(|connection| {
        let mut statement = connection.prepare_cached(DEAL_COMPANIES)?;
        let rows = statement.query_map([], |row| {
            Ok((RecordId::new(row.get(0)?), RecordId::new(row.get(1)?)))
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    })
}
