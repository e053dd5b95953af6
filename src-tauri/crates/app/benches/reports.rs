//! How long each report takes to answer in a large portal, from the call to the view, after its
//! timeline was loaded.
//!
//! `PLUMBLINE_BENCH_DEALS` is how many deals there are, 50,000 unless told; each has twelve versions and
//! ten activities. `PLUMBLINE_BENCH_ONLY` names the reports to ask, all unless told. Every question is
//! asked once as nobody has asked before and then again; nothing about time is asserted.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a bench prints, reads the clock, and may stop where its fixture is damaged"
)]

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use analyses::forecast::report::Change;
use app::views::{
    ActivityArgs, CompetitorsArgs, ForecastArgs, IcpArgs, PeriodChoice, WaterfallArgs, WhatIfArgs,
};
use app::{App, Environment};
use crm::{Moment, OwnerId, PipelineId, PortalId};
use hubspot::Clock;
use hubspot::oauth::ConsentFollower;
use hubspot_sim::Limits;
use store::{DataDir, PortalEntry, PortalInfo, PortalStore, Registry, Unlock, Vault};

const WORLD: &str = include_str!("../../timeline/benches/world.sql");
const CUSTOMERS: &str = include_str!("customers.sql");
const COMPETITORS: &str = r#"{"competitors":[
    {"id":"kranwerk","name":"Kranwerk","aliases":[{"text":"Kranwerk"}]},
    {"id":"pumpify","name":"Pumpify","aliases":[{"text":"Pumpify"}]}]}"#;

const PORTAL: PortalId = PortalId::new(4242);
/// The day on which the newest deals are a week old.
const NOW: &str = "2026-12-07T08:00:00Z";
const PASSPHRASE: &str = "a passphrase";

struct Stopped;

impl Clock for Stopped {
    fn now(&self) -> Moment {
        NOW.parse().unwrap()
    }
}

/// A portal of so many deals, on disk and encrypted as any portal is. Deals last two to ten days a
/// stage, and of fifty two never end: as many stay open as in a portal that somebody looks after.
fn portal(folder: &Path, deals: u64) {
    let info = PortalInfo {
        id: PORTAL,
        name: "Bench".to_owned(),
        time_zone: "Europe/Berlin".to_owned(),
        home_currency: "EUR".to_owned(),
        account_type: None,
        ui_domain: None,
        data_hosting: None,
        read_at: Stopped.now(),
    };
    let dir = DataDir::open(folder).unwrap();
    let vault = Vault::open(&dir, Unlock::Passphrase(&PASSPHRASE.into())).unwrap();
    let store = PortalStore::create(&dir, &vault, &info).unwrap();
    let world = WORLD
        .replace(":deals", &deals.to_string())
        .replace(":haste", "5")
        .replace(":fates", "50");
    let customers = CUSTOMERS
        .replace(":now", &Stopped.now().millis().to_string())
        .replace(":competitors", &format!("'{COMPETITORS}'"));
    store.write(|tx| Ok(tx.execute_batch(&world)?)).unwrap();
    store.write(|tx| Ok(tx.execute_batch(&customers)?)).unwrap();
    store.checkpoint().unwrap();
    let entry = PortalEntry {
        id: PORTAL,
        name: "Bench".to_owned(),
        colour: 0,
        demo: false,
        added_at: Stopped.now(),
    };
    Registry::open(&dir, &vault).unwrap().add(&entry).unwrap();
}

async fn open(folder: &Path) -> App {
    let environment = Environment {
        data_dir: folder.to_owned(),
        passphrase: Some(PASSPHRASE.into()),
        clock: Arc::new(Stopped),
        opener: Arc::new(ConsentFollower),
        approver: "bench".to_owned(),
        demo_wanted: false,
        demo_limits: Limits::Off,
    };
    App::open(environment).await.unwrap()
}

fn forecast_of(period: PeriodChoice, owner: Option<u64>, quota: Option<&str>) -> ForecastArgs {
    ForecastArgs {
        portal: PORTAL.into(),
        period,
        as_of: None,
        pipeline: None,
        team: None,
        owner: owner.map(OwnerId::new),
        quota: quota.map(str::to_owned),
    }
}

fn waterfall_of(owner: Option<u64>) -> WaterfallArgs {
    WaterfallArgs {
        portal: PORTAL.into(),
        from: "2026-11-23".to_owned(),
        to: "2026-11-29".to_owned(),
        pipeline: None,
        owner: owner.map(OwnerId::new),
        team: None,
        closing: None,
    }
}

fn activity_of(pipeline: Option<&str>) -> ActivityArgs {
    ActivityArgs {
        portal: PORTAL.into(),
        as_of: None,
        pipeline: pipeline.map(PipelineId::new),
    }
}

fn icp_of(pipeline: Option<&str>, horizon_days: Option<u32>) -> IcpArgs {
    IcpArgs {
        portal: PORTAL.into(),
        as_of: None,
        pipeline: pipeline.map(PipelineId::new),
        dimensions: None,
        properties: Vec::new(),
        horizon_days,
        declared: None,
    }
}

fn competitors_of(pipeline: Option<&str>, segment: Option<&str>) -> CompetitorsArgs {
    CompetitorsArgs {
        portal: PORTAL.into(),
        as_of: None,
        pipeline: pipeline.map(PipelineId::new),
        segment: segment.map(str::to_owned),
    }
}

/// Asks, and asks again.
async fn timed<T, F: Future<Output = T>>(what: &str, ask: impl Fn() -> F) -> T {
    let begun = Instant::now();
    drop(ask().await);
    let first = begun.elapsed();
    let begun = Instant::now();
    let answer = ask().await;
    println!(
        "{what}: {:.0} ms, again {:.0} ms",
        first.as_secs_f64() * 1e3,
        begun.elapsed().as_secs_f64() * 1e3
    );
    answer
}

/// The questions of each report: the whole portal first, then filters.
async fn ask(app: &App, report: &str) {
    let pipeline = Some("default");
    match report {
        "waterfall" => {
            let asked = |owner| app.waterfall(waterfall_of(owner));
            timed("waterfall, a week", || asked(None)).await.unwrap();
            timed("waterfall, an owner's", || asked(Some(7)))
                .await
                .unwrap();
        }
        "forecast" => {
            let forecast = |period, owner, quota| app.forecast(forecast_of(period, owner, quota));
            let quarter = || PeriodChoice::ThisQuarter;
            let view = timed("forecast, an owner's", || {
                forecast(quarter(), Some(7), None)
            })
            .await;
            let view = view.unwrap();
            println!("  {} open deals", view.report.deals.len());
            for (what, period) in [
                ("forecast, another owner's", quarter()),
                ("forecast, this owner's month", PeriodChoice::ThisMonth),
                (
                    "forecast, this owner's next quarter",
                    PeriodChoice::NextQuarter,
                ),
            ] {
                let view = timed(what, || forecast(period.clone(), Some(8), None)).await;
                view.unwrap();
            }
            let view = timed("forecast, all", || forecast(quarter(), None, None)).await;
            let view = view.unwrap();
            println!("  {} open deals", view.report.deals.len());
            let view = timed("forecast, all, a quota", || {
                forecast(quarter(), None, Some("90000000"))
            });
            view.await.unwrap();
            let drop = view_changes(
                &app.forecast(forecast_of(quarter(), None, None))
                    .await
                    .unwrap(),
            );
            let what_if = || {
                app.what_if(WhatIfArgs {
                    forecast: forecast_of(quarter(), None, None),
                    changes: drop.clone(),
                })
            };
            timed("what if ten deals were gone", what_if).await.unwrap();
        }
        "activity" => {
            let view = timed("activity, all", || app.activity(activity_of(None))).await;
            view.unwrap();
            let view = timed("activity, a pipeline's", || {
                app.activity(activity_of(pipeline))
            });
            view.await.unwrap();
        }
        "icp" => {
            let asked = |pipeline, days| app.icp(icp_of(pipeline, days));
            timed("icp, all", || asked(None, None)).await.unwrap();
            timed("icp, a pipeline's", || asked(pipeline, None))
                .await
                .unwrap();
            timed("icp, within 180 days", || asked(None, Some(180)))
                .await
                .unwrap();
        }
        "competitors" => {
            let asked = |pipeline, segment| app.competitors(competitors_of(pipeline, segment));
            timed("competitors, all", || asked(None, None))
                .await
                .unwrap();
            timed("competitors, a pipeline's", || asked(pipeline, None))
                .await
                .unwrap();
            let by_source = || asked(None, Some("hs_analytics_source"));
            timed("competitors, by source", by_source).await.unwrap();
        }
        _ => println!("no report is called {report}"),
    }
}

/// Ten open deals that are gone.
fn view_changes(view: &app::views::ForecastView) -> Vec<Change> {
    let deals = view.report.deals.iter().take(10);
    deals.map(|deal| Change::Drop { deal: deal.id }).collect()
}

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() {
    let told = |name: &str| std::env::var(name).ok();
    let deals = told("PLUMBLINE_BENCH_DEALS").map_or(50_000, |text| text.parse().unwrap());
    let only = told("PLUMBLINE_BENCH_ONLY")
        .unwrap_or_else(|| "waterfall,forecast,activity,icp,competitors".to_owned());
    let kept = told("PLUMBLINE_BENCH_FOLDER");
    let temporary = tempfile::tempdir().unwrap();
    let folder = kept.map_or_else(|| temporary.path().join("data"), Into::into);
    if !folder.exists() {
        let begun = Instant::now();
        portal(&folder, deals);
        println!(
            "{deals} deals written: {:.1} s",
            begun.elapsed().as_secs_f64()
        );
    }
    let app = open(&folder).await;
    let begun = Instant::now();
    app.waterfall(waterfall_of(None)).await.unwrap();
    println!(
        "opened, loaded and asked once: {:.1} s",
        begun.elapsed().as_secs_f64()
    );
    for report in only.split(',') {
        ask(&app, report).await;
    }
}
