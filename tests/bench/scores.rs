//! Fits our contenders on public sets, and writes the same rows and folds out for others.
//!
//! `scores SETS FOLDER REPEATS` reads the sets below SETS, keeps out what the auditor suspects, parts the
//! rows, and prints a line a task: the set, the rows that were learnt from, the repeat, the contender, the
//! area and the log loss on rows not learnt from. Into FOLDER it writes, by set, NAME.x (doubles, row by
//! row), NAME.y (a byte a row), NAME.columns (a line a column, its kind first) and NAME.tasks (a line a
//! task: the rows learnt from, the rows judged).
#![allow(clippy::print_stdout, reason = "the figures are what it is for")]

use analyses::scoring::{
    Asking, Candidates, ColumnIx, Contender, Fitting, Fold, Order, Sheet, Table, Told, Values,
    audit, grouped, rolling,
};
use crm::Moment;
use flate2::read::MultiGzDecoder;
use stats::Stream;
use stats::scores::{auc, log_loss};
use std::error::Error;
use std::fmt::Write as _;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::Instant;

/// Rows that are judged after a sample was learnt from, at most.
const JUDGED: usize = 5_000;
const SAMPLES: [usize; 3] = [200, 500, 2_000];
/// All sets were opened after this moment.
const NOW: i64 = 1_790_000_000_000;

/// A public set: its name, its file, and what it is asked for.
fn sets() -> Vec<(&'static str, &'static str, Asking)> {
    let asked = |outcome: &str, positive: &str| Asking {
        outcome: outcome.to_owned(),
        positive: Some(positive.to_owned()),
        ..Asking::default()
    };
    let maven = Asking {
        negative: Some("Lost".to_owned()),
        time: Some("engage_date".to_owned()),
        ..asked("deal_stage", "Won")
    };
    let bank = Asking {
        in_order: true,
        ..asked("y", "yes")
    };
    vec![
        (
            "ibm",
            "ibm_sales_win_loss/WA_Fn-UseC_-Sales-Win-Loss.csv.gz",
            asked("Opportunity Result", "Won"),
        ),
        (
            "xeducation",
            "xeducation_leads/Leads.csv.gz",
            asked("Converted", "1"),
        ),
        (
            "bank",
            "uci_bank_additional/bank-additional-full.csv.gz",
            bank,
        ),
        ("maven", "maven_crm/sales_pipeline.csv", maven),
        (
            "salvirt",
            "salvirt_b2b/Salvirt_B2B_ML_dataset.csv",
            asked("Status", "Won"),
        ),
    ]
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let from = PathBuf::from(arguments.next().ok_or("no sets")?);
    let folder = PathBuf::from(arguments.next().ok_or("no folder")?);
    let repeats: u64 = arguments.next().ok_or("no repeats")?.parse()?;
    for (name, file, asked) in sets() {
        let sheet = Sheet::read(&bytes(&from.join(file))?)?;
        let learning = sheet.learning(&asked, Moment::from_millis(NOW))?;
        let told = Told {
            provenance: learning.provenance,
            ..Told::default()
        };
        let quarantined = audit(&learning.table, &learning.order, &told, 1, 1)?.quarantined;
        let columns = learning.table.columns().iter().enumerate();
        let kept: Vec<ColumnIx> = columns
            .filter(|(_, column)| !quarantined.contains(&column.name))
            .map(|(place, _)| ColumnIx(place))
            .collect();
        let table = learning.table.with_columns(&kept);
        let tasks = tasks(&table, &learning.order, repeats);
        write(&folder, name, &table, &tasks)?;
        for (kind, repeat, fold) in &tasks {
            let how = Fitting {
                baseline: None,
                seed: *repeat,
                threads: 1,
            };
            let began = Instant::now();
            let fitted = Candidates::of_rows(&table, &fold.learnt, how)?;
            let seconds = began.elapsed().as_secs_f64();
            for contender in [Contender::Linear, Contender::Trees, Contender::Both] {
                let told = match fitted.form(contender) {
                    Some(form) => form.probabilities(&table, &fold.judged)?,
                    None => vec![rate(&table, &fold.learnt); fold.judged.len()],
                };
                let happened: Vec<bool> =
                    fold.judged.iter().map(|&r| table.happened()[r]).collect();
                let weights = vec![1.0; happened.len()];
                println!(
                    "{name} {kind} {repeat} {contender:?} {} {} {seconds:.3}",
                    auc(&told, &happened)?,
                    log_loss(&told, &happened, &weights)?
                );
            }
        }
    }
    Ok(())
}

fn bytes(file: &Path) -> Result<Vec<u8>, Box<dyn Error>> {
    let packed = std::fs::read(file)?;
    if file.extension().is_none_or(|extension| extension != "gz") {
        return Ok(packed);
    }
    let mut bytes = Vec::new();
    MultiGzDecoder::new(packed.as_slice()).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn rate(table: &Table, rows: &[usize]) -> f64 {
    let happened = rows.iter().filter(|&&row| table.happened()[row]);
    happened.count() as f64 / rows.len() as f64
}

/// Rows that are learnt from and judged: all of them, block by block forward in time where there is time,
/// and there the last three tenths at once, which is further ahead; by groups where there is none; then
/// random samples.
fn tasks(table: &Table, order: &Order, repeats: u64) -> Vec<(String, u64, Fold)> {
    let rows: Vec<usize> = (0..table.rows()).collect();
    let mut tasks: Vec<(String, u64, Fold)> = Vec::new();
    let mut add = |kind: &str, folds: Vec<Fold>| {
        let numbered = (0..).zip(folds);
        tasks.extend(numbered.map(|(number, fold)| (kind.to_owned(), number, fold)));
    };
    match order {
        Order::Forward { seen, known } => {
            add("all", order.folds(table, 11));
            let mut sorted = seen.clone();
            sorted.sort_unstable();
            let origin = sorted[sorted.len() * 7 / 10];
            add(
                "late",
                rolling(seen, known, table.groups(), &[origin, i64::MAX]),
            );
        }
        Order::Drawn => {
            let dealt = |group: u32| Stream::new(11, 907, group.into()).index(u32::MAX).into();
            add(
                "all",
                grouped(&rows, table.groups(), table.happened(), 5, dealt),
            );
        }
    }
    for size in SAMPLES {
        for repeat in 0..repeats {
            let mut stream = Stream::new(repeat, 908, size as u64);
            let mut dealt = rows.clone();
            for place in (1..dealt.len()).rev() {
                dealt.swap(place, stream.index(place as u32 + 1) as usize);
            }
            if dealt.len() < size + 200 {
                continue;
            }
            let judged = dealt[size..].iter().copied().take(JUDGED).collect();
            let learnt = dealt[..size].to_vec();
            tasks.push((size.to_string(), repeat, Fold { learnt, judged }));
        }
    }
    tasks
}

fn write(
    folder: &Path,
    name: &str,
    table: &Table,
    tasks: &[(String, u64, Fold)],
) -> Result<(), Box<dyn Error>> {
    let (mut records, mut columns, mut parted) = (Vec::new(), String::new(), String::new());
    for row in 0..table.rows() {
        for column in table.columns() {
            let value = match &column.values {
                Values::Numbers(numbers) => numbers[row],
                Values::Categories { codes, .. } => codes[row].map_or(f64::NAN, f64::from),
            };
            records.extend(value.to_le_bytes());
        }
    }
    for column in table.columns() {
        let kind = match column.values {
            Values::Numbers(_) => "number",
            Values::Categories { .. } => "category",
        };
        writeln!(columns, "{kind} {}", column.name)?;
    }
    for (kind, repeat, fold) in tasks {
        let listed = |rows: &[usize]| {
            let rows: Vec<String> = rows.iter().map(ToString::to_string).collect();
            rows.join(",")
        };
        let (learnt, judged) = (listed(&fold.learnt), listed(&fold.judged));
        writeln!(parted, "{kind} {repeat} {learnt} {judged}")?;
    }
    let happened: Vec<u8> = table.happened().iter().map(|&won| won.into()).collect();
    std::fs::write(folder.join(format!("{name}.x")), records)?;
    std::fs::write(folder.join(format!("{name}.y")), happened)?;
    std::fs::write(folder.join(format!("{name}.columns")), columns)?;
    std::fs::write(folder.join(format!("{name}.tasks")), parted)?;
    Ok(())
}
