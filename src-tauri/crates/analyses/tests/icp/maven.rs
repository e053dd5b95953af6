//! A public sales history in which nothing but the calendar tells wins from losses: nothing may be
//! claimed of its customers. Skipped where the data set is not at hand.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use analyses::competitors::Outcome;
use analyses::icp::{
    CompanyLink, DealRow, Dimension, IcpNoteCode, IcpQuestion, IcpRows, Tier, Values, icp,
};
use crm::{Moment, OwnerId, RecordId};
use jiff::tz::TimeZone;

use super::world::moment;

fn folder() -> Option<PathBuf> {
    let folder =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../../shared/datasets/maven_crm");
    if folder.join("sales_pipeline.csv").exists() {
        return Some(folder);
    }
    println!("skipped: ../shared/datasets/maven_crm is not here");
    None
}

fn records(folder: &Path, name: &str) -> Vec<csv::StringRecord> {
    let mut reader = csv::Reader::from_path(folder.join(name)).unwrap();
    reader.records().map(Result::unwrap).collect()
}

fn noon(day: &str) -> Moment {
    moment(&format!("{day}T12:00:00Z"))
}

fn product() -> Dimension {
    Dimension::Property("deals.product".to_owned())
}

fn office() -> Dimension {
    Dimension::Property("deals.regional_office".to_owned())
}

fn rows(folder: &Path) -> IcpRows {
    let mut accounts: BTreeMap<String, CompanyLink> = BTreeMap::new();
    for (record, id) in records(folder, "accounts.csv").iter().zip(1_u64..) {
        let link = CompanyLink {
            company: RecordId::new(id),
            primary: true,
            since: None,
            employees: record[4].parse().ok(),
            values: [
                (Dimension::Industry, record[1].to_owned()),
                (Dimension::Country, record[5].to_owned()),
            ]
            .into(),
        };
        accounts.insert(record[0].to_owned(), link);
    }
    let teams: BTreeMap<String, (u64, String)> = records(folder, "sales_teams.csv")
        .iter()
        .zip(1_u64..)
        .map(|(record, id)| (record[0].to_owned(), (id, record[2].to_owned())))
        .collect();
    // Losses and wins are on record from this day on; what had ended before left no trace.
    let recorded = noon("2017-03-01");
    let deal = |(record, id): (&csv::StringRecord, u64)| {
        let created_at = Some(&record[5]).filter(|day| !day.is_empty()).map(noon)?;
        let outcome = match &record[4] {
            "Won" => Outcome::Won(noon(&record[6])),
            "Lost" => Outcome::Lost(noon(&record[6])),
            _ => Outcome::Open,
        };
        let team = teams.get(&record[1]);
        let mut values: Values = [(product(), record[2].to_owned())].into();
        values.extend(team.map(|(_, place)| (office(), place.clone())));
        Some(DealRow {
            id: RecordId::new(id),
            created_at,
            watched_from: created_at.max(recorded),
            outcome,
            amount: record[7].parse().ok(),
            gone_at: None,
            last_activity_at: None,
            owner: team.map(|(id, _)| OwnerId::new(*id)),
            renewal: false,
            values,
            companies: accounts.get(&record[3]).cloned().into_iter().collect(),
        })
    };
    IcpRows {
        deals: records(folder, "sales_pipeline.csv")
            .iter()
            .zip(1..)
            .filter_map(deal)
            .collect(),
        ..IcpRows::default()
    }
}

#[test]
fn nothing_is_claimed_but_what_the_calendar_explains() {
    let Some(folder) = folder() else { return };
    let rows = rows(&folder);
    for (horizon_days, dimensions) in [
        (
            90,
            vec![Dimension::Industry, Dimension::Size, Dimension::Country],
        ),
        (60, vec![Dimension::Industry, product(), office()]),
        (120, vec![Dimension::Size, product(), office()]),
    ] {
        let question = IcpQuestion {
            dimensions,
            horizon_days,
            draws: 0,
            ..IcpQuestion::at(noon("2018-01-01"), TimeZone::UTC)
        };
        let report = icp(&rows, &question).unwrap();
        assert!(report.questions > 15, "{}", report.questions);
        // Two of three open deals name no account and all closed ones do: unknown values are the
        // leak that the notes warn of, and no claim about customers.
        let claimed = report.segments.iter().filter(|s| s.lift.found);
        let claimed: Vec<_> = claimed
            .filter(|s| s.parts.iter().all(|part| part.value.is_some()))
            .map(|s| (&s.parts, &s.lift))
            .collect();
        assert!(claimed.is_empty(), "{horizon_days}: {claimed:#?}");
        let is_leak = |note: &&analyses::icp::IcpNote| note.code == IcpNoteCode::UnknownValuesLeak;
        let leaks = report.notes.iter().filter(is_leak).count();
        assert!(leaks > 0, "{:?}", report.notes);
        let rules = report.rules.unwrap().rules;
        assert!(
            rules
                .iter()
                .all(|rule| rule.tier != Tier::A && rule.tier != Tier::D),
            "{rules:#?}"
        );
    }
}
