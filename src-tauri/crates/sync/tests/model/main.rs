//! Whatever people do to a portal, and however the syncs between are stopped: in the end the copy says
//! what a copy says that was made from nothing, and on the way nothing that is not so.
//!
//! `PLUMBLINE_MODEL_CASES` and `PLUMBLINE_MODEL_SEED` make a longer campaign, or another one. A failure
//! prints its shortest list of operations, to be given to [`run`], and its seed goes into
//! `regressions.txt`, whose cases come first from then on.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "tests"
)]

mod claims;
mod deeds;
mod doing;
mod faults;
mod portal;
mod regressions;
mod truth;

use std::sync::Arc;

use deeds::{Deed, Time};
use portal::{End, Outcome, Portal, Reading};
use proptest::prelude::*;
use proptest::test_runner::{
    Config, FileFailurePersistence, RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner,
};
use store::{RunKind, RunOutcome};
use sync::{Landing, OneTransaction};

/// One step of a case.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Step {
    Do(Deed),
    Sync {
        reading: Reading,
        end: End,
        /// What happens while it runs, after so many pages.
        meanwhile: Option<(u8, Deed)>,
    },
    /// All of the copy is compared and repaired.
    Verify,
    /// This machine's clock is so many seconds ahead of HubSpot's from now on.
    SetClockAhead {
        seconds: i32,
    },
}

fn step() -> impl Strategy<Value = Step> {
    let reading = prop_oneof![
        6 => Just(Reading::Changes),
        1 => Just(Reading::Compared),
        1 => Just(Reading::Everything),
    ];
    let end = prop_oneof![
        4 => Just(End::Reached),
        1 => (0_u8..40).prop_map(End::Cancelled),
        1 => (0_u8..40).prop_map(End::Dropped),
    ];
    let meanwhile = prop::option::weighted(0.3, (0_u8..40, deeds::deed()));
    prop_oneof![
        12 => deeds::deed().prop_map(Step::Do),
        5 => (reading, end, meanwhile)
            .prop_map(|(reading, end, meanwhile)| Step::Sync { reading, end, meanwhile }),
        1 => Just(Step::Verify),
        1 => prop::sample::select(vec![0, 0, -9, 9, 240, -240, 120_000, -120_000])
            .prop_map(|seconds| Step::SetClockAhead { seconds }),
    ]
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    prop::collection::vec(step(), 1..30)
}

/// How far the clocks may be apart without a loss, in seconds: less than the windows overlap.
const TOLERATED: i32 = 5 * 60;

/// How far they may be apart where one millisecond matters.
const AGREE: i32 = 10;

fn none(wrong: &[String], about: &str) -> Result<(), String> {
    match wrong.is_empty() {
        true => Ok(()),
        false => Err(format!(
            "{about}:\n{}",
            wrong[..wrong.len().min(12)].join("\n")
        )),
    }
}

/// Runs a case on a copy that is stored in the one right way.
async fn run(steps: &[Step]) -> Result<(), String> {
    run_landing(steps, Arc::new(OneTransaction)).await
}

async fn run_landing(steps: &[Step], landing: Arc<dyn Landing>) -> Result<(), String> {
    let portal = Portal::new(landing).await;
    // A clock that was far off is forgiven what it missed until the ids are compared.
    let mut trusted = true;
    for (number, step) in steps.iter().enumerate() {
        match step {
            Step::Do(deed) => portal.perform(deed),
            Step::SetClockAhead { seconds } => {
                trusted &= seconds.abs() < TOLERATED;
                portal.no_two_in_a_millisecond(seconds.abs() >= AGREE);
                portal.clock.set_ahead(i64::from(*seconds) * 1_000);
            }
            Step::Verify => {
                portal
                    .verify()
                    .await
                    .map_err(|error| format!("step {number}: {error}"))?;
            }
            Step::Sync {
                reading,
                end,
                meanwhile,
            } => {
                let outcome = portal.sync(*reading, *end, meanwhile.as_ref()).await;
                let outcome = outcome.map_err(|error| format!("step {number}: {error}"))?;
                let Outcome::Report(report) = outcome else {
                    continue;
                };
                let unproven = report
                    .streams
                    .iter()
                    .any(|stream| stream.unproven.is_some());
                if report.outcome != RunOutcome::Done || unproven {
                    continue;
                }
                let about = |what: &str| format!("after step {number}, {what}");
                if trusted && meanwhile.is_none() {
                    none(
                        &claims::missed(&portal, &report),
                        &about("what was said to be read"),
                    )?;
                }
                let still = meanwhile.is_none() && !portal.past.lock().unwrap().search_lagged;
                if still && report.kind != RunKind::Resumed {
                    none(
                        &claims::unassociated(&portal),
                        &about("associations of open deals"),
                    )?;
                    none(&claims::miscounted(&portal, &report), &about("counts"))?;
                }
            }
        }
    }
    quiet(&portal).await
}

/// Lets everything settle, syncs, compares all ids, and holds the copy against a fresh one.
async fn quiet(portal: &Portal) -> Result<(), String> {
    portal.clock.set_ahead(0);
    portal.perform(&Deed::SearchLag { seconds: 0 });
    for reading in [Reading::Changes, Reading::Compared] {
        portal.perform(&Deed::Wait(Time::SeventyMinutes));
        let outcome = portal.sync(reading, End::Reached, None).await;
        match outcome.map_err(|error| format!("in the end: {error}"))? {
            Outcome::Report(report) if report.outcome == RunOutcome::Done => {}
            _ => return Err("in the end: the sync does not end".to_owned()),
        }
    }
    let fresh = portal.another_copy().await;
    none(
        &truth::unlike(&portal.copy, &fresh),
        "in the end, unlike a fresh copy",
    )?;
    none(
        &truth::misremembered(&portal.copy, &portal.past.lock().unwrap()),
        "in the end, of what is gone",
    )?;
    let found = portal
        .verify()
        .await
        .map_err(|error| format!("in the end: {error}"))?;
    none(&truth::unclean(&found), "in the end")
}

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

/// Draws cases until one fails; tells after how many, with what the runner says of it.
fn search(
    cases: u32,
    seed: u64,
    landing: impl Fn() -> Arc<dyn Landing>,
    keep: bool,
) -> Option<(u32, String)> {
    let config = Config {
        cases,
        failure_persistence: keep.then(|| {
            let file = FileFailurePersistence::Direct("tests/model/regressions.txt");
            Box::new(file) as Box<_>
        }),
        source_file: Some(file!()),
        max_shrink_iters: if keep { 400 } else { 0 },
        ..Config::default()
    };
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
    let mut runner = TestRunner::new_with_rng(config, rng);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap();
    let tried = std::cell::Cell::new(0);
    let found = runner.run(&steps(), |steps| {
        tried.set(tried.get() + 1);
        let done = runtime.block_on(run_landing(&steps, landing()));
        done.map_err(TestCaseError::fail)
    });
    match found {
        Ok(()) => None,
        Err(TestError::Fail(why, steps)) => Some((tried.get(), format!("{why}\nwith {steps:#?}"))),
        Err(TestError::Abort(why)) => Some((tried.get(), format!("aborted: {why}"))),
    }
}

/// Cases of a CI run, half of them in each of two tests.
const CASES: u64 = 60;

fn campaign(half: u64) {
    let cases = number("PLUMBLINE_MODEL_CASES").unwrap_or(CASES).div_ceil(2);
    let seed = number("PLUMBLINE_MODEL_SEED").unwrap_or(20_261_121) + half;
    println!("PLUMBLINE_MODEL_SEED={seed}, {cases} cases");
    let cases = u32::try_from(cases).unwrap();
    if let Some((_, why)) = search(cases, seed, || Arc::new(OneTransaction), true) {
        panic!("seed {seed}: {why}");
    }
}

#[test]
fn the_copy_is_what_a_fresh_one_would_be() {
    campaign(0);
}

#[test]
fn the_copy_is_what_a_fresh_one_would_be_once_more() {
    campaign(1);
}
