//! The client against a small HubSpot that misbehaves on demand.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on fails; helpers are not recognised as tests"
)]

mod common;

use std::sync::Arc;
use std::time::Duration;

use common::{NOW, Reply, Server, TOKEN, TestClock, quick, reply};
use crm::{ObjectType, RecordId};
use hubspot::write::{self, NewProperty, UpdateInput};
use hubspot::{
    API_VERSION, AssociationInput, BoxFuture, Client, Error, Filter, FilterGroup, Kind, ListQuery,
    Operator, Pacing, ReadQuery, SearchQuery, TokenSource, limits,
};
use secrecy::{ExposeSecret, SecretString};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

const EMPTY: &str = r#"{"results":[]}"#;

fn ids(numbers: std::ops::RangeInclusive<u64>) -> Vec<RecordId> {
    numbers.map(RecordId::new).collect()
}

fn update(id: u64) -> UpdateInput {
    UpdateInput {
        id: RecordId::new(id),
        object_write_trace_id: Some(format!("run-{id}")),
        properties: [("score".to_owned(), "0.5".to_owned())].into(),
    }
}

async fn list(client: &Client) -> Result<usize, Error> {
    let page = client
        .list(&ObjectType::DEALS, &ListQuery::default())
        .await?;
    Ok(page.results.len())
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
    client.search(deals, &SearchQuery::default()).await.unwrap();
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
    let filter = Filter::new("amount", Operator::Gt, "1");
    let groups = |groups: usize, filters: usize| SearchQuery {
        groups: vec![
            FilterGroup {
                filters: vec![filter.clone(); filters]
            };
            groups
        ],
        ..SearchQuery::default()
    };
    refused(client.search(deals, &groups(6, 1)).await);
    refused(client.search(deals, &groups(1, 7)).await);
    refused(client.search(deals, &groups(4, 5)).await);
    let beyond = SearchQuery {
        after: Some("10000".into()),
        ..SearchQuery::default()
    };
    refused(client.search(deals, &beyond).await);
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

/// Tokens `t0`, `t1`, …: each renewal gives the next.
#[derive(Default)]
struct Renewing(std::sync::atomic::AtomicUsize);

impl Renewing {
    fn current(&self) -> SecretString {
        format!("t{}", self.0.load(std::sync::atomic::Ordering::SeqCst)).into()
    }
}

impl TokenSource for Renewing {
    fn bearer<'a>(&'a self) -> BoxFuture<'a, Result<SecretString, Error>> {
        Box::pin(async { Ok(self.current()) })
    }

    fn renew<'a>(
        &'a self,
        rejected: &'a SecretString,
    ) -> BoxFuture<'a, Result<SecretString, Error>> {
        assert_eq!(rejected.expose_secret(), self.current().expose_secret());
        self.0.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        Box::pin(async { Ok(self.current()) })
    }
}

const EXPIRED: &str = r#"{"status":"error","category":"EXPIRED_AUTHENTICATION","correlationId":"c-401",
    "message":"The OAuth token used to make this call expired 7 second(s) ago."}"#;

#[tokio::test]
async fn a_401_renews_once_and_replays_even_a_write() {
    let server = Server::scripted(vec![reply(401, EXPIRED), reply(200, EMPTY)]).await;
    let tokens = Arc::new(Renewing::default());
    let client = Client::new(
        server.addresses.clone(),
        tokens,
        quick(),
        TestClock::at(NOW),
    )
    .unwrap();
    write::batch_update(&client, &ObjectType::DEALS, &[update(1)])
        .await
        .unwrap();
    let bearers: Vec<_> = server.seen().iter().map(common::Seen::bearer).collect();
    assert_eq!(bearers, ["t0", "t1"]);
}

#[tokio::test]
async fn a_second_401_is_the_end() {
    let server = Server::scripted(vec![reply(401, EXPIRED)]).await;
    let tokens = Arc::new(Renewing::default());
    let client = Client::new(
        server.addresses.clone(),
        tokens,
        quick(),
        TestClock::at(NOW),
    )
    .unwrap();
    let error = list(&client).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Reauth);
    assert_eq!(server.seen().len(), 2);
}

#[tokio::test]
async fn a_static_token_gives_the_401_itself() {
    let server = Server::scripted(vec![reply(401, EXPIRED)]).await;
    let error = list(&server.client()).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Reauth);
    assert_eq!(
        error.origin().category.as_deref(),
        Some("EXPIRED_AUTHENTICATION")
    );
    assert_eq!(error.origin().correlation_id.as_deref(), Some("c-401"));
    assert_eq!(error.origin().route, Some("/crm/objects/{v}/{type}"));
    assert_eq!(server.seen().len(), 1);
}

#[tokio::test]
async fn what_passes_by_itself_is_repeated() {
    let limit = r#"{"policyName":"TEN_SECONDLY_ROLLING"}"#;
    let page = reply(
        520,
        "<html><h1>Web server is returning an unknown error</h1>",
    );
    let server = Server::scripted(vec![
        reply(200, ""),
        reply(500, ""),
        reply(429, limit),
        page.with("content-type", "text/html"),
        reply(423, "{}"),
        reply(200, r#"{"results":[{"id":"1"}]}"#),
    ])
    .await;
    let client = server.client();
    assert_eq!(list(&client).await.unwrap(), 1);
    let usage = client.usage();
    assert_eq!(
        (usage.calls, usage.repeats, usage.errors, usage.rate_limited),
        (6, 5, 5, 1)
    );
}

#[tokio::test]
async fn repeats_end() {
    let server = Server::scripted(vec![reply(503, "")]).await;
    let error = list(&server.client()).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Unavailable { retry_after: None });
    assert!(error.is_transient());
    assert_eq!(server.seen().len(), 1 + limits::REPEATS as usize);
}

#[tokio::test]
async fn what_is_somebodys_to_mend_is_not_repeated() {
    for (status, kind) in [
        (400, Kind::Validation),
        (403, Kind::Forbidden),
        (404, Kind::NotFound),
        (409, Kind::Conflict),
        (414, Kind::TooLong),
        (477, Kind::Moving { retry_after: None }),
    ] {
        let server = Server::scripted(vec![reply(status, "{}")]).await;
        assert_eq!(list(&server.client()).await.unwrap_err().kind(), kind);
        assert_eq!(server.seen().len(), 1, "{status}");
    }
}

#[tokio::test]
async fn a_long_wait_is_left_to_the_caller() {
    let server = Server::scripted(vec![
        reply(503, "").with("retry-after", "7200"),
        reply(200, EMPTY),
    ])
    .await;
    let error = list(&server.client()).await.unwrap_err();
    assert_eq!(error.retry_after(), Some(Duration::from_secs(7_200)));
    assert_eq!(server.seen().len(), 1);
}

#[tokio::test]
async fn a_write_is_not_repeated_when_it_may_have_happened() {
    for status in [500, 502, 504, 524] {
        let server = Server::scripted(vec![reply(status, ""), reply(200, EMPTY)]).await;
        let outcome = write::batch_update(&server.client(), &ObjectType::DEALS, &[update(1)]).await;
        assert!(outcome.unwrap_err().outcome_is_unknown(), "{status}");
        assert_eq!(server.seen().len(), 1, "{status}");
    }
    let server = Server::scripted(vec![reply(200, "<html>"), reply(200, EMPTY)]).await;
    let outcome = write::batch_update(&server.client(), &ObjectType::DEALS, &[update(1)]).await;
    let error = outcome.unwrap_err();
    assert_eq!(error.kind(), Kind::Malformed);
    assert!(error.outcome_is_unknown());
    assert_eq!(server.seen().len(), 1);
}

#[tokio::test]
async fn a_write_is_repeated_when_hubspot_says_it_did_nothing() {
    let limit = r#"{"policyName":"SECONDLY"}"#;
    let done = r#"{"status":"COMPLETE","results":[{"id":"1"}]}"#;
    let server =
        Server::scripted(vec![reply(429, limit), reply(423, "{}"), reply(200, done)]).await;
    let answer = write::batch_update(&server.client(), &ObjectType::DEALS, &[update(1)])
        .await
        .unwrap();
    assert_eq!(answer.updated.len(), 1);
    assert!(answer.unmentioned.is_empty());
    assert_eq!(server.seen().len(), 3);
}

#[tokio::test]
async fn a_refused_write_is_known_to_have_failed() {
    for status in [400, 403, 404, 409, 414] {
        let server = Server::scripted(vec![reply(status, "{}")]).await;
        let outcome = write::batch_update(&server.client(), &ObjectType::DEALS, &[update(1)]).await;
        assert!(!outcome.unwrap_err().outcome_is_unknown(), "{status}");
    }
}

#[tokio::test]
async fn a_spent_day_is_not_asked_again_before_the_portals_midnight() {
    // 08:00 UTC is 09:00 in Berlin: 15 hours to midnight there, 16 in London.
    let daily = reply(429, r#"{"policyName":"DAILY"}"#);
    let account = reply(200, r#"{"portalId":1,"timeZone":"Europe/Berlin"}"#);
    let server = Server::scripted(vec![account, daily, reply(200, EMPTY)]).await;
    let clock = TestClock::at(NOW);
    let tokens = Arc::new(Renewing::default());
    let client = Client::new(server.addresses.clone(), tokens, quick(), clock.clone()).unwrap();
    client.account().await.unwrap();
    assert_eq!(list(&client).await.unwrap_err().kind(), Kind::DailyLimit);
    clock.advance(Duration::from_secs(15 * 3600 - 1));
    assert_eq!(list(&client).await.unwrap_err().kind(), Kind::DailyLimit);
    assert_eq!(server.seen().len(), 2, "the second refusal is ours");
    clock.advance(Duration::from_secs(1));
    list(&client).await.unwrap();
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
async fn a_cut_connection_is_tried_again() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let server = tokio::spawn(async move {
        for whole in [false, true] {
            let (mut socket, _) = listener.accept().await.unwrap();
            let mut head = [0_u8; 4096];
            let _ = socket.read(&mut head).await.unwrap();
            let body = if whole { EMPTY } else { &EMPTY[..5] };
            let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", EMPTY.len());
            socket.write_all(head.as_bytes()).await.unwrap();
            socket.write_all(body.as_bytes()).await.unwrap();
        }
    });
    let addresses = hubspot::Addresses::loopback(&base).unwrap();
    let tokens = Arc::new(Renewing::default());
    let client = Client::new(addresses, tokens, quick(), TestClock::at(NOW)).unwrap();
    assert_eq!(list(&client).await.unwrap(), 0);
    server.await.unwrap();
    // Nobody listens any more: that is the network's error, and a write has certainly not happened.
    let error = write::batch_update(&client, &ObjectType::DEALS, &[update(1)])
        .await
        .unwrap_err();
    assert_eq!(error.kind(), Kind::Network);
}

#[tokio::test]
async fn no_answer_in_time_ends() {
    let server = Server::start_slow(|_, _| Box::pin(std::future::pending::<Reply>())).await;
    let client = server.client_with(Pacing {
        deadline: Duration::from_millis(50),
        ..quick()
    });
    assert_eq!(list(&client).await.unwrap_err().kind(), Kind::Timeout);
}

#[tokio::test]
async fn searches_go_one_at_a_time_and_others_do_not_wait_for_them() {
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
                .search(&ObjectType::DEALS, &SearchQuery::default())
                .await
                .unwrap();
        });
    }
    searches.join_all().await;
    assert_eq!(server.most_at_once(), 1);
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
        .search(&ObjectType::DEALS, &SearchQuery::default())
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

#[tokio::test]
async fn giving_up_while_waiting_leaves_nothing_behind() {
    let limit = reply(429, r#"{"policyName":"TEN_SECONDLY_ROLLING"}"#);
    let server = Server::scripted(vec![limit, reply(200, EMPTY)]).await;
    let patient = Pacing {
        second: Duration::from_secs(10),
        ..quick()
    };
    let client = server.client_with(patient);
    let given_up = tokio::time::timeout(Duration::from_millis(300), list(&client)).await;
    assert!(given_up.is_err());
    assert_eq!(server.seen().len(), 1);
}
