//! The trees: how long growing and asking them takes, and LightGBM on the same rows in the same run. Then
//! the scores that are made with them: how long training, judging and explaining one takes, and how good
//! they are beside other people's on the same folds of public sets.

use super::figures::{Figures, Target, against, measure, shown};
use super::{Bench, scores};
use crate::command::run;
use crate::python;
use std::path::Path;

/// Ours and theirs take turns so often, and the fastest turn of each counts.
const TURNS: usize = 5;

/// The threads that a score is trained on.
const THREADS: &str = "2";
/// What a score is trained from, and the parts of the work, by the names of the figures.
const TRAINED: [(&str, &str); 2] = [("portal", "deals of a portal"), ("sheet", "rows of a file")];
const PARTS: [(&str, &str); 6] = [
    ("rows_seconds", "  rows to learn from, seconds"),
    ("audit_seconds", "  audit"),
    ("contest_seconds", "  contest on rolling folds, alone"),
    ("recalibration_seconds", "  recalibration"),
    ("fit_seconds", "  fit on all rows, alone"),
    ("explanations_seconds", "  explanations of what is open"),
];

pub(super) fn section(bench: &Bench) -> Result<(), String> {
    for (what, of_what) in TRAINED {
        train(bench, what, of_what)?;
    }
    let python = python::environment("tests/bench/requirements.txt")?;
    for rows in [200_000, 1_000_000] {
        compare(bench, &python, bench.sized(rows))?;
    }
    bench.empty_folder()?;
    scores::compare(bench, &python)
}

/// Training with its back-test, and the explanation of every open record.
fn train(bench: &Bench, what: &str, of_what: &str) -> Result<(), String> {
    let count = bench.sized(10_000).to_string();
    let figures = Figures::of(&mut measure(&bench.scoring, &[what, &count, THREADS]), "")?;
    println!("a score of {count} {of_what}, {THREADS} threads:");
    shown("  rows", figures.number("rows")?);
    shown("  columns", figures.number("columns")?);
    shown("  open, and explained", figures.number("explained")?);
    for (part, words) in PARTS {
        shown(words, figures.number(part)?);
    }
    let whole = figures.number("whole_seconds")?;
    against(
        "  whole, the contest beside the fit",
        whole,
        &Target::AtMost(2.0),
    );
    shown("  log loss on rows not seen", figures.number("log_loss")?);
    Ok(())
}

fn compare(bench: &Bench, python: &Path, rows: u64) -> Result<(), String> {
    let script = crate::root().join("tests/bench/trees.py");
    let script = script.to_string_lossy();
    let folder = bench.folder.to_string_lossy();
    run(&mut measure(
        python,
        &[&script, "world", &folder, &rows.to_string()],
    ))?;
    for threads in ["1", "2"] {
        let mut ours = Fastest::default();
        let mut theirs = Fastest::default();
        for _ in 0..TURNS {
            ours.add(&Figures::of(
                &mut measure(&bench.trees, &[&folder, threads]),
                "",
            )?)?;
            let arguments: [&str; 4] = [&script, "lightgbm", &folder, threads];
            theirs.add(&Figures::of(&mut measure(python, &arguments), "")?)?;
        }
        println!("{rows} rows of 20 columns, {threads} threads, 100 trees of 31 leaves:");
        shown("  ours, seconds to grow", ours.fit);
        shown("  LightGBM, seconds to grow", theirs.fit);
        against("  ratio", ours.fit / theirs.fit, &Target::AtMost(1.3));
        shown("  ours, seconds to score 100,000", ours.predict);
        shown("  LightGBM, seconds to score 100,000", theirs.predict);
        against(
            "  times as fast",
            theirs.predict / ours.predict,
            &Target::AtLeast(4.0),
        );
        shown("  ours, log loss on 100,000 others", ours.loss);
        shown("  LightGBM, log loss on 100,000 others", theirs.loss);
        against("  ours, peak MiB", ours.peak, &Target::AtMost(400.0));
    }
    Ok(())
}

/// The fastest of some turns.
#[derive(Default)]
struct Fastest {
    turns: usize,
    fit: f64,
    predict: f64,
    loss: f64,
    peak: f64,
}

impl Fastest {
    fn add(&mut self, figures: &Figures) -> Result<(), String> {
        let least = |before: f64, now: f64| {
            if self.turns == 0 {
                now
            } else {
                before.min(now)
            }
        };
        self.fit = least(self.fit, figures.number("fit_seconds")?);
        self.predict = least(self.predict, figures.number("predict_seconds")?);
        self.loss = figures.number("log_loss")?;
        self.peak = self.peak.max(figures.number("peak_mib")?);
        self.turns += 1;
        Ok(())
    }
}
