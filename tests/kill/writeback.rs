//! An approved plan killed at random points while it is sent, and again while it finds out what
//! became of it: in the end HubSpot holds what was approved, each value written once, and a value
//! that somebody else changed meanwhile is listed as a conflict and left alone.
//!
//! The simulator lives in the parent and keeps a ledger of every write; the journal is compared
//! with that.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "tests"
)]

mod applier;
mod campaign;
mod judge;
mod process;
mod seeds;

use std::time::Duration;

use applier::{Copy, Order};
use campaign::{kill_often, kills};
use hubspot_sim::{Limits, Sim, SimOptions, WorldKind};
use judge::Verdict;
use seeds::Seeds;
use tokio::runtime::Handle;
use writeback::PlanId;

/// How many plans the planted fault may survive. Two were enough when this was written; at one in
/// seven, a hundred that see nothing mean that the harness is blind.
const PLANS_TO_CATCH: usize = 100;

/// Deals of a plan: two whole batches and a rest.
const DEALS: usize = 230;

/// A plan is killed up to four times and costs as much as this many kills of a sync.
const KILLS_A_PLAN_OF_CI: usize = 10;

async fn simulator() -> Sim {
    let options = SimOptions {
        world: WorldKind::Demo,
        seed: 7,
        now: applier::now(),
        deals: Some(DEALS),
        port: 0,
        limits: Limits::Off,
    };
    hubspot_sim::serve(options).await.unwrap()
}

/// Plans, approves, kills once or twice on the way, lets it end, and judges. `None` where the
/// process was always faster than the kill.
async fn kill_once(order: Order, seeds: &mut Seeds) -> Option<Verdict> {
    let sim = simulator().await;
    let copy = Copy::new(&sim);
    let plan = copy.approved_plan(seeds).await;
    let mut verdict = kill_while_applying(&sim, &copy, plan, order, seeds).await;
    // Half of the plans are taken back again, which is a plan like any other.
    if order == Order::AsShipped && seeds.below(2) == 0 {
        let undo = copy.approved_undo(plan).await;
        verdict.add(kill_while_applying(&sim, &copy, undo, order, seeds).await);
    }
    sim.stop().await;
    (verdict.kills > 0).then_some(verdict)
}

async fn kill_while_applying(
    sim: &Sim,
    copy: &Copy,
    plan: PlanId,
    order: Order,
    seeds: &mut Seeds,
) -> Verdict {
    let mut kills = 0;
    let mut starts = vec![judge::ledger_length(sim)];
    for _ in 0..2 {
        somebody_else(copy, plan, seeds).await;
        let at_batch = seeds.below(4);
        let micros = u64::try_from(seeds.below(25_000)).unwrap();
        starts.push(judge::ledger_length(sim));
        let mut process = copy.start(plan, order);
        process.wait_for(applier::BATCH, at_batch);
        std::thread::sleep(Duration::from_micros(micros));
        kills += usize::from(process.kill());
    }
    somebody_else(copy, plan, seeds).await;
    starts.push(judge::ledger_length(sim));
    let mut last = copy.start(plan, order);
    last.count_until_the_end(applier::BATCH);
    assert!(last.ended_well(), "the run after the kills ends");
    let mut verdict = judge::judge(sim, copy, plan, &starts).await;
    verdict.kills = kills;
    verdict
}

/// At times somebody else changes a few values of the plan.
async fn somebody_else(copy: &Copy, plan: PlanId, seeds: &mut Seeds) {
    if seeds.below(3) != 0 {
        return;
    }
    let changes = copy.read(plan).changes;
    for _ in 0..4 {
        if let Some(change) = changes.get(seeds.below(changes.len())) {
            let value = format!("{}", 1_000 + seeds.below(9_000));
            copy.somebody_else_writes(change.record, &value).await;
        }
    }
}

/// Runs the campaign on threads that are not the runtime's, which serves the simulators.
async fn campaign(order: Order, kills: usize) -> Vec<Verdict> {
    let runtime = Handle::current();
    tokio::task::spawn_blocking(move || {
        let once = |seeds: &mut Seeds| runtime.block_on(kill_once(order, seeds));
        kill_often(kills, once, |verdict: &Verdict| !verdict.wrong.is_empty())
    })
    .await
    .unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_apply_ends_with_what_was_approved() {
    let plans = kills().div_ceil(KILLS_A_PLAN_OF_CI);
    let mut sum = Verdict::default();
    let verdicts = campaign(Order::AsShipped, plans).await;
    let judged = verdicts.len();
    verdicts.into_iter().for_each(|verdict| sum.add(verdict));
    println!(
        "writeback: {} kills of {judged} plans; {} changes confirmed, {} conflicts, {} overtaken, {} wrong",
        sum.kills,
        sum.confirmed,
        sum.conflicts,
        sum.overtaken,
        sum.wrong.len()
    );
    assert!(sum.wrong.is_empty(), "{:#?}", sum.wrong);
    assert!(judged >= plans);
    assert!(
        sum.confirmed > 0 && sum.conflicts > 0,
        "or nothing was tried"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_journal_that_takes_what_was_sent_for_done_is_caught() {
    let verdicts = campaign(Order::TakesSentForDone, PLANS_TO_CATCH).await;
    println!("caught after {} plans", verdicts.len());
    let wrong: Vec<_> = verdicts.iter().flat_map(|verdict| &verdict.wrong).collect();
    assert!(
        !wrong.is_empty(),
        "{} plans saw nothing wrong",
        verdicts.len()
    );
}
