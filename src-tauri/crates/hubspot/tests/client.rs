//! The client against a small HubSpot that misbehaves on demand.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on fails; helpers are not recognised as tests"
)]

mod small_hubspot;

use std::sync::Arc;

use crm::{ObjectType, RecordId};
use hubspot::write::{self, NewProperty};
use hubspot::{
    API_VERSION, AssociationInput, Client, Error, Kind, ListQuery, ReadQuery, SearchQuery, limits,
};
use small_hubspot::{EMPTY, NOW, Server, TOKEN, TestClock, list, quick, reply, update};

fn ids(numbers: std::ops::RangeInclusive<u64>) -> Vec<RecordId> {
    numbers.map(RecordId::new).collect()
}

#[tokio::test]
async fn each_call_goes_where_hubspot_documents_it() {
    let server = Server::start(|seen, _| match seen.path.as_str() {
        path if path.starts_with("/account-info") => reply(200, r#"{"portalId":4242}"#),
        path if path == format!("/crm/properties/{API_VERSION}/deals") && seen.method == "POST" => {
            reply(201, r#"{"name":"x"}"#)
        }
        _ => reply(200, EMPTY),
    })
    .await;
    let client = server.client();
    let (deals, contacts) = (&ObjectType::DEALS, &ObjectType::CONTACTS);
    let custom: ObjectType = "2-345".parse().unwrap();
    client.account().await.unwrap();
    client.list(&custom, &ListQuery::default()).await.unwrap();
    client
        .batch_read(deals, &ids(1..=2), &ReadQuery::default())
        .await
        .unwrap();
    client.search(deals, &SearchQuery::all()).await.unwrap();
    client
        .associations(deals, contacts, &[RecordId::new(1).into()])
        .await
        .unwrap();
    client.association_labels(deals, contacts).await.unwrap();
    client.properties(deals).await.unwrap();
    client.property_groups(deals).await.unwrap();
    client.pipelines(deals).await.unwrap();
    client.owners(true, Some("41")).await.unwrap();
    write::batch_update(&client, deals, &[update(1)])
        .await
        .unwrap();
    let property = NewProperty {
        name: "x".into(),
        label: "X".into(),
        group: "g".into(),
        kind: "number".into(),
        field_type: "number".into(),
        description: String::new(),
        number_display_hint: Some("unformatted".into()),
        form_field: false,
        hidden: false,
        has_unique_value: false,
        display_order: -1,
        options: Vec::new(),
    };
    write::create_property(&client, deals, &property)
        .await
        .unwrap();

    let calls: Vec<String> = server
        .seen()
        .iter()
        .map(|seen| format!("{} {}", seen.method, seen.path.replace(API_VERSION, "{v}")))
        .collect();
    assert_eq!(
        calls,
        [
            "GET /account-info/{v}/details",
            "GET /crm/objects/{v}/2-345",
            "POST /crm/objects/{v}/deals/batch/read",
            "POST /crm/objects/{v}/deals/search",
            "POST /crm/associations/{v}/deals/contacts/batch/read",
            "GET /crm/associations/{v}/deals/contacts/labels",
            "GET /crm/properties/{v}/deals",
            "GET /crm/properties/{v}/deals/groups",
            "GET /crm/pipelines/{v}/deals",
            "GET /crm/owners/{v}",
            "POST /crm/objects/{v}/deals/batch/update",
            "POST /crm/properties/{v}/deals",
        ]
    );
    let seen = server.seen();
    assert!(seen.iter().all(|seen| seen.bearer() == TOKEN));
    assert!(seen.iter().all(|seen| !seen.query.contains(TOKEN)));
    assert_eq!(seen[9].query, "limit=100&after=41&archived=true");
    assert_eq!(
        seen[2].json()["inputs"],
        serde_json::json!([{ "id": "1" }, { "id": "2" }])
    );
    let update = &seen[10].json()["inputs"][0];
    assert_eq!(update["id"], "1");
    assert_eq!(update["objectWriteTraceId"], "run-1");
    assert_eq!(update["properties"]["score"], "0.5");
    let created = seen[11].json();
    assert_eq!(
        (&created["groupName"], &created["type"]),
        (&"g".into(), &"number".into())
    );
    assert_eq!(client.usage().calls, 12);
    assert_eq!(client.usage().errors, 0);
}

#[tokio::test]
async fn a_list_asks_for_pages_as_long_as_allowed() {
    let server = Server::scripted(vec![reply(200, EMPTY)]).await;
    let client = server.client();
    let query = ListQuery {
        properties: vec!["amount".into(), "dealstage".into()],
        history: vec!["dealstage".into()],
        archived: true,
        limit: Some(500),
        after: Some("513".into()),
    };
    client.list(&ObjectType::DEALS, &query).await.unwrap();
    let without_history = ListQuery {
        history: Vec::new(),
        ..query
    };
    client
        .list(&ObjectType::DEALS, &without_history)
        .await
        .unwrap();
    let seen = server.seen();
    let expected =
        "after=513&properties=amount%2Cdealstage&propertiesWithHistory=dealstage&archived=true";
    assert_eq!(seen[0].query, format!("limit=50&{expected}"));
    assert!(seen[1].query.starts_with("limit=100&"));
}

#[tokio::test]
async fn documented_limits_are_kept_without_a_call() {
    #[track_caller]
    fn refused<T: std::fmt::Debug>(outcome: Result<T, Error>) {
        assert!(matches!(
            outcome.unwrap_err().kind(),
            Kind::InvalidRequest(_)
        ));
    }
    let server = Server::scripted(vec![reply(200, EMPTY)]).await;
    let client = server.client();
    let deals = &ObjectType::DEALS;
    let history = ReadQuery {
        history: vec!["dealstage".into()],
        ..ReadQuery::default()
    };
    refused(
        client
            .batch_read(deals, &ids(1..=101), &ReadQuery::default())
            .await,
    );
    refused(client.batch_read(deals, &ids(1..=51), &history).await);
    let inputs: Vec<AssociationInput> = ids(1..=1_001).into_iter().map(Into::into).collect();
    refused(
        client
            .associations(deals, &ObjectType::CONTACTS, &inputs)
            .await,
    );
    let updates: Vec<_> = (1..=101).map(update).collect();
    refused(write::batch_update(&client, deals, &updates).await);
    refused(write::batch_update(&client, deals, &[update(7), update(8), update(7)]).await);
    assert!(server.seen().is_empty());
    // What is empty needs no call either, and ids given twice are asked for once.
    client
        .batch_read(deals, &[], &ReadQuery::default())
        .await
        .unwrap();
    write::batch_update(&client, deals, &[]).await.unwrap();
    assert!(server.seen().is_empty());
    let twice = [ids(1..=60), ids(1..=60)].concat();
    client
        .batch_read(deals, &twice, &ReadQuery::default())
        .await
        .unwrap();
    assert_eq!(
        server.seen()[0].json()["inputs"].as_array().unwrap().len(),
        60
    );
}

#[tokio::test]
async fn redirects_are_not_followed() {
    let elsewhere = Server::scripted(vec![reply(200, EMPTY)]).await;
    let target = elsewhere.addresses.api.to_string();
    let server = Server::scripted(vec![reply(307, "").with("location", target)]).await;
    assert_eq!(
        list(&server.client()).await.unwrap_err().kind(),
        Kind::Malformed
    );
    assert!(elsewhere.seen().is_empty(), "the token stays home");
}

#[tokio::test]
async fn an_endless_answer_is_cut() {
    let long = vec![b' '; limits::ANSWER_BYTES + 1];
    let server = Server::scripted(vec![reply(200, long)]).await;
    let error = list(&server.client()).await.unwrap_err();
    assert_eq!(error.kind(), Kind::AnswerTooLarge);
    assert_eq!(error.origin().http, Some(200));
}

#[tokio::test]
async fn few_searches_go_at_once() {
    let server = Server::start_slow(|seen, _| {
        Box::pin(async move {
            // A few turns of the scheduler, in which a second search would come in.
            for _ in 0..50 {
                tokio::task::yield_now().await;
            }
            drop(seen);
            reply(200, EMPTY)
        })
    })
    .await;
    let client = server.client();
    let mut searches = tokio::task::JoinSet::new();
    for _ in 0..12 {
        let client = client.clone();
        searches.spawn(async move {
            client
                .search(&ObjectType::DEALS, &SearchQuery::all())
                .await
                .unwrap();
        });
    }
    searches.join_all().await;
    let most = server.most_at_once();
    assert!((1..=limits::SEARCHES_AT_ONCE).contains(&most), "{most}");
    assert_eq!(server.seen().len(), 12);
}

#[tokio::test]
async fn budgets_are_read_from_headers_but_not_from_searches() {
    let budget = |max: &str, left: &str| {
        reply(200, EMPTY)
            .with("x-hubspot-ratelimit-max", max)
            .with("x-hubspot-ratelimit-remaining", left)
            .with("x-hubspot-ratelimit-interval-milliseconds", "10000")
            .with("x-hubspot-ratelimit-daily", "250000")
            .with("x-hubspot-ratelimit-daily-remaining", "249000")
    };
    let server = Server::scripted(vec![budget("5", "1"), budget("190", "188")]).await;
    let client = server.client();
    client
        .search(&ObjectType::DEALS, &SearchQuery::all())
        .await
        .unwrap();
    assert_eq!(client.usage().burst, None);
    list(&client).await.unwrap();
    let usage = client.usage();
    let (burst, daily) = (usage.burst.unwrap(), usage.daily.unwrap());
    assert_eq!(
        (burst.limit, burst.remaining, burst.interval.as_secs()),
        (190, 188, 10)
    );
    assert_eq!((daily.limit, daily.remaining), (250_000, 249_000));
}

#[tokio::test]
async fn errors_show_neither_token_nor_words() {
    let body = r#"{"message":"Ana Ruiz <ana@acme.test> pat-test-canary-token","category":"VALIDATION_ERROR"}"#;
    for status in [400, 401, 403, 404, 409, 429, 500] {
        let server = Server::scripted(vec![reply(status, body)]).await;
        let error = list(&server.client()).await.unwrap_err();
        for shown in [
            error.to_string(),
            format!("{error:?}"),
            format!("{error:#?}"),
        ] {
            for secret in ["Ana", "acme", "canary"] {
                assert!(!shown.contains(secret), "{shown}");
            }
            assert!(shown.contains(&status.to_string()));
        }
    }
}

#[tokio::test]
async fn a_token_that_is_none_is_not_sent() {
    let server = Server::scripted(vec![reply(200, EMPTY)]).await;
    let token = Arc::new(hubspot::StaticToken::new("two\nlines".into()));
    let client = Client::new(server.addresses.clone(), token, quick(), TestClock::at(NOW)).unwrap();
    assert!(matches!(
        list(&client).await.unwrap_err().kind(),
        Kind::InvalidRequest(_)
    ));
    assert!(server.seen().is_empty());
}
