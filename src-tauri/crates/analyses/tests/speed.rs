//! How long a large portal takes. Prints, and asserts nothing about time: run it by hand with
//! `cargo test -p analyses --test speed -- --ignored --nocapture`.

mod world;

use std::time::Instant;

use analyses::forecast::{forecast, win_probabilities};
use world::{HAZARDS, day, grown, portal, question};

#[test]
#[ignore = "prints how long things take; nothing to fail"]
fn fifty_thousand_deals() {
    let deals = grown(1, 50_000, 1_000, HAZARDS);
    let versions: usize = deals.iter().map(|deal| deal.versions.len()).sum();
    let start = Instant::now();
    let timeline = portal(deals);
    println!(
        "columns of 50,000 deals, {versions} versions: {:?}",
        start.elapsed()
    );
    let start = Instant::now();
    let mut question = question(day(980), "2026-07-01", "2026-09-30");
    question.draws = 10_000;
    let report = forecast(&timeline, &question);
    println!(
        "forecast of {} open deals: {:?}",
        report.deals.len(),
        start.elapsed()
    );
    let start = Instant::now();
    let probabilities = win_probabilities(&timeline, day(980), 90, None);
    println!(
        "{} win probabilities: {:?}",
        probabilities.len(),
        start.elapsed()
    );
    let start = Instant::now();
    let json = serde_json::to_string(&report).map_or(0, |json| json.len());
    println!("{json} bytes of report: {:?}", start.elapsed());
    assert_eq!(probabilities.len(), report.deals.len());
}
