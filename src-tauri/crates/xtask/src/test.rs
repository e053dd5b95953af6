//! Everything that CI runs, one step after the other, each with its name, time and verdict.

use crate::steps::{self, Outcome, Step};
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
    let mut verdicts = Vec::new();
    for (index, step) in chosen.iter().enumerate() {
        println!("\n=== {} of {}: {}", index + 1, chosen.len(), step.name);
        let step_begun = Instant::now();
        let outcome = (step.run)();
        verdicts.push(Verdict {
            name: step.name,
            took: step_begun.elapsed(),
            outcome,
        });
        if let Some(verdict) = verdicts.last() {
            println!("{}", line(verdict));
        }
    }
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

    #[test]
    fn times_read_like_a_clock() {
        assert_eq!(clock(Duration::from_millis(1_250)), "1.2 s");
        assert_eq!(clock(Duration::from_secs(125)), "2:05 min");
    }
}
