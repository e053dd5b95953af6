//! The Maven portal against its files.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::*;

fn datasets() -> Option<PathBuf> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../../shared/datasets");
    if folder.join("maven_crm").join(PIPELINE).is_file() {
        return Some(folder);
    }
    println!("skipped: ../shared/datasets/maven_crm is not there");
    None
}

/// Won cents by the month of the close date, as the portal shows them.
fn won_by_month(portal: &Portal) -> BTreeMap<String, i64> {
    let mut months = BTreeMap::new();
    for deal in portal.table(Kind::Deals).all() {
        if portal.outcome(deal) != Outcome::Won {
            continue;
        }
        let (Some(Value::At(closed)), Some(Value::Cents(cents))) =
            (deal.value(p::CLOSEDATE), deal.value(p::AMOUNT))
        else {
            panic!("a won deal without close date or amount")
        };
        let month = closed.to_string()[..7].to_owned() + "-01";
        *months.entry(month).or_default() += cents;
    }
    months
}

#[test]
fn the_portal_says_what_the_files_say() {
    let Some(folder) = datasets() else { return };
    let now = "2017-12-31T23:59:59Z".parse().unwrap();
    let (portal, _) = load(1, now, &folder.join("maven_crm")).unwrap();
    assert_eq!(portal.table(Kind::Companies).all().len(), 85);
    assert_eq!(portal.owners.len(), 35);
    let deals = portal.table(Kind::Deals).all();
    assert_eq!(deals.len(), 8_800);
    let count = |stage: &str| {
        deals
            .iter()
            .filter(|d| portal.stage(d).unwrap().id == stage)
            .count()
    };
    assert_eq!(
        [
            count("won"),
            count("lost"),
            count("engaging"),
            count("prospecting")
        ],
        [4_238, 2_473, 1_589, 500]
    );
    let text = std::fs::read_to_string(folder.join("reference_tables.json")).unwrap();
    let reference: Json = serde_json::from_str(&text).unwrap();
    let series = reference["maven/won value per month"]["series"]
        .as_object()
        .unwrap();
    let expected: BTreeMap<String, i64> = series
        .iter()
        .map(|(month, dollars)| {
            (
                month.clone(),
                (dollars.as_f64().unwrap() * 100.0).round() as i64,
            )
        })
        .collect();
    assert_eq!(won_by_month(&portal), expected);
}

#[test]
fn what_lies_after_now_has_not_happened() {
    let Some(folder) = datasets() else { return };
    let now: Moment = "2017-06-30T23:59:59Z".parse().unwrap();
    let (portal, _) = load(1, now, &folder.join("maven_crm")).unwrap();
    assert!(
        portal
            .table(Kind::Deals)
            .all()
            .iter()
            .all(|deal| deal.modified <= now)
    );
    let months = won_by_month(&portal);
    assert_eq!(months.keys().next_back().unwrap(), "2017-06-01");
    assert_eq!(months["2017-06-01"], 133_846_600);
}

#[test]
fn a_missing_file_is_named() {
    let error = load(1, Moment::from_millis(0), Path::new("/nonexistent")).unwrap_err();
    assert_eq!(error.to_string(), "cannot read accounts.csv");
}
