//! `plumbline demo`: the main road, from nothing to a forecast.

use app::views::{
    DemoArgs, ForecastArgs, ForecastView, PeriodChoice, PortalSummary, SyncReportView,
};
use serde::Serialize;

use crate::failure::Failure;
use crate::output::{self, ProgressLine};
use crate::session::{Session, interruptible};
use crate::verbs::{forecast, sync};

/// Open deals that are printed.
const DEALS_PRINTED: usize = 10;

/// What the demo did, for programs.
#[derive(Serialize)]
struct DemoAnswer {
    portal: PortalSummary,
    sync: SyncReportView,
    forecast: ForecastView,
}

pub(crate) async fn run(session: &Session) -> Result<(), Failure> {
    // Without a folder of its own the demo leaves nothing behind.
    let folder = tempfile::tempdir()?;
    let app = match &session.data_dir {
        Some(_) => session.open().await?,
        None => {
            session
                .open_throwaway(folder.path().join("plumbline"))
                .await?
        }
    };
    let portal = {
        let _progress = ProgressLine::follow(&app);
        interruptible(
            &app,
            app.demo(DemoArgs {
                job: Session::job(),
            }),
        )
        .await?
    };
    if !session.json {
        output::line(format!(
            "Connected {} (portal {}) over OAuth.",
            portal.name, portal.id
        ))?;
    }
    let report = sync::read(&app, portal.id).await?;
    if !session.json {
        output::line(sync::in_a_sentence(&report))?;
        output::line("")?;
    }
    let asked = ForecastArgs {
        portal: portal.id.into(),
        period: PeriodChoice::ThisQuarter,
        as_of: None,
        pipeline: None,
        team: None,
        owner: None,
        quota: None,
    };
    let view = app.forecast(asked).await?;
    if session.json {
        return output::json(&DemoAnswer {
            portal,
            sync: report,
            forecast: view,
        });
    }
    forecast::print(&view, DEALS_PRINTED)
}
