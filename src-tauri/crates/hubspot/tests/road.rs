//! The whole road against the simulator: connect, read everything, write, lose the connection.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on fails; helpers are not recognised as tests"
)]

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use common::{NOW, TestClock};
use crm::{Moment, ObjectType, RecordId};
use hubspot::oauth::{ConsentFollower, OwnApp, Scopes, connect};
use hubspot::write::{self, NewGroup, NewProperty, UpdateInput};
use hubspot::{
    Addresses, AssociationInput, Client, Direction, Filter, FilterGroup, Kind, ListQuery,
    OAuthTokens, Operator, Pacing, ReadQuery, Record, SearchQuery, Sort, StaticToken, StoredTokens,
    TokenSet, TokenStore, TokenStoreError,
};
use hubspot_sim::{Limits, Sim, SimOptions, WorldKind, serve};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

#[derive(Default)]
struct Memory(Mutex<Option<TokenSet>>);

impl TokenStore for Memory {
    fn load(&self) -> Result<StoredTokens, TokenStoreError> {
        self.0
            .lock()
            .unwrap()
            .clone()
            .ok_or(TokenStoreError::Absent)
    }

    fn save(&self, tokens: &TokenSet) -> Result<(), TokenStoreError> {
        *self.0.lock().unwrap() = Some(tokens.clone());
        Ok(())
    }
}

async fn sim(limits: Limits) -> Sim {
    let options = SimOptions {
        world: WorldKind::Demo,
        seed: 7,
        now: Moment::from_millis(NOW),
        deals: Some(220),
        port: 0,
        limits,
    };
    serve(options).await.unwrap()
}

fn addresses(sim: &Sim) -> Addresses {
    Addresses::loopback(&sim.address().base_url).unwrap()
}

fn with_token(sim: &Sim, pacing: Pacing) -> Client {
    let token = Arc::new(StaticToken::new(sim.address().token.as_str().into()));
    Client::new(addresses(sim), token, pacing, TestClock::at(NOW)).unwrap()
}

async fn control(sim: &Sim, path: &str, body: &Value) {
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let url = format!("{}/{path}", sim.address().control_url);
    let answer = http.post(url).json(body).send().await.unwrap();
    let status = answer.status();
    let body = answer.text().await.unwrap();
    assert!(status.is_success(), "{path}: {status} {body}");
}

/// Connects over OAuth, as the demo does.
async fn connected(sim: &Sim) -> (Client, Arc<Memory>) {
    let app = OwnApp::new(
        &sim.address().client_id,
        sim.address().client_secret.as_str().into(),
    );
    let clock = TestClock::at(NOW);
    let connection = connect(
        &app,
        &Scopes::reading().with_writing(),
        &addresses(sim),
        &ConsentFollower,
        &mut ChaCha20Rng::seed_from_u64(1),
        CancellationToken::new(),
        None,
        clock.clone(),
    )
    .await
    .unwrap();
    let asked = Scopes::reading().with_writing();
    for scope in asked.required.iter().chain(&asked.optional) {
        assert!(connection.scopes.contains(scope), "{scope}");
    }
    let store = Arc::new(Memory::default());
    store.save(&connection.tokens).unwrap();
    let portal = connection.portal.portal;
    let tokens =
        OAuthTokens::new(app, addresses(sim), portal, store.clone(), clock.clone()).unwrap();
    let client = Client::new(addresses(sim), Arc::new(tokens), common::quick(), clock).unwrap();
    (client, store)
}

async fn list_all(client: &Client, object: &ObjectType, query: ListQuery) -> Vec<Record> {
    let (mut all, mut query) = (Vec::new(), query);
    loop {
        let page = client.list(object, &query).await.unwrap();
        all.extend(page.results);
        match page.after {
            Some(after) => {
                assert_ne!(query.after.as_ref(), Some(&after), "a cursor came twice");
                query.after = Some(after);
            }
            None => return all,
        }
    }
}

fn types() -> Vec<ObjectType> {
    let mut types = vec![
        ObjectType::CONTACTS,
        ObjectType::COMPANIES,
        ObjectType::DEALS,
    ];
    types.extend(ObjectType::ACTIVITIES);
    types
}

#[tokio::test]
async fn every_type_is_listed_whole_and_in_id_order() {
    let sim = sim(Limits::Off).await;
    sim.advance(20.0);
    let client = with_token(&sim, common::quick());
    let counts = sim.counts();
    for object in types() {
        for (archived, key) in [(false, "live"), (true, "archived")] {
            let query = ListQuery {
                archived,
                ..ListQuery::default()
            };
            let all = list_all(&client, &object, query).await;
            let expected = counts[object.as_str()][key].as_u64().unwrap();
            assert_eq!(all.len() as u64, expected, "{object} {key}");
            assert!(
                all.windows(2).all(|pair| pair[0].id < pair[1].id),
                "{object} {key}"
            );
            assert!(all.iter().all(|record| record.archived == archived));
            assert!(
                all.iter()
                    .all(|record| record.archived_at.is_some() == archived)
            );
        }
    }
    let custom: Vec<ObjectType> = counts
        .as_object()
        .unwrap()
        .keys()
        .filter(|name| name.starts_with("2-"))
        .map(|name| name.parse().unwrap())
        .collect();
    for object in &custom {
        let all = list_all(&client, object, ListQuery::default()).await;
        assert_eq!(
            all.len() as u64,
            counts[object.as_str()]["live"].as_u64().unwrap()
        );
    }
    assert_eq!(client.usage().errors, 0);
}

#[tokio::test]
async fn history_ends_where_the_record_stands() {
    let sim = sim(Limits::Off).await;
    let client = with_token(&sim, common::quick());
    let tracked = ["dealstage", "amount", "closedate", "hubspot_owner_id"].map(str::to_owned);
    let query = ListQuery {
        properties: tracked.to_vec(),
        history: tracked.to_vec(),
        ..ListQuery::default()
    };
    let deals = list_all(&client, &ObjectType::DEALS, query.clone()).await;
    assert!(!deals.is_empty());
    let (mut versions, mut moves) = (0, 0);
    for deal in &deals {
        assert_eq!(deal.unreadable_versions, 0);
        for name in &tracked {
            let history = deal
                .histories
                .get(name)
                .map(Vec::as_slice)
                .unwrap_or_default();
            assert!(
                history.windows(2).all(|pair| pair[0].at <= pair[1].at),
                "{} {name}",
                deal.id
            );
            if let (Some(last), Some(value)) = (history.last(), deal.properties.get(name)) {
                assert_eq!(&last.value, value, "{} {name}", deal.id);
            }
            versions += history.len();
        }
        moves += deal.histories["dealstage"].len() - 1;
    }
    assert!(moves > deals.len(), "a pipeline in which deals move");
    // The same by batch read, which asks with POST.
    let ids: Vec<RecordId> = deals.iter().map(|deal| deal.id).take(50).collect();
    let read = ReadQuery {
        properties: query.properties,
        history: query.history,
        archived: false,
    };
    let batch = client
        .batch_read(&ObjectType::DEALS, &ids, &read)
        .await
        .unwrap();
    let by_id: BTreeMap<_, _> = batch.found.iter().map(|deal| (deal.id, deal)).collect();
    assert!(deals[..50].iter().all(|deal| by_id[&deal.id] == deal));
    assert!(versions > 0);
}

#[tokio::test]
async fn searching_finds_what_listing_finds() {
    let sim = sim(Limits::Off).await;
    let client = with_token(&sim, common::quick());
    let listed: BTreeSet<RecordId> = list_all(&client, &ObjectType::CONTACTS, ListQuery::default())
        .await
        .iter()
        .map(|record| record.id)
        .collect();
    // Keyset by id, as an incremental sync pages; the offset within one query too.
    let (mut found, mut last, mut pages) = (BTreeSet::new(), RecordId::new(0), 0);
    loop {
        let query = SearchQuery {
            groups: vec![FilterGroup {
                filters: vec![Filter::new("hs_object_id", Operator::Gt, last.to_string())],
            }],
            sort: Some(Sort {
                property: "hs_object_id".into(),
                direction: Direction::Ascending,
            }),
            properties: vec!["email".into()],
            ..SearchQuery::default()
        };
        let page = client.search(&ObjectType::CONTACTS, &query).await.unwrap();
        assert_eq!(page.total as usize, listed.len() - found.len());
        let Some(record) = page.results.last() else {
            break;
        };
        last = record.id;
        found.extend(page.results.iter().map(|record| record.id));
        pages += 1;
    }
    assert_eq!(found, listed);
    assert!(pages > 1);
    let first = client
        .search(&ObjectType::CONTACTS, &SearchQuery::default())
        .await
        .unwrap();
    let second = SearchQuery {
        after: first.after.clone(),
        ..SearchQuery::default()
    };
    let second = client.search(&ObjectType::CONTACTS, &second).await.unwrap();
    let ids = |page: &hubspot::SearchPage| {
        page.results
            .iter()
            .map(|record| record.id)
            .collect::<BTreeSet<_>>()
    };
    assert!(ids(&first).is_disjoint(&ids(&second)));
}

/// All associations between two types, following every record's own cursor.
async fn pairs(client: &Client, from: &ObjectType, to: &ObjectType) -> BTreeSet<[RecordId; 2]> {
    let records = list_all(client, from, ListQuery::default()).await;
    let mut inputs: Vec<AssociationInput> = records.iter().map(|record| record.id.into()).collect();
    let mut pairs = BTreeSet::new();
    while !inputs.is_empty() {
        let rest = inputs.split_off(inputs.len().min(1_000));
        let batch = client.associations(from, to, &inputs).await.unwrap();
        assert!(batch.failures.is_empty(), "{:?}", batch.failures);
        inputs = rest;
        for record in batch.results {
            pairs.extend(record.to.iter().map(|to| [record.from, to.to]));
            let after = record.after.map(|after| AssociationInput {
                id: record.from,
                after: Some(after),
            });
            inputs.extend(after);
        }
    }
    pairs
}

#[tokio::test]
async fn associations_read_the_same_from_both_ends() {
    let sim = sim(Limits::Off).await;
    let client = with_token(&sim, common::quick());
    let ends = [
        (ObjectType::DEALS, ObjectType::CONTACTS),
        (ObjectType::DEALS, ObjectType::COMPANIES),
        (ObjectType::CALLS, ObjectType::DEALS),
        (ObjectType::EMAILS, ObjectType::CONTACTS),
    ];
    for (from, to) in ends {
        let there = pairs(&client, &from, &to).await;
        let back = pairs(&client, &to, &from).await;
        assert!(!there.is_empty(), "{from} {to}");
        assert_eq!(
            there,
            back.iter().map(|[a, b]| [*b, *a]).collect(),
            "{from} {to}"
        );
        let labels = client.association_labels(&from, &to).await.unwrap();
        assert!(!labels.is_empty(), "{from} {to}");
    }
}

#[tokio::test]
async fn definitions_pipelines_owners_and_the_account_are_read() {
    let sim = sim(Limits::Off).await;
    let client = with_token(&sim, common::quick());
    let account = client.account().await.unwrap();
    assert!(account.time_zone.is_some() && account.company_currency.is_some());
    assert!(
        !account.additional_currencies.is_empty(),
        "the demo sells in two currencies"
    );
    let deals = &ObjectType::DEALS;
    let properties = client.properties(deals).await.unwrap();
    let groups = client.property_groups(deals).await.unwrap();
    let names: BTreeSet<_> = groups.iter().map(|group| group.name.as_str()).collect();
    let amount = properties
        .iter()
        .find(|property| property.name == "amount")
        .unwrap();
    assert_eq!(
        (amount.kind.as_str(), amount.is_writable()),
        ("number", true)
    );
    for property in &properties {
        let group = property.group.as_deref().unwrap_or_default();
        assert!(names.contains(group), "{} in {group}", property.name);
    }
    let pipelines = client.pipelines(deals).await.unwrap();
    assert_eq!(pipelines.len(), 2);
    let stages: BTreeSet<_> = pipelines
        .iter()
        .flat_map(|pipeline| &pipeline.stages)
        .map(|stage| {
            assert!(stage.probability().is_some(), "{}", stage.id);
            stage.id.as_str().to_owned()
        })
        .collect();
    let query = ListQuery {
        properties: vec!["dealstage".into()],
        ..ListQuery::default()
    };
    for deal in list_all(&client, deals, query).await {
        let stage = deal.properties["dealstage"].text().unwrap_or_default();
        assert!(stages.contains(stage), "{} in {stage}", deal.id);
    }
    let counts = sim.counts();
    for (archived, key) in [(false, "live"), (true, "archived")] {
        let (mut owners, mut after) = (0, None);
        loop {
            let page = client.owners(archived, after.as_deref()).await.unwrap();
            assert!(page.results.iter().all(|owner| owner.archived == archived));
            owners += page.results.len() as u64;
            after = page.after;
            if after.is_none() {
                break;
            }
        }
        assert_eq!(owners, counts["owners"][key].as_u64().unwrap(), "{key}");
    }
}

fn score(value: &str) -> BTreeMap<String, String> {
    [("plumbline_test".to_owned(), value.to_owned())].into()
}

#[tokio::test]
async fn connecting_writing_and_losing_the_connection() {
    let sim = sim(Limits::Off).await;
    let (client, store) = connected(&sim).await;
    let deals = &ObjectType::DEALS;

    let group = NewGroup {
        name: "plumbline".into(),
        label: "Plumbline".into(),
        display_order: -1,
    };
    let property = NewProperty {
        name: "plumbline_test".into(),
        label: "Win probability".into(),
        group: group.name.clone(),
        kind: "number".into(),
        field_type: "number".into(),
        description: "Written by Plumbline.".into(),
        number_display_hint: Some("unformatted".into()),
        form_field: false,
        hidden: false,
        has_unique_value: false,
        display_order: -1,
        options: Vec::new(),
    };
    assert_eq!(
        write::create_group(&client, deals, &group)
            .await
            .unwrap()
            .name,
        "plumbline"
    );
    let made = write::create_property(&client, deals, &property)
        .await
        .unwrap();
    assert_eq!((made.kind.as_str(), made.is_writable()), ("number", true));
    let again = write::create_property(&client, deals, &property)
        .await
        .unwrap_err();
    assert_eq!(again.kind(), Kind::Conflict);

    let page = client
        .list(
            deals,
            &ListQuery {
                limit: Some(3),
                ..ListQuery::default()
            },
        )
        .await;
    let mut ids: Vec<RecordId> = page.unwrap().results.iter().map(|deal| deal.id).collect();
    let nobody = RecordId::new(999_999_999_999);
    ids.push(nobody);
    let inputs: Vec<UpdateInput> = ids
        .iter()
        .map(|id| UpdateInput {
            id: *id,
            object_write_trace_id: Some(format!("t-{id}")),
            properties: score("0.25"),
        })
        .collect();
    let answer = write::batch_update(&client, deals, &inputs).await.unwrap();
    let updated: BTreeSet<_> = answer.updated.iter().map(|record| record.id).collect();
    assert_eq!(updated, ids[..3].iter().copied().collect());
    assert_eq!(answer.failed.keys().copied().collect::<Vec<_>>(), [nobody]);
    assert!(answer.unmentioned.is_empty() && answer.unattributed.is_empty());
    let read = ReadQuery {
        properties: vec!["plumbline_test".into()],
        ..ReadQuery::default()
    };
    let back = client.batch_read(deals, &ids, &read).await.unwrap();
    assert_eq!(back.missing, [nobody]);
    assert!(
        back.found
            .iter()
            .all(|deal| deal.properties["plumbline_test"].text() == Some("0.25"))
    );
    let refused = UpdateInput {
        id: ids[0],
        object_write_trace_id: None,
        properties: score("not a number"),
    };
    let refused = write::batch_update(&client, deals, &[refused]).await;
    match refused {
        Err(error) => assert_eq!(error.kind(), Kind::Validation),
        Ok(answer) => assert!(answer.updated.is_empty(), "{answer:?}"),
    }

    // Every access token ends: one 401, one renewal, and the call goes through.
    control(&sim, "oauth", &json!({ "rotates": true })).await;
    control(&sim, "expire", &json!({})).await;
    let before = store.load().unwrap();
    client.account().await.unwrap();
    let after = store.load().unwrap();
    let secret = |tokens: &TokenSet| {
        use secrecy::ExposeSecret;
        (
            tokens.access.expose_secret().to_owned(),
            tokens.refresh.expose_secret().to_owned(),
        )
    };
    assert_ne!(secret(&before).0, secret(&after).0);
    assert_ne!(
        secret(&before).1,
        secret(&after).1,
        "a rotated refresh token is the one kept"
    );

    // The app is uninstalled: that, and nothing less, disconnects.
    control(&sim, "expire", &json!({})).await;
    control(&sim, "revoke", &json!({})).await;
    assert_eq!(
        client.account().await.unwrap_err().kind(),
        Kind::Disconnected
    );
}

#[tokio::test]
async fn real_limits_are_never_run_into() {
    let sim = sim(Limits::Real).await;
    let client = with_token(&sim, Pacing::static_token(3));
    let mut calls = tokio::task::JoinSet::new();
    for number in 0..60 {
        let client = client.clone();
        calls.spawn(async move {
            if number % 6 == 0 {
                client
                    .search(&ObjectType::DEALS, &SearchQuery::default())
                    .await
                    .map(|_| ())
            } else {
                client
                    .list(&ObjectType::DEALS, &ListQuery::default())
                    .await
                    .map(|_| ())
            }
        });
    }
    for outcome in calls.join_all().await {
        outcome.unwrap();
    }
    let usage = client.usage();
    assert_eq!((usage.calls, usage.rate_limited, usage.errors), (60, 0, 0));
    let burst = usage.burst.unwrap();
    assert!(
        burst.limit > u64::from(hubspot::limits::STATIC_BURST),
        "the header was followed"
    );
}

#[tokio::test]
async fn faults_on_the_way_change_nothing_in_the_end() {
    let sim = sim(Limits::Off).await;
    let client = with_token(&sim, common::quick());
    let query = || ListQuery {
        properties: vec!["dealname".into()],
        ..ListQuery::default()
    };
    let calm = list_all(&client, &ObjectType::DEALS, query()).await;
    for fault in [
        json!({ "contains": "/deals", "nth": 1, "times": 1, "status": 520, "body": "<html>" }),
        json!({ "contains": "/deals", "nth": 2, "times": 2, "status": 500 }),
        json!({ "contains": "/deals", "nth": 3, "times": 1, "cut": true }),
        json!({ "contains": "/deals", "nth": 4, "times": 1, "truncate": 100 }),
        json!({ "contains": "/deals", "nth": 5, "times": 1, "status": 429, "retryAfter": 1,
                "body": { "policyName": "TEN_SECONDLY_ROLLING", "status": "error" } }),
    ] {
        control(&sim, "faults", &fault).await;
    }
    let stormy = list_all(&client, &ObjectType::DEALS, query()).await;
    assert_eq!(stormy, calm);
    assert!(client.usage().errors >= 4, "{:?}", client.usage());
}
