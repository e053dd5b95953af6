//! How good scores are on public sets, and other people's models on the same rows and folds.

use super::Bench;
use super::figures::{Target, against, measure, shown};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Stdio;

/// Samples that are drawn of each size.
const REPEATS: u64 = 10;
/// What ours is called in the figures.
const OURS: &str = "Both";
/// Whose whole sets ours is held against.
const BOOSTED: [&str; 3] = ["GradientBoosting", "HistGradientBoosting", "LightGBM"];
/// And whose samples.
const SAMPLED: [&str; 4] = [
    "LogisticRegressionCV",
    "RandomForest",
    "GradientBoosting",
    "LightGBM",
];

/// A task and who did it: the set, the rows learnt from, the repeat, the model.
type Task = (String, String, String, String);

pub(super) fn compare(bench: &Bench, python: &Path) -> Result<(), String> {
    let sets = crate::root().join("../shared/datasets");
    if !sets.exists() {
        println!("scores: skipped, ../shared/datasets is not here");
        return Ok(());
    }
    let folder = bench.folder.to_string_lossy();
    let repeats = bench.sized(REPEATS).max(1).to_string();
    let script = crate::root().join("tests/bench/scores.py");
    let mut found = figures(&bench.scores, &[&sets.to_string_lossy(), &folder, &repeats])?;
    found.extend(figures(python, &[&script.to_string_lossy(), &folder])?);
    whole(&found);
    samples(&found);
    Ok(())
}

/// The area and the log loss of each task.
fn figures(program: &Path, arguments: &[&str]) -> Result<BTreeMap<Task, (f64, f64)>, String> {
    let name = program.display();
    let ended = measure(program, arguments)
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| format!("{name}: {error}"))?;
    if !ended.status.success() {
        return Err(format!("{name} ended with {}", ended.status));
    }
    let text = String::from_utf8_lossy(&ended.stdout);
    let line = |line: &str| {
        let mut words = line.split(' ').map(str::to_owned);
        let task = (words.next()?, words.next()?, words.next()?, words.next()?);
        let area = words.next()?.parse().ok()?;
        let loss = words.next()?.parse().ok()?;
        Some((task, (area, loss)))
    };
    Ok(text.lines().filter_map(line).collect())
}

/// The mean over a set's repeats.
fn mean(
    found: &BTreeMap<Task, (f64, f64)>,
    set: &str,
    kind: &str,
    model: &str,
) -> Option<(f64, f64)> {
    let here: Vec<&(f64, f64)> = found
        .iter()
        .filter(|((s, k, _, m), _)| s == set && k == kind && m == model)
        .map(|(_, figures)| figures)
        .collect();
    let n = here.len() as f64;
    let sum = here
        .iter()
        .fold((0.0, 0.0), |sum, here| (sum.0 + here.0, sum.1 + here.1));
    (n > 0.0).then_some((sum.0 / n, sum.1 / n))
}

fn sets(found: &BTreeMap<Task, (f64, f64)>, kind: &str) -> BTreeSet<String> {
    let tasks = found.keys().filter(|task| task.1 == kind);
    tasks.map(|task| task.0.clone()).collect()
}

fn whole(found: &BTreeMap<Task, (f64, f64)>) {
    let kinds = [
        ("all", "whole, on the same folds"),
        ("late", "the last three tenths at once"),
    ];
    for (kind, words) in kinds {
        for set in sets(found, kind) {
            println!("{set}, {words}:");
            let of = |model: &str| mean(found, &set, kind, model);
            let theirs: Vec<(f64, f64)> = BOOSTED.iter().filter_map(|model| of(model)).collect();
            for model in BOOSTED {
                if let Some((area, loss)) = of(model) {
                    shown(&format!("  {model}, area"), area);
                    shown(&format!("  {model}, log loss"), loss);
                }
            }
            if let Some((area, loss)) = of(OURS) {
                let areas = theirs.iter().map(|their| their.0);
                let most = areas.fold(0.0, f64::max);
                let losses = theirs.iter().map(|their| their.1);
                let least = losses.fold(f64::INFINITY, f64::min);
                against("  ours, area", area, &Target::AtLeast(most));
                against("  ours, log loss", loss, &Target::AtMost(least));
            }
        }
    }
}

fn samples(found: &BTreeMap<Task, (f64, f64)>) {
    for size in ["200", "500", "2000"] {
        let sets = sets(found, size);
        println!(
            "samples of {size} rows, mean log loss over {} sets:",
            sets.len()
        );
        let over = |model: &str| {
            let losses = sets.iter().filter_map(|set| mean(found, set, size, model));
            losses.map(|(_, loss)| loss).sum::<f64>() / sets.len() as f64
        };
        let mut least = f64::INFINITY;
        for model in SAMPLED {
            let loss = over(model);
            shown(&format!("  {model}"), loss);
            least = least.min(loss);
        }
        against("  ours", over(OURS), &Target::AtMost(least));
    }
}
