//! Pages as streams: whole, one at a time, and with an end.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on fails; helpers are not recognised as tests"
)]

mod simulated;
mod small_hubspot;

use std::pin::pin;

use crm::{ObjectType, RecordId};
use futures_util::{Stream, StreamExt};
use hubspot::{Error, Filter, FilterGroup, Kind, ListQuery, Operator, Record, SearchQuery, Sort};
use hubspot_sim::Limits;
use serde_json::json;
use small_hubspot::{Reply, Server, reply};

const DEALS: ObjectType = ObjectType::DEALS;

/// A page with these ids and this cursor.
fn page(ids: &[u64], after: Option<&str>) -> Reply {
    let results: Vec<_> = ids
        .iter()
        .map(|id| json!({ "id": id.to_string() }))
        .collect();
    let mut body = json!({ "results": results, "total": 12_000 });
    if let Some(after) = after {
        body["paging"] = json!({ "next": { "after": after } });
    }
    reply(200, body.to_string())
}

/// The ids of a stream to its end, and the error it ended with.
async fn drain(stream: impl Stream<Item = Result<Record, Error>>) -> (Vec<u64>, Option<Kind>) {
    let mut stream = pin!(stream);
    let mut ids = Vec::new();
    while let Some(item) = stream.next().await {
        match item {
            Ok(record) => ids.push(record.id.get()),
            Err(error) => {
                assert!(stream.next().await.is_none(), "nothing follows an error");
                return (ids, Some(error.kind()));
            }
        }
    }
    (ids, None)
}

/// The same pages as a list and as a search, which must be read alike.
async fn check(pages: Vec<Reply>, calls: usize, ids: &[u64], end: Option<Kind>) {
    let server = Server::scripted(pages.clone()).await;
    let listed = drain(server.client().list_all(&DEALS, ListQuery::default())).await;
    assert_eq!((listed.0.as_slice(), listed.1), (ids, end), "list");
    assert_eq!(server.seen().len(), calls);
    let server = Server::scripted(pages).await;
    let found = drain(server.client().search_all(&DEALS, SearchQuery::all())).await;
    assert_eq!((found.0.as_slice(), found.1), (ids, end), "search");
    assert_eq!(server.seen().len(), calls);
}

#[tokio::test]
async fn pages_are_followed_to_their_end_and_no_further() {
    let endless = Some(Kind::EndlessPages);
    check(vec![page(&[1, 2], None)], 1, &[1, 2], None).await;
    check(vec![page(&[], None)], 1, &[], None).await;
    // Short and empty pages with a cursor are pages like others.
    let short = vec![
        page(&[1], Some("10")),
        page(&[], Some("20")),
        page(&[3], None),
    ];
    check(short, 3, &[1, 3], None).await;
    // A cursor that comes again, at once or later.
    check(vec![page(&[1], Some("10"))], 2, &[1], endless).await;
    let circle = vec![
        page(&[1], Some("10")),
        page(&[2], Some("20")),
        page(&[3], Some("10")),
    ];
    check(circle, 3, &[1, 2], endless).await;
    // Empty pages, one after another.
    let empty = (1..9).map(|n| page(&[], Some(&n.to_string()))).collect();
    check(empty, 4, &[], endless).await;
    let refused = vec![page(&[1], Some("10")), reply(403, "{}")];
    check(refused, 2, &[1], Some(Kind::Forbidden)).await;
}

#[tokio::test]
async fn a_page_is_asked_for_when_it_is_wanted() {
    let server = Server::scripted(vec![page(&[1, 2], Some("10")), page(&[3], None)]).await;
    let mut stream = pin!(server.client().list_all(&DEALS, ListQuery::default()));
    assert!(
        server.seen().is_empty(),
        "a stream nobody asks does nothing"
    );
    for (calls, id) in [(1, 1), (1, 2), (2, 3)] {
        let record = stream.next().await.unwrap().unwrap();
        assert_eq!((server.seen().len(), record.id.get()), (calls, id));
    }
    assert!(stream.next().await.is_none());
    assert_eq!(server.seen().len(), 2);
}

#[tokio::test]
async fn a_list_starts_where_it_is_told() {
    let server = Server::scripted(vec![page(&[7], Some("7"))]).await;
    let query = ListQuery {
        after: Some("7".into()),
        ..ListQuery::default()
    };
    let (ids, end) = drain(server.client().list_all(&DEALS, query)).await;
    assert_eq!((ids, end), (vec![], Some(Kind::EndlessPages)));
    assert!(server.seen()[0].query.contains("after=7"));
}

#[tokio::test]
async fn a_search_says_where_hubspot_stops() {
    let last = vec![
        page(&[1], Some("9900")),
        page(&[2], Some("10000")),
        page(&[3], None),
    ];
    let server = Server::scripted(last).await;
    let (ids, end) = drain(server.client().search_all(&DEALS, SearchQuery::all())).await;
    assert_eq!((ids, end), (vec![1, 2], Some(Kind::TooLong)));
    assert_eq!(
        server.seen()[1].json()["limit"],
        100,
        "not beyond the last result"
    );
}

#[tokio::test]
async fn owners_lists_members_and_associations_stream_too() {
    let entry = json!({ "id": "5", "listId": "5", "recordId": "5", "toObjectId": "5" });
    let answer = json!({ "results": [entry], "lists": [entry] });
    let server = Server::scripted(vec![reply(200, answer.to_string())]).await;
    let client = server.client();
    let owners: Vec<_> = client.all_owners(true).collect().await;
    assert_eq!(owners[0].as_ref().unwrap().id.get(), 5);
    let lists: Vec<_> = client.all_lists().collect().await;
    assert_eq!(lists[0].as_ref().unwrap().id, "5");
    let members: Vec<_> = client.all_memberships("5").collect().await;
    assert_eq!(members[0].as_ref().unwrap().record, RecordId::new(5));
    let belongs = client.all_associations_of(&DEALS, RecordId::new(1), &ObjectType::CONTACTS);
    let belongs: Vec<_> = belongs.collect().await;
    assert_eq!(belongs[0].as_ref().unwrap().to, RecordId::new(5));
    assert_eq!(
        [owners.len(), lists.len(), members.len(), belongs.len()],
        [1; 4]
    );
}

#[tokio::test]
async fn a_whole_portal_streams_by() {
    let sim = simulated::sim(Limits::Off).await;
    let client = simulated::with_token(&sim, small_hubspot::quick());
    let (listed, end) = drain(client.list_all(&DEALS, ListQuery::default())).await;
    assert_eq!(
        listed.len() as u64,
        sim.counts()["deals"]["live"].as_u64().unwrap()
    );
    assert_eq!(end, None);
    let all = FilterGroup::of([Filter::new("hs_object_id", Operator::Gt, "0")]).unwrap();
    let query = SearchQuery::matching(all)
        .sorted(Sort::ascending("hs_object_id"))
        .limited(37);
    let (mut found, end) = drain(client.search_all(&DEALS, query)).await;
    found.sort_unstable();
    assert_eq!((found, end), (listed, None));
    let owners: Vec<_> = client.all_owners(false).collect().await;
    let live = sim.counts()["owners"]["live"].as_u64().unwrap();
    assert_eq!(owners.len() as u64, live);
}
