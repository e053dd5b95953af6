//! How long a large portal takes. Prints, and asserts nothing about time: run it by hand with
//! `cargo test -p analyses --test speed -- --ignored --nocapture`.

mod world;

use std::time::Instant;

use analyses::forecast::report::Change;
use analyses::forecast::{forecast, forecast_and_keep, win_probabilities};
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

/// Suppositions about a forecast of so many open deals; the target is 150 ms for 5,000.
#[test]
#[ignore = "prints how long things take; nothing to fail"]
fn what_if_with_five_thousand_open_deals() {
    let open = (0..5_000).map(|i| world::deal(1_000_000 + i, "1000", &[(950, "a-offer")]));
    let deals = grown(1, 20_000, 1_000, HAZARDS).into_iter().chain(open);
    let timeline = portal(deals.collect());
    let mut question = question(day(980), "2026-07-01", "2026-09-30");
    question.draws = 10_000;
    let start = Instant::now();
    let (report, kept) = forecast_and_keep(&timeline, &question);
    println!(
        "forecast of {} open deals: {:?}",
        report.deals.len(),
        start.elapsed()
    );
    let Some(kept) = kept else {
        panic!("the portal has enough history");
    };
    let drop = |n: usize| -> Vec<Change> {
        let deals = report.deals.iter().take(n);
        deals.map(|row| Change::Drop { deal: row.id }).collect()
    };
    let rates = vec![Change::Rates {
        stage: None,
        factor: 1.1,
    }];
    for (what, changes) in [
        ("nothing", drop(0)),
        ("a dropped deal", drop(1)),
        ("a hundred dropped deals", drop(100)),
        ("all chances", rates),
    ] {
        let start = Instant::now();
        let answer = kept.what_if(&changes);
        println!(
            "{what}, {} deals: {:?}",
            answer.deals.len(),
            start.elapsed()
        );
    }
}
