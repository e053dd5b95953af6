//! Scores: models and their cards stay, the newest choice is in force, and a purged record takes its
//! scores with it.

#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot go on fails; helpers are not recognised as tests"
)]

mod fixture;

use crm::{ObjectType, PipelineId, RecordId};
use fixture::{Fixture, moment};
use store::{
    NewScoreModel, PortalStore, ScoreModelRow, ScoreRow, ScoreScope, add_score_model, add_scores,
    choose_score_model, newest_scores, overrule_suspect, overruled_suspects, purge, score_model,
    score_models, score_properties, set_score_properties,
};

fn model(pipeline: Option<&str>, published: bool) -> NewScoreModel {
    NewScoreModel {
        scope: ScoreScope {
            event: "deal_won".to_owned(),
            horizon_days: 90,
            pipeline: pipeline.map(PipelineId::new),
        },
        as_of: moment(10),
        trained_at: moment(11),
        published,
        settings: r#"{"properties":[]}"#.to_owned(),
        card: r#"{"why":"because"}"#.to_owned(),
        model: published.then(|| "[0.1]".to_owned()),
    }
}

fn keep(store: &PortalStore, model: &NewScoreModel) -> u32 {
    store.write(|tx| add_score_model(tx, model)).unwrap()
}

fn in_force(store: &PortalStore) -> Vec<u32> {
    let models = store.read(score_models).unwrap();
    let used = models.into_iter().filter(|model| model.in_force.is_some());
    used.map(|model| model.version).collect()
}

#[test]
fn the_newest_choice_of_each_scope_is_in_force() {
    let fixture = Fixture::new();
    let store = fixture.portal(1);
    let kept = [
        model(None, true),
        model(None, true),
        model(Some("sales"), true),
        model(None, false),
    ];
    let versions: Vec<u32> = kept.iter().map(|model| keep(&store, model)).collect();
    assert_eq!(versions, [1, 2, 3, 4]);
    assert!(in_force(&store).is_empty());
    for (at, version) in [(20, 1), (21, 3), (22, 2), (22, 1)] {
        store
            .write(|tx| choose_score_model(tx, moment(at), version, "better"))
            .unwrap();
    }
    drop(store);
    let store = fixture.open(1);
    assert_eq!(in_force(&store), [3, 1]);
    let found = store.read(score_models).unwrap();
    let newest: &ScoreModelRow = &found[0];
    assert_eq!((newest.version, newest.published), (4, false));
    assert_eq!(found[3].scope, kept[0].scope);
    assert_eq!(found[3].card, kept[0].card);
    let learnt = |version| {
        store
            .read(|connection| score_model(connection, version))
            .unwrap()
    };
    assert_eq!(
        (learnt(1).as_deref(), learnt(4), learnt(9)),
        (Some("[0.1]"), None, None)
    );
}

/// Models of contacts follow each other, and never one of deals.
#[test]
fn each_event_has_a_model_of_its_own_in_force() {
    let fixture = Fixture::new();
    let store = fixture.portal(1);
    let of = |event: &str| {
        let mut model = model(None, true);
        model.scope.event = event.to_owned();
        keep(&store, &model)
    };
    let versions = ["deal_won", "contact_won", "contact_won"].map(of);
    assert_eq!(versions, [1, 2, 3]);
    for (at, version) in [(20, 1), (21, 2), (22, 3)] {
        store
            .write(|tx| choose_score_model(tx, moment(at), version, "better"))
            .unwrap();
    }
    assert_eq!(in_force(&store), [3, 1]);
    // A deal and a contact of one number are two records.
    for version in [1, 3] {
        store
            .write(|tx| add_scores(tx, version, &[score(1, 30, 0.2)]))
            .unwrap();
    }
    store
        .write(|tx| purge(tx, &ObjectType::CONTACTS, RecordId::new(1)))
        .unwrap();
    let said = |version| {
        let said = store.read(|connection| newest_scores(connection, version));
        said.unwrap().len()
    };
    assert_eq!((said(1), said(3)), (1, 0));
    assert!(std::panic::catch_unwind(|| of("ticket_closed")).is_err());
}

#[test]
fn no_model_is_changed_or_removed_and_none_is_published_without_what_it_learnt() {
    let fixture = Fixture::new();
    let store = fixture.portal(1);
    keep(&store, &model(None, true));
    for sql in [
        "UPDATE score_model SET card = '{}'",
        "DELETE FROM score_model",
    ] {
        let tried = store.write(|tx| Ok(tx.execute(sql, [])?));
        assert!(tried.is_err(), "{sql}");
    }
    let hollow = NewScoreModel {
        model: None,
        ..model(None, true)
    };
    assert!(store.write(|tx| add_score_model(tx, &hollow)).is_err());
}

fn score(record: u64, at: u64, probability: f64) -> ScoreRow {
    ScoreRow {
        record: RecordId::new(record),
        as_of: moment(at),
        scored_at: moment(at + 1),
        probability,
        percentile: 0.5,
        band: "upper".to_owned(),
        reasons: Some("[]".to_owned()),
    }
}

#[test]
fn the_newest_scores_are_told_and_older_ones_keep_their_number() {
    let fixture = Fixture::new();
    let store = fixture.portal(1);
    let version = keep(&store, &model(None, true));
    let add = |rows: &[ScoreRow]| store.write(|tx| add_scores(tx, version, rows)).unwrap();
    add(&[score(1, 30, 0.2), score(2, 30, 0.4), score(3, 30, 0.9)]);
    add(&[score(1, 40, 0.5), score(2, 40, 0.6)]);
    let newest = || {
        store
            .read(|connection| newest_scores(connection, version))
            .unwrap()
    };
    assert_eq!(newest(), [score(2, 40, 0.6), score(1, 40, 0.5)]);
    let count = |sql: &str| -> u32 {
        store
            .read(|connection| Ok(connection.query_row(sql, [], |row| row.get(0))?))
            .unwrap()
    };
    assert_eq!(count("SELECT count(*) FROM score"), 5);
    assert_eq!(count("SELECT count(*) FROM score WHERE reasons IS NULL"), 3);
    store
        .write(|tx| purge(tx, &ObjectType::DEALS, RecordId::new(2)))
        .unwrap();
    assert_eq!(newest(), [score(1, 40, 0.5)]);
    assert_eq!(count("SELECT count(*) FROM score"), 3);
    store
        .write(|tx| purge(tx, &ObjectType::COMPANIES, RecordId::new(1)))
        .unwrap();
    assert_eq!(
        count("SELECT count(*) FROM score"),
        3,
        "a company of that number is no deal"
    );
}

#[test]
fn a_suspect_is_let_in_until_that_is_taken_back() {
    let fixture = Fixture::new();
    let store = fixture.portal(1);
    let say = |at, column: &str, reason: &str| {
        store
            .write(|tx| overrule_suspect(tx, moment(at), "deal_won", column, reason))
            .unwrap();
    };
    say(1, "Amount", "known at creation");
    say(2, "Tier", "set by marketing");
    say(3, "Amount", "");
    let found = store
        .read(|connection| overruled_suspects(connection, "deal_won"))
        .unwrap();
    let found: Vec<(&str, &str)> = found
        .iter()
        .map(|(c, r)| (c.as_str(), r.as_str()))
        .collect();
    assert_eq!(found, [("Tier", "set by marketing")]);
}

#[test]
fn the_newest_choice_of_properties_is_in_force_and_older_ones_stay() {
    let fixture = Fixture::new();
    let store = fixture.portal(1);
    let chosen = |event: &str| store.read(|c| score_properties(c, event)).unwrap();
    assert_eq!(chosen("deal_won"), None);
    let tier = "companies.tier".to_owned();
    for (at, list) in [
        (10, vec![tier.clone(), "deals.region".to_owned()]),
        (11, vec![tier.clone()]),
    ] {
        store
            .write(|tx| set_score_properties(tx, moment(at), "deal_won", &list))
            .unwrap();
    }
    assert_eq!(chosen("deal_won"), Some(vec![tier]));
    assert_eq!(chosen("contact_won"), None, "each event has its own");
    store
        .write(|tx| set_score_properties(tx, moment(12), "deal_won", &[]))
        .unwrap();
    assert_eq!(chosen("deal_won"), Some(Vec::new()));
    let tried = store.write(|tx| Ok(tx.execute("UPDATE score_properties SET set_at = 1", [])?));
    assert!(tried.is_err());
}
