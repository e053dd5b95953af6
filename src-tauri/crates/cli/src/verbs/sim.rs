//! `plumbline sim serve`.

use app::SystemClock;
use hubspot::Clock as _;
use hubspot_sim::{Limits, SimOptions, WorldKind};
use tokio::io::AsyncReadExt as _;

use crate::args::{LimitsSwitch, ServeArguments, World};
use crate::failure::Failure;
use crate::output;

pub(crate) async fn serve(arguments: ServeArguments) -> Result<(), Failure> {
    let world = match (arguments.world, arguments.csv) {
        (World::Demo, _) => WorldKind::Demo,
        (World::Null, _) => WorldKind::Null,
        (World::Maven, Some(csv_dir)) => WorldKind::Maven { csv_dir },
        (World::Maven, None) => return Err(Failure::usage("the maven world needs --csv DIR")),
    };
    let options = SimOptions {
        world,
        seed: arguments.seed,
        now: SystemClock.now(),
        deals: arguments.deals,
        port: arguments.port,
        limits: match arguments.limits {
            LimitsSwitch::On => Limits::Real,
            LimitsSwitch::Off => Limits::Off,
        },
    };
    let sim = hubspot_sim::serve(options)
        .await
        .map_err(|error| Failure::usage(&format!("the simulator did not start: {error}")))?;
    output::json(sim.address())?;
    wait_for_the_end().await;
    sim.stop().await;
    Ok(())
}

/// Until standard input ends, or an interrupt. A terminal's input is read and thrown away.
async fn wait_for_the_end() {
    let input = async {
        let mut stdin = tokio::io::stdin();
        let mut buffer = [0_u8; 1024];
        while stdin.read(&mut buffer).await.is_ok_and(|count| count > 0) {}
    };
    tokio::select! {
        () = input => {}
        _ = tokio::signal::ctrl_c() => {}
    }
}
