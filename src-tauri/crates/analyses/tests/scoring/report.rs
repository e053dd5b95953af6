//! The report on open deals: what is true is found, what is not there is refused, and every count opens.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use analyses::scoring::report::{
    Learnt, SCHEMA, ScoringQuestion, ScoringReport, challenge, explain, learn, report,
};
use analyses::scoring::rows::{RowsQuestion, open};
use crm::PipelineId;
use timeline::Timeline;

use crate::portal::{DAYS, Portal, day, lived};

const DOCUMENT: &str = include_str!("../../../../../docs/schemas/scoring-1.json");

fn question() -> ScoringQuestion {
    ScoringQuestion {
        rows: RowsQuestion::at(day(DAYS)),
        overruled: [].into(),
        trained_at: day(DAYS),
        seed: 7,
        threads: 2,
    }
}

fn learnt(portal: &Portal, timeline: &Timeline) -> Learnt {
    learn(timeline, &portal.beside, &question())
        .unwrap()
        .unwrap()
}

fn made(portal: &Portal) -> (Learnt, ScoringReport) {
    let timeline = portal.timeline();
    let learnt = learnt(portal, &timeline);
    let made = reported(portal, &timeline, &learnt);
    (learnt, made)
}

fn reported(portal: &Portal, timeline: &Timeline, learnt: &Learnt) -> ScoringReport {
    let of = (&learnt.card, learnt.training.model.as_ref());
    report(timeline, &portal.beside, &question(), of, &learnt.rows).unwrap()
}

/// A portal with enough to learn from, and what was learnt.
struct World {
    portal: Portal,
    timeline: Timeline,
    learnt: Learnt,
    report: ScoringReport,
}

static SOUND: LazyLock<World> = LazyLock::new(|| {
    let portal = lived(41, 700, 1.0);
    let timeline = portal.timeline();
    let learnt = learnt(&portal, &timeline);
    World {
        report: reported(&portal, &timeline, &learnt),
        portal,
        timeline,
        learnt,
    }
});

/// Stage and industry alone matter: both are among the first three, and nearly all of the weight is theirs
/// and that of what stands for the stage.
#[test]
fn the_true_features_are_found() {
    let World { learnt, report, .. } = &*SOUND;
    assert!(report.is_published, "{:?}", learnt.card.model.refusals);
    let first: Vec<&str> = learnt
        .card
        .model
        .weights
        .iter()
        .take(4)
        .map(|weight| weight.column.as_str())
        .collect();
    assert!(first.contains(&"Industry"), "{first:?}");
    let stage = ["Stage", "HubSpot's stage probability", "Stage changes"];
    assert!(stage.iter().any(|name| first.contains(name)), "{first:?}");
    let judged = learnt.card.model.judged.as_ref().unwrap();
    assert!(judged.auc.low > 0.55 && judged.skill > 0.0, "{judged:?}");
    assert!(report.segments.is_empty());
    assert!(!report.scores.is_empty());
    let sorted = report
        .scores
        .windows(2)
        .all(|pair| pair[0].probability >= pair[1].probability);
    assert!(sorted);
    for score in &report.scores {
        assert!((0.0..=1.0).contains(&score.probability) && score.reasons.len() <= 3);
        for reason in &score.reasons {
            assert!(
                reason.sentence.contains(&reason.column),
                "{}",
                reason.sentence
            );
        }
    }
    // What was said is about what came, in every bin.
    assert!(learnt.card.reliability.len() > 3);
    for bin in &learnt.card.reliability {
        let came = bin.came.unwrap();
        assert!(
            came.low - 0.1 < bin.said && bin.said < came.high + 0.1,
            "{bin:?}"
        );
    }
}

/// Where nothing matters nothing is scored; rates by segment are given in its place, and are no scores.
#[test]
fn a_world_without_signal_is_refused_in_words() {
    for seed in 0..2 {
        let (learnt, report) = made(&lived(60 + seed, 300, 0.0));
        assert!(
            !report.is_published && report.scores.is_empty(),
            "seed {seed}"
        );
        assert!(!learnt.card.model.refusals.is_empty());
        assert!(
            report.finding.starts_with("No score: "),
            "{}",
            report.finding
        );
        let names: Vec<&str> = report
            .segments
            .iter()
            .map(|table| table.name.as_str())
            .collect();
        assert_eq!(names, ["Stage", "Industry"]);
        for row in report.segments.iter().flat_map(|table| &table.rows) {
            assert!(row.rate.low <= row.rate.value && row.rate.value <= row.rate.high);
            assert!(row.rate.n >= 5);
        }
    }
}

#[test]
fn too_few_deals_are_told_how_many_are_missing() {
    let (_, report) = made(&lived(70, 90, 1.0));
    assert!(!report.is_published);
    let sentences = report
        .card
        .model
        .refusals
        .iter()
        .map(|refusal| refusal.sentence.as_str());
    let sentences: Vec<&str> = sentences.collect();
    let closed = report.card.population.won + report.card.population.lost;
    let missing = format!("{} more", 200 - closed);
    assert!(
        sentences.iter().any(|sentence| sentence.contains(&missing)),
        "{sentences:?}"
    );
}

#[test]
fn the_report_has_the_documented_shape_and_the_same_bytes_each_time() {
    let World {
        portal,
        timeline,
        learnt,
        report,
    } = &*SOUND;
    let few = made(&lived(70, 120, 1.0)).1;
    let nobody = Portal {
        deals: Vec::new(),
        ..lived(1, 1, 1.0)
    };
    let none = made(&nobody).1;
    for report in [report, &few, &none] {
        let report = serde_json::to_value(report).unwrap();
        crate::schema::check(DOCUMENT, &report);
        assert_eq!(report["schema"], SCHEMA);
    }
    crate::schema::every_field_is_required(DOCUMENT);
    let bytes = |report: &ScoringReport| serde_json::to_string(report).unwrap();
    assert_eq!(bytes(report), bytes(&reported(portal, timeline, learnt)));
    assert_eq!(
        bytes(&few),
        bytes(&made(&lived(70, 120, 1.0)).1),
        "learnt anew"
    );
}

#[test]
fn every_count_opens_as_many_deals() {
    let World {
        portal,
        timeline,
        learnt,
        report,
    } = &*SOUND;
    let population = &report.card.population;
    for (id, n) in [
        ("won", population.won),
        ("lost", population.lost),
        ("open", report.scores.len() as u32),
    ] {
        let group = report.groups.iter().find(|group| group.id == id).unwrap();
        let different: BTreeSet<_> = group.records.iter().collect();
        assert_eq!((group.n, different.len()), (n, n as usize), "{id}");
        assert_eq!(group.query.name, "deals_behind_score");
    }
    let open = open(timeline, &portal.beside, &question().rows).unwrap();
    let model = learnt.training.model.as_ref().unwrap();
    let explained = |deal| explain(model, &learnt.card, &open, &learnt.rows, deal).unwrap();
    let first = report.scores[0].clone();
    let explanation = explained(first.record).unwrap();
    assert_eq!(explanation.score, first);
    assert_eq!(explanation.reasons[..3], first.reasons[..]);
    let sum: f64 = explanation
        .reasons
        .iter()
        .map(|reason| reason.log_odds)
        .sum();
    assert!((explanation.expected_log_odds + sum - explanation.log_odds).abs() < 1e-9);
    assert!((stats::expit(explanation.log_odds) - first.probability).abs() < 1e-9);
    assert_eq!(explanation.reasons.len(), explanation.groups.len());
    for (reason, group) in explanation.reasons.iter().zip(&explanation.groups) {
        assert_eq!(
            (&group.id, group.n as usize),
            (&reason.column, group.records.len())
        );
        // Rows weigh less than the deals that they are of.
        let n = reason.alike.map_or(0, |alike| alike.n);
        assert!(group.n >= n, "{}: {} {n}", reason.column, group.n);
    }
    let closed = learnt.rows.population.won[0];
    assert!(explained(closed).is_none(), "it is won");
}

#[test]
fn a_pipeline_that_is_not_there_has_no_report() {
    let portal = lived(44, 20, 1.0);
    let mut question = question();
    question.rows.pipeline = Some(PipelineId::new("gone"));
    assert!(
        learn(&portal.timeline(), &portal.beside, &question)
            .unwrap()
            .is_none()
    );
}

/// A champion stays where the newcomer says nothing, and gives way to one that has learnt from more.
#[test]
fn a_newcomer_has_to_be_published_and_not_worse() {
    let newcomer = &SOUND.learnt;
    let first = challenge(None, newcomer).unwrap();
    assert!(first.takes_over);
    let champion = newcomer.training.model.as_ref().unwrap();
    let recent = challenge(Some((champion, day(DAYS))), newcomer).unwrap();
    assert!(
        recent.takes_over && recent.why.contains("too few"),
        "{}",
        recent.why
    );
    // One that has seen all the sightings that it is compared on is hard to beat.
    let long_ago = challenge(Some((champion, day(300.0))), newcomer).unwrap();
    assert!(long_ago.why.contains("standard error"), "{}", long_ago.why);
    let silent = lived(60, 300, 0.0);
    let refused = learnt(&silent, &silent.timeline());
    assert!(
        !challenge(Some((champion, day(300.0))), &refused)
            .unwrap()
            .takes_over
    );
    assert!(!challenge(None, &refused).unwrap().takes_over);
}
