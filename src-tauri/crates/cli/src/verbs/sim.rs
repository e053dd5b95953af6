//! `plumbline sim serve`.

use std::io::IsTerminal as _;

use app::SystemClock;
use clap::ValueEnum;
use crm::Moment;
use hubspot::Clock as _;
use hubspot_sim::{Bulk, SimOptions, WorldKind};
use serde_json::json;

use crate::args::{ServeArguments, World};
use crate::failure::Failure;
use crate::output;

/// The last second of 2017 in UTC, in milliseconds: the Maven files' last deal closed that day.
const MAVEN_ENDS: i64 = 1_514_764_799_000;

/// How many deals a bulk world has unless told.
const DEALS: usize = 20_000;

pub(crate) async fn serve(arguments: ServeArguments) -> Result<(), Failure> {
    let now = arguments.now.unwrap_or_else(|| match arguments.world {
        World::Demo | World::Null | World::Bulk => SystemClock.now(),
        World::Maven => Moment::from_millis(MAVEN_ENDS),
    });
    let world = match (arguments.world, arguments.csv) {
        (World::Demo, _) => WorldKind::Demo,
        (World::Null, _) => WorldKind::Null,
        (World::Bulk, _) => WorldKind::Bulk(Bulk {
            contacts: arguments.contacts,
            deals: arguments.deals.unwrap_or(DEALS),
            activities: arguments.activities,
        }),
        (World::Maven, Some(csv_dir)) => WorldKind::Maven { csv_dir },
        (World::Maven, None) => return Err(Failure::usage("The maven world needs --csv DIR.")),
    };
    let options = SimOptions {
        world,
        seed: arguments.seed,
        now,
        deals: arguments.deals,
        port: arguments.port,
        limits: arguments.limits.into(),
    };
    let sim = hubspot_sim::serve(options)
        .await
        .map_err(|error| Failure::usage(&format!("The simulator did not start: {error}.")))?;
    let plan = json!({ "plan": word(&arguments.plan) });
    let oauth = json!({ "pkce": word(&arguments.pkce), "rotates": arguments.rotate });
    for (switch, body) in [("plan", plan), ("oauth", oauth)] {
        sim.control("POST", switch, &body);
    }
    // Taken before anybody can know the address, so that no interrupt comes too early.
    let interrupt = interrupts()?;
    output::json(sim.address())?;
    wait_for_the_end(interrupt).await;
    sim.stop().await;
    Ok(())
}

/// The word that stands for a choice on the command line; the simulator has the same.
fn word(choice: &impl ValueEnum) -> String {
    let value = choice.to_possible_value();
    value.map_or_else(String::new, |value| value.get_name().to_owned())
}

/// Until standard input ends, or an interrupt.
async fn wait_for_the_end(interrupt: impl Future<Output = ()>) {
    let (ended, input) = tokio::sync::oneshot::channel();
    // A terminal's input is left alone: reading it would stop a simulator in the background.
    let kept = if std::io::stdin().is_terminal() {
        Some(ended)
    } else {
        // A thread of its own, which nobody waits for: the input may stay open for ever.
        std::thread::spawn(move || {
            let _ = std::io::copy(&mut std::io::stdin(), &mut std::io::sink());
            let _ = ended.send(());
        });
        None
    };
    tokio::select! {
        _ = input => {}
        () = interrupt => {}
    }
    drop(kept);
}

/// Ends with the next interrupt from now on.
#[cfg(unix)]
fn interrupts() -> Result<impl Future<Output = ()>, Failure> {
    use tokio::signal::unix::{SignalKind, signal};

    let mut interrupts = signal(SignalKind::interrupt())?;
    Ok(async move {
        interrupts.recv().await;
    })
}

/// Ends with the next interrupt from now on.
#[cfg(windows)]
fn interrupts() -> Result<impl Future<Output = ()>, Failure> {
    let mut interrupts = tokio::signal::windows::ctrl_c()?;
    Ok(async move {
        interrupts.recv().await;
    })
}
