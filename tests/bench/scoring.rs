//! Trains a score and prints what each part of it cost, one figure a line.
//!
//! `scoring portal DEALS THREADS` makes a portal of so many deals, takes their sightings as rows, learns
//! from them, judges that on rolling folds, and explains the score of every open deal. `scoring sheet ROWS
//! THREADS` does the same with a file of so many rows of 20 columns. Seconds are the least of three turns.
#![allow(
    clippy::print_stdout,
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "the figures are what it is for, and a bench may stop where its fixture is damaged"
)]

#[path = "../../src-tauri/crates/analyses/tests/scoring/portal.rs"]
#[allow(dead_code, reason = "tests ask more of the portal")]
mod portal;

use analyses::scoring::report::{ScoringQuestion, learn, score};
use analyses::scoring::rows::{RowsQuestion, learning, open};
use analyses::scoring::{
    Asking, Candidates, Fitting, Options, Order, Sheet, Subject, Table, Told, audit, contest,
    inner, redraw, train,
};
use crm::Moment;
use portal::{DAYS, day, lived};
use stats::Stream;
use std::error::Error;
use std::fmt::Write as _;
use std::time::Instant;

const TURNS: usize = 3;
const SEED: u64 = 7;
/// Columns of the file that hold numbers; the others hold categories.
const NUMBERS: u32 = 13;
const COLUMNS: u32 = 20;
/// One in so many rows of the file is open.
const OPEN: u64 = 10;

/// Seconds by part, the least of all turns, in the order of the first turn.
#[derive(Default)]
struct Seconds(Vec<(&'static str, f64)>);

impl Seconds {
    fn of<T>(&mut self, part: &'static str, work: impl FnOnce() -> T) -> T {
        let began = Instant::now();
        let made = work();
        let seconds = began.elapsed().as_secs_f64();
        match self.0.iter_mut().find(|(known, _)| *known == part) {
            Some((_, least)) => *least = least.min(seconds),
            None => self.0.push((part, seconds)),
        }
        made
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let what = arguments.next().ok_or("portal or sheet?")?;
    let count: u64 = arguments.next().ok_or("of how many?")?.parse()?;
    let threads: usize = arguments.next().ok_or("no threads")?.parse()?;
    let mut seconds = Seconds::default();
    match what.as_str() {
        "portal" => of_portal(count, threads, &mut seconds)?,
        "sheet" => of_sheet(count, threads, &mut seconds)?,
        other => return Err(format!("{other} is neither portal nor sheet").into()),
    }
    for (part, seconds) in seconds.0 {
        println!("{part} {seconds:.3}");
    }
    Ok(())
}

fn of_portal(deals: u64, threads: usize, seconds: &mut Seconds) -> Result<(), Box<dyn Error>> {
    let portal = lived(41, deals, 1.0);
    let (timeline, beside) = (portal.timeline(), &portal.beside);
    let question = ScoringQuestion {
        rows: RowsQuestion::at(day(DAYS)),
        overruled: [].into(),
        trained_at: day(DAYS),
        seed: SEED,
        threads,
    };
    for turn in 0..TURNS {
        let made = seconds.of("whole_seconds", || -> Result<_, Box<dyn Error>> {
            let learnt = learn(&timeline, beside, &question)?.ok_or("no pipeline")?;
            let rows = open(&timeline, beside, &question.rows)?;
            let model = learnt.training.model.as_ref().ok_or("no model")?;
            let scores = score(model, &learnt.card, &rows)?;
            Ok((learnt, scores))
        });
        let (learnt, scores) = made?;
        let rows = seconds.of("rows_seconds", || {
            learning(&timeline, beside, &question.rows)
        })?;
        let open = open(&timeline, beside, &question.rows)?;
        let millis = |moments: &[Moment]| moments.iter().map(|at| at.millis()).collect();
        let order = Order::Forward {
            seen: millis(&rows.seen),
            known: millis(&rows.known),
        };
        let how = Fitting {
            baseline: Some(rows.baseline()),
            seed: SEED,
            threads,
        };
        parts(&rows.table, &order, how, seconds)?;
        let model = learnt.training.model.as_ref().ok_or("no model")?;
        seconds.of("explanations_seconds", || score(model, &learnt.card, &open))?;
        if turn == 0 {
            println!("rows {}", rows.table.rows());
            println!("columns {}", rows.table.columns().len());
            println!("explained {}", scores.len());
            said(&learnt.training);
        }
    }
    Ok(())
}

fn of_sheet(rows: u64, threads: usize, seconds: &mut Seconds) -> Result<(), Box<dyn Error>> {
    let text = sheet(rows + rows / (OPEN - 1));
    let asked = Asking {
        outcome: "stage".to_owned(),
        positive: Some("Won".to_owned()),
        negative: Some("Lost".to_owned()),
        in_order: true,
        ..Asking::default()
    };
    let options = Options {
        subject: Subject {
            event: "the deal is won".to_owned(),
            horizon_days: None,
            population: "the rows of a file".to_owned(),
        },
        baseline: None,
        told: Told::default(),
        closed: None,
        trained_at: day(DAYS),
        seed: SEED,
        threads,
    };
    for turn in 0..TURNS {
        let made = seconds.of("whole_seconds", || -> Result<_, Box<dyn Error>> {
            let learning = Sheet::read(text.as_bytes())?.learning(&asked, day(DAYS))?;
            let training = train(&learning.table, &learning.order, &options)?;
            let model = training.model.as_ref().ok_or("no model")?;
            let open = model.ask(&learning.open)?;
            let all = (0..learning.open.rows()).map(|row| model.explain(&open, row));
            let explained = all.collect::<Result<Vec<_>, _>>()?.len();
            Ok((learning, training, explained))
        });
        let (learning, training, explained) = made?;
        seconds.of("rows_seconds", || -> Result<_, Box<dyn Error>> {
            Ok(Sheet::read(text.as_bytes())?.learning(&asked, day(DAYS))?)
        })?;
        let how = Fitting {
            baseline: None,
            seed: SEED,
            threads,
        };
        parts(&learning.table, &learning.order, how, seconds)?;
        let model = training.model.as_ref().ok_or("no model")?;
        let open = model.ask(&learning.open)?;
        seconds.of("explanations_seconds", || {
            let all = (0..learning.open.rows()).map(|row| model.explain(&open, row));
            all.collect::<Result<Vec<_>, _>>().map(drop)
        })?;
        if turn == 0 {
            println!("rows {}", learning.table.rows());
            println!("columns {}", learning.table.columns().len());
            println!("explained {explained}");
            said(&training);
        }
    }
    Ok(())
}

/// What training is made of, part by part.
fn parts(
    table: &Table,
    order: &Order,
    how: Fitting,
    seconds: &mut Seconds,
) -> Result<(), Box<dyn Error>> {
    seconds.of("audit_seconds", || {
        audit(table, order, &Told::default(), SEED, how.threads)
    })?;
    let folds = order.folds(table, SEED);
    let parted = |rows: &[usize]| inner(table, rows, SEED);
    let found = seconds.of("contest_seconds", || contest(table, &folds, parted, how))?;
    seconds.of("recalibration_seconds", || {
        redraw(table, order, &found, &folds)
    })?;
    let all: Vec<usize> = (0..table.rows()).collect();
    seconds.of("fit_seconds", || Candidates::of_rows(table, &all, how))?;
    Ok(())
}

/// What came of it: a bench that is fast because it learns nothing is seen.
fn said(training: &analyses::scoring::Training) {
    let card = &training.card;
    println!("chosen {:?}", card.chosen);
    for standing in &card.contenders {
        println!(
            "loss_{:?} {:.5}",
            standing.contender, standing.judged.log_loss
        );
    }
    if let Some(judged) = &card.judged {
        println!("area {:.5}", judged.auc.value);
        println!("log_loss {:.5}", judged.log_loss);
    }
}

/// A file of closed and open rows in the order of time. Every third column says something.
fn sheet(rows: u64) -> String {
    let mut stream = Stream::new(SEED, 909, 0);
    let mut text = "stage".to_owned();
    for column in 0..COLUMNS {
        write!(text, ",column {column}").unwrap();
    }
    for row in 0..rows {
        let mut margin = -1.0;
        let mut line = String::new();
        for column in 0..COLUMNS {
            let says = if column % 3 == 0 { 0.4 } else { 0.0 };
            if stream.bernoulli(0.1) {
                line.push(',');
                margin -= says;
            } else if column < NUMBERS {
                let number = stream.normal();
                margin += says
                    * if column % 2 == 0 {
                        number
                    } else {
                        number.abs()
                    };
                write!(line, ",{number:.4}").unwrap();
            } else {
                let code = stream.index(6 * (column - NUMBERS) + 3);
                margin += says * (f64::from(code % 3) - 1.0);
                write!(line, ",name {code}").unwrap();
            }
        }
        let won = stream.bernoulli(1.0 / (1.0 + (-margin).exp()));
        let stage = match (row % OPEN == 0, won) {
            (true, _) => "Open",
            (false, true) => "Won",
            (false, false) => "Lost",
        };
        write!(text, "\n{stage}{line}").unwrap();
    }
    text
}
