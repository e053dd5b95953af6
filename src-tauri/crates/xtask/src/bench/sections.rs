//! The parts of the bench that are about ourselves.

use super::Bench;
use super::figures::{Figures, Target, against, measure, shown};
use crate::simulator::Simulator;

/// Calls in ten seconds that the section `limits` allows: those of an OAuth app.
const BURST: f64 = 110.0;

/// A bulk world to sync.
struct World {
    contacts: u64,
    deals: u64,
    limits: &'static str,
}

impl World {
    /// So many records in all: companies are a tenth of the contacts.
    fn of_records(records: u64) -> World {
        let deals = records * 12 / 100;
        World {
            contacts: (records - deals) * 10 / 11,
            deals,
            limits: "off",
        }
    }

    fn serve(&self, bench: &Bench) -> Result<Simulator, String> {
        let (contacts, deals) = (self.contacts.to_string(), self.deals.to_string());
        let arguments = [
            "--world",
            "bulk",
            "--seed",
            "7",
            "--contacts",
            &contacts,
            "--deals",
            &deals,
            "--limits",
            self.limits,
        ];
        Simulator::start(&bench.plumbline, &arguments)
    }
}

fn sync(
    bench: &Bench,
    simulator: &Simulator,
    name: &str,
    more: &[&str],
) -> Result<Figures, String> {
    let folder = bench.folder.join(name);
    let folder = folder.to_string_lossy();
    let arguments = [&["sync", "--folder", folder.as_ref()], more].concat();
    Figures::of(&mut measure(&bench.measure, &arguments), &simulator.line)
}

fn control(bench: &Bench, simulator: &Simulator, route: &str, body: &str) -> Result<(), String> {
    let arguments = ["control", "POST", route, body];
    Figures::of(&mut measure(&bench.measure, &arguments), &simulator.line).map(drop)
}

/// A first load under HubSpot's own limits: how many calls it spends, and how much of what it may.
pub(super) fn limits(bench: &Bench) -> Result<(), String> {
    let world = World {
        contacts: bench.sized(100_000),
        deals: bench.sized(20_000),
        limits: "on",
    };
    let simulator = world.serve(bench)?;
    // A static token of this simulator's plan has 190.
    control(
        bench,
        &simulator,
        "limits",
        &format!("{{\"fixed\":{BURST}}}"),
    )?;
    let figures = sync(bench, &simulator, "limits", &["--pace", "limited"])?;
    let number = |name: &str| figures.number(name);
    let (calls, fewest) = (number("calls")?, number("fewest")?);
    println!(
        "{} contacts, {} deals with history, {BURST} calls in 10 s",
        world.contacts, world.deals
    );
    println!("The fewest calls, by the limits of a page:");
    for line in figures.all("arithmetic") {
        println!("  {line}");
    }
    shown("fewest calls", fewest);
    shown("calls made", calls);
    let searches = number("calls_search")?;
    shown("  searches, to count; on a budget of their own", searches);
    let associations = number("calls_associations")?;
    shown("  for associations; on a budget of their own", associations);
    let (seconds, loading) = (number("seconds")?, number("seconds_loading")?);
    let reading = number("seconds_reading")?;
    shown("seconds", seconds);
    shown("seconds until the last record was stored", reading);
    shown("seconds until the last page was stored", loading);
    against("calls made / fewest", calls / fewest, &Target::AtMost(1.05));
    let without = (calls - searches) / fewest;
    shown("  without the searches that count", without);
    let share = |seconds: f64| Ok::<_, String>(number("calls_general")? * 10.0 / (BURST * seconds));
    let what = "calls on the general budget / allowed while pages came";
    against(what, share(loading)?, &Target::AtLeast(0.95));
    // Then come the associations, on their own budget.
    shown("  / allowed while records came", share(reading)?);
    shown("  / allowed in all", share(seconds)?);
    Ok(())
}

/// A first load without limits: records a second into the encrypted file.
pub(super) fn speed(bench: &Bench) -> Result<(), String> {
    let world = World {
        contacts: bench.sized(100_000),
        deals: bench.sized(20_000),
        limits: "off",
    };
    let simulator = world.serve(bench)?;
    let figures = sync(bench, &simulator, "speed", &[])?;
    let (records, seconds) = (figures.number("records")?, figures.number("seconds")?);
    shown("records", records);
    shown("rows, with associations", figures.number("rows")?);
    shown("seconds", seconds);
    shown(
        "seconds of processor time in the syncing process",
        figures.number("cpu_seconds")?,
    );
    shown("MiB of the encrypted files", figures.number("file_mib")?);
    against(
        "records a second",
        records / seconds,
        &Target::AtLeast(10_000.0),
    );
    shown(
        "records a second of the syncing process's processor time",
        records / figures.number("cpu_seconds")?,
    );
    Ok(())
}

/// The most memory of the syncing process, by the size of the portal.
pub(super) fn memory(bench: &Bench) -> Result<(), String> {
    let mut first = None;
    for records in [10_000, 100_000, 1_000_000].map(|records| bench.sized(records)) {
        let simulator = World::of_records(records).serve(bench)?;
        let figures = sync(bench, &simulator, &format!("memory-{records}"), &[])?;
        drop(simulator);
        let peak = figures.number("peak_mib")?;
        let first = *first.get_or_insert(peak);
        against(
            &format!("peak MiB at {records} records"),
            peak,
            &Target::AtMost(200.0),
        );
        shown("  against the smallest portal", peak / first);
        shown(
            "  records a second",
            figures.number("records")? / figures.number("seconds")?,
        );
        bench.empty_folder()?;
    }
    Ok(())
}

/// Runs after some records changed: what they cost, against the first load.
pub(super) fn changes(bench: &Bench) -> Result<(), String> {
    let world = World {
        contacts: bench.sized(100_000),
        deals: bench.sized(20_000),
        limits: "off",
    };
    let simulator = world.serve(bench)?;
    let first = sync(bench, &simulator, "changes", &[])?;
    let (calls, records) = (first.number("calls")?, first.number("records")?);
    shown("calls of the first load", calls);
    let mut nothing_changed = None;
    for percent in [0, 1, 10] {
        if percent > 0 {
            for (object, property) in [("contacts", "lastname"), ("deals", "dealname")] {
                let body = format!(
                    "{{\"objectType\":\"{object}\",\"property\":\"{property}\",\"value\":\"Changed {percent}\",\"percent\":{percent}}}"
                );
                control(bench, &simulator, "bulk-edit", &body)?;
            }
        }
        let figures = sync(bench, &simulator, "changes", &[])?;
        let again = figures.number("calls")?;
        let kind = figures.all("kind").next().unwrap_or("unknown").to_owned();
        shown(&format!("calls after {percent} % changed ({kind})"), again);
        shown("  seconds", figures.number("seconds")?);
        let fixed = *nothing_changed.get_or_insert(again);
        if percent > 0 {
            let changed = records * f64::from(percent) / 100.0;
            shown(
                "  calls for each thousand changed records, beyond those of no change",
                (again - fixed) * 1_000.0 / changed,
            );
            shown(
                "  of the first load's calls, in percent",
                again * 100.0 / calls,
            );
        }
    }
    Ok(())
}
