//! A copy that was not refreshed for a while says nothing about that while.

#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot go on fails; helpers are not recognised as tests"
)]

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use app::views::{
    ConnectArgs, ConnectionWay, ForecastArgs, JobId, NoArgs, PeriodChoice, PlanArgs, SyncArgs,
};
use app::{App, Environment};
use crm::{Moment, PortalId};
use hubspot::Clock;
use hubspot::oauth::ConsentFollower;
use hubspot_sim::{Limits, Sim, SimOptions, WorldKind};

const DAY: i64 = 86_400_000;

/// A clock that moves when it is told to.
struct Hands(AtomicI64);

impl Clock for Hands {
    fn now(&self) -> Moment {
        Moment::from_millis(self.0.load(Ordering::SeqCst))
    }
}

fn job() -> JobId {
    JobId("test".to_owned())
}

async fn synced_app(clock: &Arc<Hands>, folder: &tempfile::TempDir) -> (App, Sim, PortalId) {
    let options = SimOptions {
        world: WorldKind::Demo,
        seed: 7,
        now: clock.now(),
        deals: Some(300),
        port: 0,
        limits: Limits::Off,
    };
    let sim = hubspot_sim::serve(options).await.unwrap();
    let environment = Environment {
        data_dir: folder.path().join("data"),
        passphrase: Some("a passphrase".into()),
        clock: Arc::<Hands>::clone(clock),
        opener: Arc::new(ConsentFollower),
        approver: "tester".to_owned(),
        demo_wanted: false,
        demo_limits: Limits::Off,
    };
    let app = App::open(environment).await.unwrap();
    let token = sim.address().token.clone().into();
    let connect = ConnectArgs {
        job: job(),
        way: ConnectionWay::Token { token },
        name: None,
        api_base: Some(sim.address().base_url.clone()),
    };
    let portal = app.connect(connect).await.unwrap().id;
    let sync = SyncArgs {
        job: job(),
        portal,
        full: false,
        reconcile: false,
    };
    app.sync(sync).await.unwrap();
    (app, sim, portal)
}

#[tokio::test]
async fn nothing_is_said_about_the_time_since_the_last_sync() {
    let synced_at = Moment::from_millis(1_795_000_000_000);
    let clock = Arc::new(Hands(AtomicI64::new(synced_at.millis())));
    let folder = tempfile::tempdir().unwrap();
    let (app, _sim, portal) = synced_app(&clock, &folder).await;
    clock.0.fetch_add(10 * DAY, Ordering::SeqCst);

    let asked = ForecastArgs {
        portal: portal.into(),
        period: PeriodChoice::ThisQuarter,
        as_of: None,
        pipeline: None,
    };
    let now = app.forecast(asked.clone()).await.unwrap().report;
    assert_eq!(
        now.as_of, synced_at,
        "the copy is complete up to the sync's start and no further"
    );
    let yesterday = (clock.now().timestamp() - jiff::SignedDuration::from_hours(24))
        .strftime("%Y-%m-%d")
        .to_string();
    let asked = ForecastArgs {
        as_of: Some(yesterday),
        ..asked
    };
    assert_eq!(app.forecast(asked).await.unwrap().report.as_of, synced_at);

    let plan = PlanArgs {
        job: job(),
        portal,
        pipeline: None,
    };
    let plan = app.plan_writeback(plan).await.unwrap().summary;
    assert_eq!(plan.as_of, synced_at);
    assert_eq!(plan.created_at, clock.now());
    assert_eq!(
        app.portals(NoArgs {}).await.unwrap()[0].synced_at,
        Some(synced_at)
    );
}
