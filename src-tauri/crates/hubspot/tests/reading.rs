//! Reading everything the simulator has, and finding it whole.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on fails; helpers are not recognised as tests"
)]

mod simulated;
mod small_hubspot;

use std::collections::{BTreeMap, BTreeSet};

use crm::{ObjectType, RecordId};
use hubspot::{
    AssociationInput, Client, Filter, FilterGroup, ListQuery, Operator, ReadQuery, SearchQuery,
    Sort,
};
use hubspot_sim::Limits;
use simulated::{list_all, sim, with_token};

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
    let client = with_token(&sim, small_hubspot::quick());
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
    let client = with_token(&sim, small_hubspot::quick());
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
    let client = with_token(&sim, small_hubspot::quick());
    let listed: BTreeSet<RecordId> = list_all(&client, &ObjectType::CONTACTS, ListQuery::default())
        .await
        .iter()
        .map(|record| record.id)
        .collect();
    // Keyset by id, as an incremental sync pages; the offset within one query too.
    let (mut found, mut last, mut pages) = (BTreeSet::new(), RecordId::new(0), 0);
    loop {
        let newer = Filter::new("hs_object_id", Operator::Gt, last.to_string());
        let query = SearchQuery::matching(FilterGroup::of([newer]).unwrap())
            .sorted(Sort::ascending("hs_object_id"))
            .with_properties(["email"]);
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
        .search(&ObjectType::CONTACTS, &SearchQuery::all())
        .await
        .unwrap();
    let second = SearchQuery::all()
        .from_offset(first.after.as_deref().unwrap())
        .unwrap();
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
    let client = with_token(&sim, small_hubspot::quick());
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
    let client = with_token(&sim, small_hubspot::quick());
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
