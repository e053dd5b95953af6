//! The report on contacts: what converts is found, what is not there is refused, and every count opens.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use analyses::scoring::report::{Learnt, ScoringQuestion, ScoringReport, explain, learn, report};
use analyses::scoring::rows::{RowsQuestion, open};
use analyses::scoring::{Scored, SuspectKind};
use crm::{Moment, RecordId};

use crate::people::{People, met, property};
use crate::portal::{DAYS, Portal, day};

const DOCUMENT: &str = include_str!("../../../../../docs/schemas/scoring-1.json");

fn asked() -> ScoringQuestion {
    ScoringQuestion {
        rows: RowsQuestion {
            of: Scored::Contacts,
            ..RowsQuestion::at(day(DAYS))
        },
        overruled: [].into(),
        trained_at: day(DAYS),
        seed: 7,
        threads: 2,
    }
}

fn made(portal: &Portal) -> (Learnt, ScoringReport) {
    let timeline = portal.timeline();
    let learnt = learn(&timeline, &portal.beside, &asked()).unwrap().unwrap();
    let of = (&learnt.card, learnt.training.model.as_ref());
    let made = report(&timeline, &portal.beside, &asked(), of, &learnt.rows).unwrap();
    (learnt, made)
}

struct World {
    portal: Portal,
    learnt: Learnt,
    report: ScoringReport,
}

static SOUND: LazyLock<World> = LazyLock::new(|| {
    let portal = met(41, 1_200, 1.0).portal();
    let (learnt, report) = made(&portal);
    World {
        portal,
        learnt,
        report,
    }
});

#[test]
fn the_report_of_contacts_says_what_converts() {
    let World { learnt, report, .. } = &*SOUND;
    assert!(report.is_published, "{:?}", learnt.card.model.refusals);
    let card = &learnt.card;
    assert_eq!(card.of, Scored::Contacts);
    assert_eq!(card.event.text, "converted within 90 days");
    let first: Vec<&str> = card
        .model
        .weights
        .iter()
        .take(4)
        .map(|weight| weight.column.as_str())
        .collect();
    assert!(first.contains(&"Original source"), "{first:?}");
    for text in [&report.finding, &card.event.definition, &report.method.text] {
        assert!(text.contains("contact"), "{text}");
    }
    assert_eq!(card.model.audit.suspects, [], "nothing leaks");
    let population = &card.population;
    assert_eq!(population.records, population.won + population.lost);
    for (id, n) in [
        ("won", population.won),
        ("lost", population.lost),
        ("open", report.scores.len() as u32),
    ] {
        let group = report.groups.iter().find(|group| group.id == id).unwrap();
        assert_eq!((group.n, group.records.len()), (n, n as usize), "{id}");
        assert_eq!(group.query.name, "contacts_behind_score");
        assert_eq!(group.query.parameters[0].name, ":contacts");
    }
    crate::schema::check(DOCUMENT, &serde_json::to_value(report).unwrap());
}

#[test]
fn a_contact_s_score_is_explained_and_one_that_converted_has_none() {
    let World {
        portal,
        learnt,
        report,
    } = &*SOUND;
    let timeline = portal.timeline();
    let open = open(&timeline, &portal.beside, &asked().rows).unwrap();
    let model = learnt.training.model.as_ref().unwrap();
    let explained = |id| explain(model, &learnt.card, &open, &learnt.rows, id).unwrap();
    let first = &report.scores[0];
    let explanation = explained(first.record).unwrap();
    assert_eq!(explanation.score, *first);
    let sum: f64 = explanation
        .reasons
        .iter()
        .map(|reason| reason.log_odds)
        .sum();
    assert!((explanation.expected_log_odds + sum - explanation.log_odds).abs() < 1e-9);
    let groups = &explanation.groups;
    assert!(
        groups
            .iter()
            .all(|of| of.definition.starts_with("Contacts "))
    );
    assert!(explained(learnt.rows.population.won[0]).is_none());
}

/// A lead status that says "won" days later than the deal, on those who converted alone, and whose past
/// nobody keeps.
#[test]
fn what_only_converted_contacts_have_is_kept_from_learning() {
    let mut people = met(42, 500, 1.0);
    let mut status = property("hs_lead_status", "Lead status", &["Customer now"]);
    let won: BTreeSet<RecordId> = people
        .deals
        .iter()
        .filter(|deal| deal.versions.iter().any(|version| version.value == "won"))
        .map(|deal| deal.id)
        .collect();
    for contact in &people.beside.people {
        if contact.deals.iter().any(|deal| won.contains(deal)) {
            let today = vec![(Moment::from_millis(i64::MIN), Some(0))];
            status.said.insert(contact.id, today);
            status.of_today += 1;
        }
    }
    people.beside.properties.push(status);
    let (learnt, _) = made(&people.portal());
    let audit = &learnt.card.model.audit;
    assert_eq!(audit.quarantined, ["Lead status"], "{:?}", audit.suspects);
    let kinds: Vec<SuspectKind> = audit.suspects.iter().map(|of| of.kind).collect();
    assert!(!kinds.is_empty());
}

#[test]
fn contacts_without_signal_or_too_few_are_refused_with_rates_in_place() {
    let check = |people: &People, expected: &str| {
        let (learnt, report) = made(&people.portal());
        assert!(!report.is_published && report.scores.is_empty());
        let refusals = learnt.card.model.refusals.iter();
        let refusals: Vec<&str> = refusals.map(|of| of.sentence.as_str()).collect();
        assert!(
            refusals.iter().any(|sentence| sentence.contains(expected)),
            "{expected}: {refusals:?}"
        );
        let names = report.segments.iter().map(|table| table.name.as_str());
        let names: Vec<&str> = names.collect();
        assert!(names.contains(&"Original source"), "{names:?}");
        // That few convert is no reason to think that others were not recorded.
        assert!(
            refusals
                .iter()
                .all(|sentence| !sentence.contains("extreme"))
        );
    };
    check(&met(60, 300, 0.0), "signal");
    check(&met(70, 90, 1.0), "more with a known outcome");
    // Hardly anybody converts.
    let mut few = met(71, 40, 1.0);
    for id in 1_001..1_400 {
        few.contact(id, 100.0);
    }
    check(&few, "more of the rarer outcome");
}
