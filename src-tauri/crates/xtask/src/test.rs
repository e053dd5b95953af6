//! Everything that CI runs, each step with its name, time and verdict.

use crate::beside::{self, Ended};
use crate::steps::{self, Lane, Outcome, Step};
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Runs all steps, or those whose names contain one of `wanted`.
///
/// A step that fails does not end the run: whoever waited this long wants to know everything.
///
/// # Errors
/// When a step failed, or no step has such a name.
pub(crate) fn run(wanted: &[&str]) -> Result<(), String> {
    let chosen: Vec<&Step> = steps::ALL
        .iter()
        .filter(|step| wanted.is_empty() || wanted.iter().any(|word| step.name.contains(word)))
        .collect();
    if chosen.is_empty() {
        return Err(format!("no step is called like {}", wanted.join(" or ")));
    }
    let begun = Instant::now();
    let mut verdicts = in_two_lanes(&chosen);
    verdicts.sort_by_key(|verdict| chosen.iter().position(|step| step.name == verdict.name));
    println!("\n=== {} in all", clock(begun.elapsed()));
    verdicts
        .iter()
        .for_each(|verdict| println!("{}", line(verdict)));
    let closing = closing(&verdicts);
    println!("{closing}");
    let failed = verdicts.iter().any(|verdict| verdict.outcome.is_err());
    if failed {
        Err("not everything passed".to_owned())
    } else {
        Ok(())
    }
}

/// Runs the one step whose whole name this is, with its output on this terminal.
///
/// # Errors
/// When it failed, or no step has this name.
pub(crate) fn run_one(name: &str) -> Result<(), String> {
    let step = steps::ALL
        .iter()
        .find(|step| step.name == name)
        .ok_or_else(|| format!("no step is called {name}"))?;
    (step.run)().map(drop)
}

/// The front steps on this thread, the others on a second one that shows what they printed when they
/// have ended.
fn in_two_lanes(chosen: &[&Step]) -> Vec<Verdict> {
    let (front, beside): (Vec<&Step>, Vec<&Step>) =
        chosen.iter().partition(|step| step.lane == Lane::Front);
    let ended = Ended::default();
    // What was not asked for is not waited for.
    for step in steps::ALL {
        if !front.iter().any(|chosen| chosen.name == step.name) {
            ended.say(step.name);
        }
    }
    let verdicts = Mutex::new(Vec::new());
    let keep = |verdict: Verdict| {
        println!("{}", line(&verdict));
        let mut verdicts = verdicts.lock().unwrap_or_else(PoisonError::into_inner);
        verdicts.push(verdict);
    };
    std::thread::scope(|scope| {
        scope.spawn(|| {
            beside::run(&beside, &ended, |name, begun, outcome, printed| {
                println!("\n=== {name}, run beside the others, has printed:");
                println!("{}", text_of(&printed));
                keep(Verdict {
                    name,
                    took: begun.elapsed(),
                    outcome,
                });
            });
        });
        for step in front {
            println!("\n=== {}", step.name);
            let begun = Instant::now();
            let outcome = (step.run)();
            keep(Verdict {
                name: step.name,
                took: begun.elapsed(),
                outcome,
            });
            ended.say(step.name);
        }
    });
    verdicts
        .into_inner()
        .unwrap_or_else(PoisonError::into_inner)
}

fn text_of(file: &Path) -> String {
    std::fs::read(file).map_or_else(
        |error| format!("{}: {error}", file.display()),
        |bytes| String::from_utf8_lossy(&bytes).into_owned(),
    )
}

struct Verdict {
    name: &'static str,
    took: Duration,
    outcome: Result<Outcome, String>,
}

fn line(verdict: &Verdict) -> String {
    let (word, why) = match &verdict.outcome {
        Ok(Outcome::Passed) => ("passed ", String::new()),
        Ok(Outcome::Skipped(why)) => ("skipped", format!(": {why}")),
        Err(why) => ("FAILED ", format!(": {why}")),
    };
    format!("{word} {:>7}  {}{why}", clock(verdict.took), verdict.name)
}

fn closing(verdicts: &[Verdict]) -> String {
    let count = |wanted: fn(&Result<Outcome, String>) -> bool| {
        verdicts
            .iter()
            .filter(|verdict| wanted(&verdict.outcome))
            .count()
    };
    let passed = count(|outcome| matches!(outcome, Ok(Outcome::Passed)));
    let skipped = count(|outcome| matches!(outcome, Ok(Outcome::Skipped(_))));
    let failed = count(Result::is_err);
    let skipped = if skipped == 0 {
        String::new()
    } else {
        format!(", {skipped} skipped")
    };
    format!("{passed} passed, {failed} failed{skipped}")
}

fn clock(took: Duration) -> String {
    let seconds = took.as_secs();
    if seconds < 60 {
        format!("{:.1} s", took.as_secs_f64())
    } else {
        format!("{}:{:02} min", seconds / 60, seconds % 60)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_closing_line_counts_every_step_once() {
        let verdict = |outcome| Verdict {
            name: "a step",
            took: Duration::from_secs(1),
            outcome,
        };
        let mut verdicts = vec![verdict(Ok(Outcome::Passed)), verdict(Ok(Outcome::Passed))];
        assert_eq!(closing(&verdicts), "2 passed, 0 failed");
        verdicts.push(verdict(Err("why".to_owned())));
        verdicts.push(verdict(Ok(Outcome::Skipped("absent".to_owned()))));
        assert_eq!(closing(&verdicts), "2 passed, 1 failed, 1 skipped");
    }

    /// Whoever waits for a step that no lane has, or one that is itself beside, waits for ever.
    #[test]
    fn what_runs_beside_waits_for_a_front_step() {
        for step in steps::ALL {
            if let Lane::Beside { after } = step.lane {
                let awaited = steps::ALL.iter().find(|step| step.name == after);
                assert_eq!(
                    awaited.map(|step| step.lane),
                    Some(Lane::Front),
                    "{}",
                    step.name
                );
            }
        }
    }

    #[test]
    fn times_read_like_a_clock() {
        assert_eq!(clock(Duration::from_millis(1_250)), "1.2 s");
        assert_eq!(clock(Duration::from_secs(125)), "2:05 min");
    }
}
