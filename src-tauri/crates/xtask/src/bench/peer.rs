//! The peer beside us: dlt's verified HubSpot source into DuckDB, from the same simulator. Its code
//! is no part of this project; a checkout of dlt-hub/verified-sources is named by `--peer DIR`.

use super::Bench;
use super::figures::{Figures, Target, against, measure, shown};
use crate::python;
use crate::simulator::Simulator;

const CONTACTS: &str = "20000";
const DEALS: &str = "4000";

pub(super) fn section(bench: &Bench) -> Result<(), String> {
    let Some(peer) = &bench.peer else {
        println!(
            "No peer is at hand. To measure it: git clone https://github.com/dlt-hub/verified-sources, \
             then --peer DIR, or its path in PLUMBLINE_BENCH_PEER."
        );
        return Ok(());
    };
    let python = python::environment("tests/bench/requirements.txt")?;
    let arguments = [
        "--world",
        "bulk",
        "--seed",
        "7",
        "--contacts",
        CONTACTS,
        "--deals",
        DEALS,
        "--limits",
        "off",
    ];
    let simulator = Simulator::start(&bench.plumbline, &arguments)?;
    let ours_in = bench.folder.join("ours");
    let ours_in = ours_in.to_string_lossy();
    let ours = Figures::of(
        &mut measure(&bench.measure, &["sync", "--folder", &ours_in]),
        &simulator.line,
    )?;
    let script = crate::root().join("tests/bench/peer.py");
    let theirs_in = bench.folder.join("theirs");
    std::fs::create_dir_all(&theirs_in).map_err(|error| error.to_string())?;
    let sources = peer.join("sources");
    let script = script.to_string_lossy();
    let sources = sources.to_string_lossy();
    let arguments: [&str; 2] = [&script, &sources];
    let mut command = measure(&python, &arguments);
    command.current_dir(&theirs_in);
    let theirs = Figures::of(&mut command, &simulator.line)?;
    let a_second = |figures: &Figures| -> Result<f64, String> {
        Ok(figures.number("records")? / figures.number("seconds")?)
    };
    println!(
        "Ours with associations and deals' histories, into an encrypted file; the peer without histories."
    );
    shown("records, ours", ours.number("records")?);
    shown("records, the peer's", theirs.number("records")?);
    shown("seconds, ours", ours.number("seconds")?);
    shown("seconds, the peer's", theirs.number("seconds")?);
    shown("records a second, ours", a_second(&ours)?);
    shown("records a second, the peer's", a_second(&theirs)?);
    shown("peak MiB, ours", ours.number("peak_mib")?);
    shown("peak MiB, the peer's", theirs.number("peak_mib")?);
    against(
        "ours / the peer's, records a second",
        a_second(&ours)? / a_second(&theirs)?,
        &Target::AtLeast(3.0),
    );
    Ok(())
}
