//! Reports that were made before anybody asked are those that a question would have made, and a copy that
//! changes takes them with it.

#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot go on fails; helpers are not recognised as tests"
)]

use std::path::Path;
use std::sync::Arc;

use app::views::{
    ActivityArgs, CompetitorsArgs, ConnectArgs, ConnectionWay, ForecastArgs, IcpArgs, JobId,
    PeriodChoice, SyncArgs,
};
use app::{App, Environment};
use crm::{Moment, PipelineId, PortalId};
use hubspot::Clock;
use hubspot::oauth::ConsentFollower;
use hubspot_sim::{Limits, Sim, SimOptions, WorldKind};

struct Stopped;

impl Clock for Stopped {
    fn now(&self) -> Moment {
        Moment::from_millis(1_795_000_000_000)
    }
}

fn job() -> JobId {
    JobId("test".to_owned())
}

async fn open(folder: &Path) -> App {
    let environment = Environment {
        data_dir: folder.join("data"),
        passphrase: Some("a passphrase".into()),
        clock: Arc::new(Stopped),
        opener: Arc::new(ConsentFollower),
        approver: "tester".to_owned(),
        demo_wanted: false,
        demo_limits: Limits::Off,
    };
    App::open(environment).await.unwrap()
}

async fn connected(app: &App) -> (Sim, PortalId) {
    let options = SimOptions {
        world: WorldKind::Demo,
        seed: 7,
        now: Stopped.now(),
        deals: Some(400),
        port: 0,
        limits: Limits::Off,
    };
    let sim = hubspot_sim::serve(options).await.unwrap();
    let token = sim.address().token.clone().into();
    let connect = ConnectArgs {
        job: job(),
        way: ConnectionWay::Token { token },
        name: None,
        api_base: Some(sim.address().base_url.clone()),
    };
    let portal = app.connect(connect).await.unwrap().id;
    sync(app, portal).await;
    (sim, portal)
}

async fn sync(app: &App, portal: PortalId) {
    let sync = SyncArgs {
        job: job(),
        portal,
        full: false,
        reconcile: false,
    };
    app.sync(sync).await.unwrap();
}

/// The reports of all deals, or of a pipeline, as they go to the window.
async fn reports(app: &App, portal: PortalId, pipeline: Option<PipelineId>) -> [String; 4] {
    let forecast = ForecastArgs {
        portal: portal.into(),
        period: PeriodChoice::ThisQuarter,
        as_of: None,
        pipeline: pipeline.clone(),
        team: None,
        owner: None,
        quota: None,
    };
    let activity = ActivityArgs {
        portal: portal.into(),
        as_of: None,
        pipeline: pipeline.clone(),
    };
    let competitors = CompetitorsArgs {
        portal: portal.into(),
        as_of: None,
        pipeline: pipeline.clone(),
        segment: None,
    };
    let icp = IcpArgs {
        portal: portal.into(),
        as_of: None,
        pipeline,
        dimensions: None,
        properties: Vec::new(),
        horizon_days: None,
        declared: None,
    };
    [
        serde_json::to_string(&app.forecast(forecast).await.unwrap()).unwrap(),
        serde_json::to_string(&app.activity(activity).await.unwrap()).unwrap(),
        serde_json::to_string(&app.competitors(competitors).await.unwrap()).unwrap(),
        serde_json::to_string(&app.icp(icp).await.unwrap()).unwrap(),
    ]
}

#[tokio::test]
async fn what_is_made_ahead_is_what_is_asked() {
    let folder = tempfile::tempdir().unwrap();
    let app = open(folder.path()).await;
    let (_sim, portal) = connected(&app).await;
    let pipelines = {
        let all: serde_json::Value =
            serde_json::from_str(&reports(&app, portal, None).await[0]).unwrap();
        let ids = all["pipelines"].as_array().unwrap().iter();
        ids.map(|of| PipelineId::new(of["id"].as_str().unwrap()))
            .collect::<Vec<_>>()
    };
    let scopes: Vec<Option<PipelineId>> = std::iter::once(None)
        .chain(pipelines.into_iter().map(Some))
        .collect();
    let mut asked = Vec::new();
    for scope in scopes.iter().rev() {
        asked.push(reports(&app, portal, scope.clone()).await);
    }
    asked.reverse();
    // A sync that changes nothing forgets all that was made; nothing is asked before it is made ahead.
    sync(&app, portal).await;
    app.make_all_ahead(portal.into()).await.unwrap();
    for (scope, asked) in scopes.iter().zip(&asked) {
        assert_eq!(
            &reports(&app, portal, scope.clone()).await,
            asked,
            "{scope:?}"
        );
    }
}

#[tokio::test]
async fn who_asks_while_reports_are_made_gets_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let app = open(folder.path()).await;
    let (_sim, portal) = connected(&app).await;
    let asked = reports(&app, portal, None).await;
    sync(&app, portal).await;
    app.make_ahead();
    let (one, other) = tokio::join!(reports(&app, portal, None), reports(&app, portal, None));
    assert_eq!((&one, &other), (&asked, &asked));
    // What is under way is dropped with the copy that it was made from.
    sync(&app, portal).await;
    assert_eq!(reports(&app, portal, None).await, asked);
}
