//! Starts a simulator, prints its address as one line of JSON, and serves until stdin closes.
//!
//! `cargo run -p hubspot-sim --example serve -- [--world demo|null|maven|bulk] [--seed N] [--port N]
//! [--deals N] [--contacts N] [--activities N] [--now TIME] [--csv DIR] [--limits off]`

#![allow(
    clippy::print_stdout,
    reason = "printing the address is what this program is for"
)]

use std::io::{Read, Write};
use std::path::PathBuf;

use hubspot_sim::{Bulk, Limits, SimOptions, WorldKind, serve};

type Failure = Box<dyn std::error::Error>;

fn read_options(mut words: impl Iterator<Item = String>) -> Result<SimOptions, Failure> {
    #[allow(
        clippy::disallowed_methods,
        reason = "a program's outermost layer reads the clock"
    )]
    let now = jiff::Timestamp::now().into();
    let mut options = SimOptions {
        world: WorldKind::Demo,
        seed: 7,
        now,
        deals: None,
        port: 0,
        limits: Limits::Real,
    };
    let mut csv_dir = PathBuf::from("../shared/datasets/maven_crm");
    let mut world = "demo".to_owned();
    let (mut contacts, mut activities) = (100_000, 0);
    while let Some(word) = words.next() {
        let value = words
            .next()
            .ok_or_else(|| format!("{word} needs a value"))?;
        match word.as_str() {
            "--world" => world = value,
            "--seed" => options.seed = value.parse()?,
            "--port" => options.port = value.parse()?,
            "--deals" => options.deals = Some(value.parse()?),
            "--contacts" => contacts = value.parse()?,
            "--activities" => activities = value.parse()?,
            "--now" => options.now = value.parse()?,
            "--csv" => csv_dir = value.into(),
            "--limits" if value == "off" => options.limits = Limits::Off,
            _ => return Err(format!("unknown option {word}").into()),
        }
    }
    options.world = match world.as_str() {
        "demo" => WorldKind::Demo,
        "null" => WorldKind::Null,
        "maven" => WorldKind::Maven { csv_dir },
        "bulk" => WorldKind::Bulk(Bulk {
            contacts,
            deals: options.deals.unwrap_or(20_000),
            activities,
        }),
        other => return Err(format!("unknown world {other}").into()),
    };
    Ok(options)
}

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let sim = serve(read_options(std::env::args().skip(1))?).await?;
    println!("{}", serde_json::to_string(sim.address())?);
    std::io::stdout().flush()?;
    let closed = tokio::task::spawn_blocking(|| {
        let mut rest = Vec::new();
        std::io::stdin().read_to_end(&mut rest)
    });
    closed.await??;
    sim.stop().await;
    Ok(())
}
