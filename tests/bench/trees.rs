//! Grows a hundred trees on the rows of a folder and prints what it cost, one figure a line.
//!
//! Arguments: the folder that `trees.py world` has filled, and the threads.
#![allow(clippy::print_stdout, reason = "the figures are what it is for")]

use boosting::{Boosted, Boosting};
use linfa::prelude::*;
use ndarray::{Array1, Array2};
use std::error::Error;
use std::path::{Path, PathBuf};
use std::time::Instant;

const COLUMNS: usize = 20;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let folder = PathBuf::from(arguments.next().ok_or("no folder")?);
    let threads: usize = arguments.next().ok_or("no threads")?.parse()?;
    let (records, happened) = rows(&folder, "train")?;
    let data = Dataset::new(records, happened);
    let params = Boosting::params().threads(threads);

    let began = Instant::now();
    let model: Boosted = params.fit(&data)?;
    println!("fit_seconds {}", began.elapsed().as_secs_f64());
    println!("peak_mib {}", peak_mib());

    let (records, happened) = rows(&folder, "test")?;
    let mut fastest = f64::INFINITY;
    let mut margins = Array1::zeros(0);
    for _ in 0..5 {
        let began = Instant::now();
        margins = model.margins(records.view(), threads)?;
        fastest = fastest.min(began.elapsed().as_secs_f64());
    }
    println!("predict_seconds {fastest}");
    let losses = margins.iter().zip(&happened).map(|(&margin, &happened)| {
        let away = if happened { -margin } else { margin };
        away.exp().ln_1p()
    });
    println!("log_loss {}", losses.sum::<f64>() / margins.len() as f64);
    Ok(())
}

/// Rows of 20 doubles, row by row, and a byte an outcome.
fn rows(folder: &Path, name: &str) -> Result<(Array2<f64>, Array1<bool>), Box<dyn Error>> {
    let happened = std::fs::read(folder.join(format!("{name}.y")))?;
    let mut numbers = Vec::with_capacity(happened.len() * COLUMNS);
    let bytes = std::fs::File::open(folder.join(format!("{name}.x")))?;
    let mut bytes = std::io::BufReader::new(bytes);
    let mut number = [0; 8];
    for _ in 0..happened.len() * COLUMNS {
        std::io::Read::read_exact(&mut bytes, &mut number)?;
        numbers.push(f64::from_le_bytes(number));
    }
    let records = Array2::from_shape_vec((happened.len(), COLUMNS), numbers)?;
    Ok((records, happened.iter().map(|&byte| byte == 1).collect()))
}

/// The most memory that this process has had, where the system says so.
fn peak_mib() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib = line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<f64>().ok());
    kib.unwrap_or(f64::NAN) / 1024.0
}
