//! What a portal says as time goes by: a copy that was not refreshed says nothing about the while since,
//! and a quota is known from the moment it was entered.

#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot go on fails; helpers are not recognised as tests"
)]

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use analyses::forecast::report::Change;
use app::views::{
    ConnectArgs, ConnectionWay, FiscalYearArgs, ForecastArgs, JobId, NoArgs, PeriodChoice,
    PlanArgs, QuotaListArgs, QuotaSetArgs, SyncArgs, WhatIfArgs,
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
        team: None,
        owner: None,
        quota: None,
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

#[tokio::test]
async fn a_quota_is_known_from_its_entry_on_and_every_version_stays() {
    let clock = Arc::new(Hands(AtomicI64::new(1_795_000_000_000)));
    let folder = tempfile::tempdir().unwrap();
    let (app, _sim, portal) = synced_app(&clock, &folder).await;
    let day = |at: Moment| at.timestamp().strftime("%Y-%m-%d").to_string();
    let first = day(clock.now());
    let asked = ForecastArgs {
        portal: portal.into(),
        period: PeriodChoice::Days {
            first: "2026-10-01".to_owned(),
            last: "2026-12-31".to_owned(),
        },
        as_of: None,
        pipeline: None,
        team: None,
        owner: None,
        quota: None,
    };
    let set = |amount: Option<&str>| QuotaSetArgs {
        portal,
        period: asked.period.clone(),
        pipeline: None,
        team: None,
        owner: None,
        amount: amount.map(str::to_owned),
    };
    assert!(
        app.forecast(asked.clone())
            .await
            .unwrap()
            .report
            .quota
            .is_none()
    );
    for wrong in ["0", "-5", "ten", "1.005", "1e15"] {
        assert!(app.quota_set(set(Some(wrong))).await.is_err(), "{wrong}");
    }
    app.quota_set(set(Some("500000"))).await.unwrap();
    clock.0.fetch_add(3 * DAY, Ordering::SeqCst);
    let versions = app.quota_set(set(Some("700000"))).await.unwrap();
    assert_eq!(versions.len(), 2);
    assert_eq!((versions[0].current, versions[1].current), (true, false));
    let quota = async |args: ForecastArgs| {
        let report = app.forecast(args).await.unwrap().report;
        report
            .quota
            .map(|quota| (quota.amount.amount.to_string(), quota.versions))
    };
    assert_eq!(
        quota(asked.clone()).await,
        Some(("700000.00".to_owned(), 2))
    );
    let then = ForecastArgs {
        as_of: Some(first.clone()),
        ..asked.clone()
    };
    assert_eq!(quota(then.clone()).await, Some(("500000.00".to_owned(), 1)));
    // One that is asked with is not kept.
    let with = ForecastArgs {
        quota: Some("1".to_owned()),
        ..then
    };
    assert_eq!(quota(with).await, Some(("1.00".to_owned(), 0)));
    // A team's quota is another one, and one that was taken back is none.
    let team = app.forecast(asked.clone()).await.unwrap().teams[0]
        .id
        .clone();
    let teams = ForecastArgs {
        team: Some(team),
        ..asked.clone()
    };
    assert_eq!(quota(teams).await, None);
    clock.0.fetch_add(DAY, Ordering::SeqCst);
    app.quota_set(set(None)).await.unwrap();
    assert_eq!(quota(asked.clone()).await, None);
    let list = |as_of| QuotaListArgs {
        portal: portal.into(),
        as_of,
    };
    assert_eq!(app.quotas(list(None)).await.unwrap().len(), 3);
    assert_eq!(app.quotas(list(Some(first))).await.unwrap().len(), 1);

    // What is supposed starts from the forecast that is shown.
    let report = app.forecast(asked.clone()).await.unwrap().report;
    let largest = report.deals[0].id;
    let supposed = WhatIfArgs {
        forecast: asked,
        changes: vec![Change::Drop { deal: largest }],
    };
    let answer = app.what_if(supposed).await.unwrap();
    assert_eq!(Some(answer.before.total), report.total.value);
    let counted = report.deals[0].contribution.unwrap().amount;
    assert_eq!(answer.change.amount, -counted);
}

#[tokio::test]
async fn quarters_begin_where_the_portal_says() {
    let clock = Arc::new(Hands(AtomicI64::new(1_795_000_000_000)));
    let folder = tempfile::tempdir().unwrap();
    let (app, _sim, portal) = synced_app(&clock, &folder).await;
    let asked = ForecastArgs {
        portal: portal.into(),
        period: PeriodChoice::ThisQuarter,
        as_of: None,
        pipeline: None,
        team: None,
        owner: None,
        quota: None,
    };
    let check = async |first_month: i8, label: &str, days: [&str; 2]| {
        let view = app.forecast(asked.clone()).await.unwrap();
        let period = view.report.period;
        assert_eq!(view.fiscal_year.first_month(), first_month);
        assert_eq!(period.label, label);
        assert_eq!(
            [period.first_day.to_string(), period.last_day.to_string()],
            days
        );
    };
    let set = async |first_month: i8| {
        let args = FiscalYearArgs {
            portal,
            first_month,
        };
        app.fiscal_year_set(args).await
    };
    // It is the 18th of November 2026 there.
    check(1, "Q4 2026", ["2026-10-01", "2026-12-31"]).await;
    set(2).await.unwrap();
    let label = "Q4 FY2027 (Nov to Jan 2027)";
    check(2, label, ["2026-11-01", "2027-01-31"]).await;
    assert_eq!(set(13).await.unwrap_err().code, app::ErrorCode::BadInput);
    check(2, label, ["2026-11-01", "2027-01-31"]).await;
}
