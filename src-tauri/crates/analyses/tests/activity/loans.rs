//! A public log of 7,455 loan applications (BPI challenge 2012): calls after an offer. Whether a case had
//! many over its whole life tells mostly how far it came; what was there at an age tells less. Skipped
//! where the data set is not at hand.

use std::collections::BTreeMap;
use std::path::Path;

use analyses::activity::report::{RungKind, Verdict};
use analyses::activity::{ActivityQuestion, Measure, activity};
use crm::{Moment, PipelineId, StageId};
use timeline::{ActivityKind, DealPart, Direction, StagePart, Timeline, Tracked};

use super::world::{one, parts, question};

fn moment(text: &str) -> Moment {
    text.parse().unwrap()
}

fn portal() -> Option<(Timeline, Moment)> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../../../shared/datasets/bpi2012_loan_funnel/dev_events.csv.gz");
    let Ok(packed) = std::fs::File::open(file) else {
        println!("skipped: ../shared/datasets/bpi2012_loan_funnel is not here");
        return None;
    };
    let mut reader = csv::Reader::from_reader(flate2::read::GzDecoder::new(packed));
    let mut cases: BTreeMap<u64, DealPart> = BTreeMap::new();
    let mut last = moment("2011-10-01T00:00:00Z");
    for record in reader.records() {
        let record = record.unwrap();
        let (id, name, at) = (record[0].parse().unwrap(), &record[3], moment(&record[6]));
        last = last.max(at);
        let deal = cases.entry(id).or_insert_with(|| {
            let begin = moment(&record[1]);
            DealPart::new(id, begin)
                .with(Tracked::Pipeline, begin, "default")
                .with(Tracked::Amount, begin, &record[2])
        });
        let stage = match name {
            "A_SUBMITTED" => "submitted",
            "A_ACCEPTED" => "accepted",
            "O_SENT" => "offered",
            "O_ACCEPTED" => "won",
            "A_DECLINED" | "A_CANCELLED" => "lost",
            _ => "",
        };
        if !stage.is_empty() {
            *deal = deal.clone().with(Tracked::Stage, at, stage);
        }
        if name == "W_Nabellen offertes" && &record[4] == "COMPLETE" {
            let call = one(ActivityKind::Call, Some(Direction::Out), 0.0);
            deal.activities.push(timeline::Activity {
                happened_at: at,
                known_at: at,
                ..call
            });
        }
    }
    let mut parts = parts(cases.into_values().collect());
    let stages = [
        ("submitted", 0.2),
        ("accepted", 0.4),
        ("offered", 0.6),
        ("won", 1.0),
        ("lost", 0.0),
    ];
    parts.stages = stages
        .into_iter()
        .zip(0..)
        .map(|((id, probability), order)| StagePart {
            pipeline: PipelineId::new("default"),
            id: StageId::new(id),
            label: id.to_owned(),
            order,
            probability: Some(probability),
            closed: Some(matches!(id, "won" | "lost")),
        })
        .collect();
    Some((Timeline::from_parts(parts), last))
}

#[test]
fn calls_after_an_offer_are_judged_at_an_age_and_not_over_whole_cases() {
    let Some((timeline, last)) = portal() else {
        return;
    };
    let asked = ActivityQuestion {
        as_of: last,
        measures: vec![Measure::CallsOut],
        windows: vec![14],
        ..question()
    };
    let report = activity(&timeline, &asked).unwrap();
    let row = &report.rows[0];
    let of = |kind| {
        let rung = row.rungs.iter().find(|rung| rung.rung == kind).unwrap();
        println!(
            "{:?}: {:?} of {} deals, {} won",
            rung.rung, rung.effect, rung.n, rung.won
        );
        rung.effect
    };
    let [_, landmark, adjusted, _] = [
        RungKind::Raw,
        RungKind::Landmark,
        RungKind::Adjusted,
        RungKind::Matched,
    ]
    .map(of);
    println!(
        "{:?}, E-value {:?}, flags {:?}",
        row.verdict, row.e_value, row.flags
    );
    let leak = over_whole_cases(&timeline, last);
    assert!(leak > 0.4, "{leak}");
    for careful in [landmark.unwrap(), adjusted.unwrap()] {
        assert!(careful.value.abs() < leak / 4.0, "{careful:?}");
        assert!(careful.low < 0.0 && 0.0 < careful.high, "{careful:?}");
    }
    assert_ne!(row.verdict, Verdict::SurvivesAdjustment);
}

/// What nobody may conclude from: of the closed cases of at least two days, the share accepted with any
/// call in the whole case, less that without.
fn over_whole_cases(timeline: &Timeline, last: Moment) -> f64 {
    let mut counts = [[0.0, 0.0]; 2];
    for deal in timeline.deals() {
        let Some(closing) = timeline.closing(deal, last) else {
            continue;
        };
        let lived = timeline.created_at(deal).map(|at| closing.at.since(at));
        if lived.is_none_or(|lived| lived < jiff::SignedDuration::from_hours(48)) {
            continue;
        }
        let called = usize::from(timeline.activities_until(deal, last).next().is_some());
        counts[called][0] += 1.0;
        counts[called][1] += f64::from(u8::from(closing.kind == timeline::StageKind::Won));
    }
    let [without, with] = counts.map(|[n, won]| won / n);
    println!("over whole cases: {with:.3} with any call, {without:.3} without");
    with - without
}
