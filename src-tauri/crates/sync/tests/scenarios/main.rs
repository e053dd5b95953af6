//! Whatever HubSpot was seen to do to its clients: the copy is complete after it, and proves it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

#[path = "../verify/both.rs"]
mod both;

use both::{Both, difference};
use hubspot_sim::{Scenario, Settings};
use store::RunOutcome;

/// Deals of each world.
const DEALS: usize = 20;

/// Runs after which a person would have given up.
const RUNS: usize = 4;

/// Days between the first copy and the next run: long enough for the index to settle.
const DAYS: f64 = 2.0;

/// Syncs until a run ends well, as a person does who is told to try again. A day's budget that is
/// spent comes back with the next day.
async fn sync(both: &Both, scenario: Scenario) -> Result<(), String> {
    let mut last = String::new();
    for run in 1..=RUNS {
        match both.try_sync().await {
            Ok(report) if report.outcome == RunOutcome::Done => return Ok(()),
            Ok(report) => last = format!("{:?}", report.outcome),
            Err(error) => last = error.to_string(),
        }
        if scenario == Scenario::DailyLimit && run == 1 {
            both.sim.calm();
            both.sim.advance(1.0);
        }
    }
    Err(format!("{RUNS} runs, the last: {last}"))
}

async fn verified(both: &Both) -> Result<(), String> {
    let found = both.verify().await;
    if found.is_clean() {
        return Ok(());
    }
    let strange = found.objects.iter().filter(|of| of.unexplained() > 0);
    let strange: Vec<_> = strange.collect();
    Err(format!("verify: {strange:?} {:?}", found.differences))
}

/// A portal that changes with every few calls gives no two answers that fit together while it does.
fn holds_still(scenario: Scenario) -> bool {
    scenario != Scenario::BusyPortal
}

async fn lived_through(scenario: Scenario) -> Result<(), String> {
    let settings = Settings {
        retry_after: Some(1),
        ..Settings::default()
    };
    let both = Both::in_its_time(DEALS).await;
    let switch = || {
        both.sim
            .scenario(scenario, &settings)
            .map_err(|e| e.to_string())
    };
    switch()?;
    sync(&both, scenario)
        .await
        .map_err(|why| format!("first copy: {why}"))?;
    if holds_still(scenario) {
        verified(&both)
            .await
            .map_err(|why| format!("first copy: {why}"))?;
    }
    both.sim.advance(DAYS);
    // Once more, where something is left for it to happen to.
    let _ = switch();
    sync(&both, scenario)
        .await
        .map_err(|why| format!("changes: {why}"))?;
    if holds_still(scenario) {
        verified(&both)
            .await
            .map_err(|why| format!("changes: {why}"))?;
    }
    both.sim.calm();
    both.sim.advance(0.5);
    // What moves no date is found by the sync that looks at every record.
    both.reread().await;
    verified(&both)
        .await
        .map_err(|why| format!("in the end: {why}"))?;
    match difference(&both.copy.contents(), &both.another_copy().await) {
        None => Ok(()),
        Some(difference) => Err(format!("in the end: {difference}")),
    }
}

/// Every scenario is in one of the parts, by its place in the list.
const PARTS: usize = 4;

async fn check(part: usize) {
    let mut failed = Vec::new();
    for scenario in Scenario::ALL.iter().skip(part).step_by(PARTS) {
        if let Err(why) = lived_through(*scenario).await {
            failed.push(format!("{}: {why}", scenario.name()));
        }
    }
    assert!(failed.is_empty(), "{}", failed.join("\n\n"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_first_part() {
    check(0).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_second_part() {
    check(1).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_third_part() {
    check(2).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_fourth_part() {
    check(3).await;
}
