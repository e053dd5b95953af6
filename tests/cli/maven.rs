//! A public sales history walks the same road: what the program reports as won per month is the
//! published table, to the cent.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::plumbline::User;
use crate::simulator::Simulator;

/// The folder of public data sets beside the checkout, where there is one.
fn datasets() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../../shared/datasets");
    if folder.join("maven_crm/sales_pipeline.csv").exists() {
        return Some(folder);
    }
    println!("skipped: ../shared/datasets/maven_crm is not here");
    None
}

/// An amount such as `1134672.00` in cents; of numbers with a fraction below a cent, nothing.
fn cents(amount: &str) -> Option<i64> {
    let (whole, rest) = amount.split_once('.').unwrap_or((amount, ""));
    let places = format!("{rest:0<2}");
    let (kept, below) = places.split_at(2);
    let exact = below.bytes().all(|digit| digit == b'0');
    exact
        .then(|| format!("{whole}{kept}").parse().ok())
        .flatten()
}

#[test]
fn the_won_value_per_month_is_the_published_one() {
    let Some(folder) = datasets() else { return };
    let csv = folder.join("maven_crm");
    let world = ["--world", "maven", "--csv", csv.to_str().unwrap()];
    let sim = Simulator::serve(&[&world[..], &["--limits", "off"]].concat());
    let user = User::new();
    let portal = user.connect(&sim);
    assert_eq!(user.json(&["sync", &portal])["outcome"], "done");

    let count = |question: &str| user.json(&["sql", &portal, question])["rows"][0][0].clone();
    assert_eq!(count("select count(*) from deal"), 8_800);
    assert_eq!(
        count("select count(*) from record where object_type = 'companies'"),
        85
    );
    assert_eq!(count("select count(*) from owner"), 35);
    let stages = "select s.label, count(*) from deal d join stage s \
                  on s.pipeline_id = d.pipeline_id and s.stage_id = d.stage_id group by 1 order by 2";
    let stages = user.json(&["sql", &portal, stages])["rows"].clone();
    let published = json!([
        ["Prospecting", 500],
        ["Engaging", 1_589],
        ["Lost", 2_473],
        ["Won", 4_238]
    ]);
    assert_eq!(stages, published);

    let asked = ["report", "forecast", &portal, "--as-of", "2017-12-31"];
    let report = user.json(&asked)["report"].clone();
    assert_eq!(report["period"]["label"], "Q4 2017");
    let month = |row: &Value| {
        let amount = row["won"]["amount"].as_str().unwrap();
        let month = row["month"].as_str().unwrap().to_owned();
        (cents(amount).unwrap() > 0).then_some((month, cents(amount).unwrap()))
    };
    let months = report["won_by_month"].as_array().unwrap();
    let found: BTreeMap<String, i64> = months.iter().filter_map(month).collect();
    let tables = std::fs::read_to_string(folder.join("reference_tables.json")).unwrap();
    let tables: Value = serde_json::from_str(&tables).unwrap();
    let series = tables["maven/won value per month"]["series"]
        .as_object()
        .unwrap();
    let published: BTreeMap<String, i64> = series
        .iter()
        .map(|(month, value)| (month.clone(), cents(&value.to_string()).unwrap()))
        .collect();
    assert_eq!(published.len(), 10);
    assert_eq!(found, published);

    // The quarter that ended that day is closed: what was won in its three months.
    let quarter: i64 = ["2017-10-01", "2017-11-01", "2017-12-01"]
        .map(|month| published[month])
        .iter()
        .sum();
    let closed = report["closed"]["value"]["amount"].as_str().unwrap();
    assert_eq!(cents(closed), Some(quarter));

    // Half a year earlier nothing of the second half was known.
    let asked = ["report", "forecast", &portal, "--as-of", "2017-06-30"];
    let earlier = user.json(&asked)["report"]["won_by_month"].clone();
    let known: BTreeMap<String, i64> = earlier
        .as_array()
        .unwrap()
        .iter()
        .filter_map(month)
        .collect();
    let until_june = published
        .iter()
        .filter(|(month, _)| month.as_str() <= "2017-06-01");
    assert_eq!(
        known,
        until_june
            .map(|(month, value)| (month.clone(), *value))
            .collect()
    );
}
