//! Which activities go with winning.

use std::collections::BTreeMap;

use analyses::activity::{self, ActivityQuestion};
use crm::RecordId;
use store::{PortalStore, StoreError};

use crate::app::{App, blocking};
use crate::forecasting::{Standing, zone};
use crate::hint;
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
        } = portal.standing(args.pipeline.as_ref()).await?;
        let now = self.now_in(&portal);
        let asked = period::looked_from(args.as_of.as_deref(), &zone(&info), now)?;
        let companies = portal.with_store(|store| Ok(companies(store)?)).await?;
        let question = ActivityQuestion {
            pipeline: args.pipeline,
            companies,
            // The portal's own id, so that the same data gives the same bytes for everybody.
            seed: portal.store.id().get(),
            ..ActivityQuestion::at(asked.min(complete_to))
        };
        let timeline = portal.timeline().await?;
        let report = blocking(move || Ok(activity::activity(&timeline, &question))).await?;
        let report = report.ok_or_else(|| {
            WireError::bad_input("This portal has no such pipeline.", hint::CHOOSE_PIPELINE)
        })?;
        Ok(ActivityView {
            portal: args.portal,
            snapshot: portal.snapshot(),
            pipelines,
            report,
        })
    }
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
