//! Public sales data. Skipped where the sets are not at hand.

use crate::{five, folds, how};
use analyses::scoring::{Column, Contender, Table, Values, contest};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

fn file(name: &str) -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../../shared/datasets");
    let file = folder.join(name);
    if file.exists() {
        return Some(file);
    }
    println!("skipped: ../shared/datasets/{name} is not here");
    None
}

/// The columns of a file: numbers where every value that is there reads as one, else categories.
fn table(file: &Path, delimiter: u8, outcome: &str, won: &str) -> Table {
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .from_path(file)
        .unwrap();
    let names: Vec<String> = reader
        .headers()
        .unwrap()
        .iter()
        .map(str::to_owned)
        .collect();
    let records: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let place = names.iter().position(|name| name == outcome).unwrap();
    let happened = records.iter().map(|record| &record[place] == won).collect();
    let columns = names
        .iter()
        .enumerate()
        .filter(|(column, _)| *column != place);
    let columns = columns.map(|(column, name)| {
        let cells: Vec<&str> = records.iter().map(|record| &record[column]).collect();
        Column {
            name: name.clone(),
            values: values(&cells),
        }
    });
    Table::new(columns.collect(), happened).unwrap()
}

fn values(cells: &[&str]) -> Values {
    let there = cells.iter().filter(|cell| !cell.is_empty());
    if there.clone().all(|cell| cell.parse::<f64>().is_ok()) {
        let number = |cell: &&str| cell.parse().unwrap_or(f64::NAN);
        return Values::Numbers(cells.iter().map(number).collect());
    }
    let mut codes = BTreeMap::new();
    for cell in there {
        let next = codes.len() as u32;
        codes.entry((*cell).to_owned()).or_insert(next);
    }
    let of = |cell: &&str| codes.get(*cell).copied();
    Values::Categories {
        codes: cells.iter().map(of).collect(),
        names: codes.keys().cloned().collect(),
    }
}

/// 448 real opportunities, of which 83 stand twice or more: what is alike is one group.
#[test]
fn salvirt_is_told_apart_as_well_as_others_do() {
    let Some(file) = file("salvirt_b2b/Salvirt_B2B_ML_dataset.csv") else {
        return;
    };
    let table = table(&file, b';', "Status", "Won");
    let mut alike: BTreeMap<String, u32> = BTreeMap::new();
    let groups: Vec<u32> = (0..table.rows())
        .map(|row| {
            let known = format!(
                "{:?}",
                table
                    .columns()
                    .iter()
                    .map(|c| match &c.values {
                        Values::Numbers(numbers) => numbers[row].to_string(),
                        Values::Categories { codes, .. } => format!("{:?}", codes[row]),
                    })
                    .collect::<Vec<_>>()
            );
            let next = alike.len() as u32;
            *alike.entry(known).or_insert(next)
        })
        .collect();
    let rows = table.rows();
    let table = table.with_groups(groups, vec![1.0; rows]).unwrap();
    let inner = |rows: &[usize]| folds(&table, rows, 2);
    let contest = contest(&table, &five(&table, 1), inner, how(5, 1)).unwrap();
    for (contender, judged) in &contest.judged {
        println!(
            "{contender:?}: {:.4}, log loss {:.4}",
            judged.auc.value, judged.log_loss
        );
    }
    let found = contest.judged[&Contender::Both].auc.value;
    println!("salvirt, grouped: {found:.4}");
    assert!((0.80..=0.85).contains(&found), "{found}");
}
