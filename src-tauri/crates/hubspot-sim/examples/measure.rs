//! Measures how long a large world takes: `cargo run --release -p hubspot-sim --example measure --
//! [DEALS]`. Prints deals, activities and seconds.

#![allow(
    clippy::print_stdout,
    reason = "printing the figures is what this program is for"
)]

use std::time::Instant;

use hubspot_sim::{Limits, SimOptions, WorldKind, serve};

type Failure = Box<dyn std::error::Error>;

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let deals = std::env::args()
        .nth(1)
        .map_or(Ok(100_000), |text| text.parse())?;
    let options = SimOptions {
        world: WorldKind::Demo,
        seed: 7,
        now: "2026-11-21T10:00:00Z".parse()?,
        deals: Some(deals),
        port: 0,
        limits: Limits::Off,
    };
    let started = Instant::now();
    let sim = serve(options).await?;
    let seconds = started.elapsed().as_secs_f64();
    let counts = sim.counts();
    let live = |name: &str| counts[name]["live"].as_u64().unwrap_or(0);
    let activities: u64 = ["calls", "emails", "meetings", "notes", "tasks"]
        .into_iter()
        .map(live)
        .sum();
    println!(
        "{} deals, {activities} activities, {seconds:.1} s",
        live("deals")
    );
    sim.stop().await;
    Ok(())
}
