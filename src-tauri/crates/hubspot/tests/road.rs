//! The road against the simulator: connect, write, lose the connection; limits and faults.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on fails; helpers are not recognised as tests"
)]

mod simulated;
mod small_hubspot;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use crm::{ObjectType, RecordId};
use hubspot::oauth::{ConsentFollower, OwnApp, Scopes, connect};
use hubspot::write::{self, NewGroup, NewProperty, UpdateInput};
use hubspot::{
    Client, Kind, ListQuery, OAuthTokens, Pacing, ReadQuery, SearchQuery, StoredTokens, TokenSet,
    TokenStore, TokenStoreError,
};
use hubspot_sim::{Limits, Sim};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;
use serde_json::json;
use simulated::{addresses, control, list_all, sim, with_token};
use small_hubspot::{NOW, TestClock};
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
    let client = Client::new(
        addresses(sim),
        Arc::new(tokens),
        small_hubspot::quick(),
        clock,
    )
    .unwrap();
    (client, store)
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
    let updated: BTreeSet<_> = answer.done.keys().copied().collect();
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
        Ok(answer) => assert!(answer.done.is_empty(), "{answer:?}"),
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
                    .search(&ObjectType::DEALS, &SearchQuery::all())
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
    let client = with_token(&sim, small_hubspot::quick());
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
