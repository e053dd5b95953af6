//! `plumbline demo`: the main road, from nothing to the reports.

use analyses::scoring::Scored;
use app::views::{
    ActivityArgs, ActivityView, CompetitorsArgs, CompetitorsView, CopyId, DemoArgs, ForecastArgs,
    ForecastView, IcpArgs, IcpView, PeriodChoice, PortalSummary, ScoringArgs, ScoringView,
    SyncReportView,
};
use app::{App, WireError};
use serde::Serialize;

use crate::failure::Failure;
use crate::output::{self, ProgressLine};
use crate::session::{Session, interruptible};
use crate::verbs::{activity, competitors, forecast, icp, scoring, sync};

/// Open deals of the forecast and of the scores, and stalled ones, that are printed.
const DEALS_PRINTED: usize = 10;
/// Segments of customers that are printed.
const SEGMENTS_PRINTED: usize = 10;

/// What the demo did, for programs.
#[derive(Serialize)]
struct DemoAnswer {
    portal: PortalSummary,
    sync: SyncReportView,
    #[serde(flatten)]
    reports: Reports,
}

/// The reports, each as `plumbline report` prints it by itself.
#[derive(Serialize)]
struct Reports {
    forecast: ForecastView,
    icp: IcpView,
    competitors: CompetitorsView,
    activity: ActivityView,
    scoring: ScoringView,
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
    let reports = Box::pin(Reports::of(&app, portal.id.into())).await?;
    if session.json {
        return output::json(&DemoAnswer {
            portal,
            sync: report,
            reports,
        });
    }
    reports.print()
}

impl Reports {
    /// Asks for all of them, as they are asked for when nothing is chosen.
    async fn of(app: &App, portal: CopyId) -> Result<Self, WireError> {
        let forecast = ForecastArgs {
            portal,
            period: PeriodChoice::ThisQuarter,
            as_of: None,
            pipeline: None,
            team: None,
            owner: None,
            quota: None,
        };
        let icp = IcpArgs {
            portal,
            as_of: None,
            pipeline: None,
            dimensions: None,
            properties: Vec::new(),
            horizon_days: None,
            declared: None,
        };
        let competitors = CompetitorsArgs {
            portal,
            as_of: None,
            pipeline: None,
            segment: None,
        };
        let activity = ActivityArgs {
            portal,
            as_of: None,
            pipeline: None,
        };
        let scoring = ScoringArgs {
            of: Scored::Deals,
            portal,
            as_of: None,
            pipeline: None,
            horizon_days: None,
            properties: Vec::new(),
        };
        Ok(Self {
            forecast: app.forecast(forecast).await?,
            icp: app.icp(icp).await?,
            competitors: app.competitors(competitors).await?,
            activity: app.activity(activity).await?,
            scoring: app.scoring(scoring).await?,
        })
    }

    fn print(&self) -> Result<(), Failure> {
        output::title("Pipeline forecast")?;
        forecast::print(&self.forecast, DEALS_PRINTED)?;
        output::title("Ideal customers")?;
        icp::print(&self.icp, SEGMENTS_PRINTED)?;
        output::title("Competitors")?;
        competitors::print(&self.competitors)?;
        output::title("Activity")?;
        activity::print(&self.activity.report, DEALS_PRINTED)?;
        output::title("Scores")?;
        scoring::print(&self.scoring, DEALS_PRINTED)
    }
}
