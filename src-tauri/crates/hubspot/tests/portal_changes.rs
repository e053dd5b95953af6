//! A portal's pipelines, definitions, limits and lists, changed and read in the simulator, and how the
//! calls are spelled.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on fails; helpers are not recognised as tests"
)]

mod simulated;
mod small_hubspot;

use crm::{ObjectType, PipelineId, RecordId, StageId, UserId};
use hubspot::write::{
    self, NewGroup, NewPipeline, NewProperty, NewStage, PipelineChange, StageChange,
};
use hubspot::{
    API_VERSION, AssociationSpec, Client, Kind, List, ListQuery, ListSearch, SearchQuery,
    StandardAssociation,
};
use hubspot_sim::{Limits, Sim};
use serde_json::{Value, json};
use small_hubspot::{Server, reply};

const DEALS: ObjectType = ObjectType::DEALS;
const CONTACTS: ObjectType = ObjectType::CONTACTS;

async fn both() -> (Sim, Client) {
    let sim = simulated::sim(Limits::Off).await;
    let client = simulated::with_token(&sim, small_hubspot::quick());
    (sim, client)
}

fn stage(label: &str, probability: &str) -> NewStage {
    NewStage {
        label: label.to_owned(),
        display_order: 0,
        metadata: [("probability".to_owned(), probability.to_owned())].into(),
        stage_id: None,
    }
}

fn pipeline(label: &str, stages: Vec<NewStage>) -> NewPipeline {
    NewPipeline {
        label: label.to_owned(),
        display_order: 5,
        stages,
        pipeline_id: None,
    }
}

#[tokio::test]
async fn a_pipeline_and_its_stages_are_made_changed_and_removed() {
    let (_sim, client) = both().await;
    let partners = pipeline("Partners", vec![stage("Asked", "0.4"), stage("Won", "1.0")]);
    let made = write::create_pipeline(&client, &DEALS, &partners)
        .await
        .unwrap();
    assert_eq!(made.stages.len(), 2);
    let twin = write::create_pipeline(&client, &DEALS, &partners).await;
    assert_eq!(twin.unwrap_err().kind(), Kind::Conflict);
    let none = write::create_pipeline(&client, &DEALS, &pipeline("x", Vec::new())).await;
    assert!(matches!(none.unwrap_err().kind(), Kind::InvalidRequest(_)));
    let change = PipelineChange {
        label: Some("Resellers".to_owned()),
        ..PipelineChange::default()
    };
    write::update_pipeline(&client, &DEALS, &made.id, &change)
        .await
        .unwrap();
    let waits = write::create_stage(&client, &DEALS, &made.id, &stage("Waits", "0.5"))
        .await
        .unwrap();
    let change = StageChange {
        metadata: stage("", "0.6").metadata,
        ..StageChange::default()
    };
    write::update_stage(&client, &DEALS, &made.id, &waits.id, &change)
        .await
        .unwrap();
    let read = client.stage(&DEALS, &made.id, &waits.id).await.unwrap();
    assert_eq!(
        (read.label.as_str(), read.probability()),
        ("Waits", Some(0.6))
    );
    let waiting = stage("Waiting", "0.7");
    let read = write::replace_stage(&client, &DEALS, &made.id, &waits.id, &waiting)
        .await
        .unwrap();
    assert_eq!((&read.id, read.probability()), (&waits.id, Some(0.7)));
    let deeds = client
        .stage_audit(&DEALS, &made.id, &waits.id)
        .await
        .unwrap();
    let deeds: Vec<_> = deeds.iter().map(|deed| deed.action.as_str()).collect();
    assert_eq!(deeds, ["UPDATE", "UPDATE", "CREATE"]);
    write::archive_stage(&client, &DEALS, &made.id, &waits.id)
        .await
        .unwrap();
    let whole = client.pipeline(&DEALS, &made.id).await.unwrap();
    assert_eq!((whole.label.as_str(), whole.stages.len()), ("Resellers", 2));
    let smaller = pipeline("Resellers", vec![stage("All", "0.5")]);
    let whole = write::replace_pipeline(&client, &DEALS, &made.id, &smaller)
        .await
        .unwrap();
    assert_eq!(whole.stages.len(), 1);
    let deeds = client.pipeline_audit(&DEALS, &made.id).await.unwrap();
    assert_eq!(deeds.first().unwrap().action, "UPDATE");
    write::archive_pipeline(&client, &DEALS, &made.id)
        .await
        .unwrap();
    let gone = client.pipeline(&DEALS, &made.id).await.unwrap_err();
    assert_eq!(gone.kind(), Kind::NotFound);
}

/// HubSpot would remove a stage with deals in it if it were not told to look first.
#[tokio::test]
async fn what_records_are_in_is_not_removed() {
    let (_sim, client) = both().await;
    let first = client.pipelines(&DEALS).await.unwrap().remove(0);
    let query = ListQuery {
        properties: vec!["dealstage".to_owned()],
        ..ListQuery::default()
    };
    let deals = client.list(&DEALS, &query).await.unwrap();
    let value = deals.results[0].properties["dealstage"]
        .text()
        .unwrap()
        .to_owned();
    let used = StageId::new(value);
    let refusals = [
        write::archive_stage(&client, &DEALS, &first.id, &used)
            .await
            .unwrap_err(),
        write::archive_pipeline(&client, &DEALS, &first.id)
            .await
            .unwrap_err(),
        write::replace_pipeline(
            &client,
            &DEALS,
            &first.id,
            &pipeline("x", vec![stage("All", "0.5")]),
        )
        .await
        .unwrap_err(),
    ];
    for refusal in refusals {
        assert_eq!(refusal.kind(), Kind::Validation);
    }
    assert_eq!(client.pipeline(&DEALS, &first.id).await.unwrap(), first);
}

fn number(name: &str, group: &str) -> NewProperty {
    serde_json::from_value(json!({
        "name": name, "label": name, "groupName": group, "type": "number", "fieldType": "number",
        "description": "", "formField": false, "hidden": false, "hasUniqueValue": false,
        "displayOrder": -1,
    }))
    .unwrap()
}

#[tokio::test]
async fn definitions_are_made_read_and_archived_in_batches() {
    let (_sim, client) = both().await;
    let group = NewGroup {
        name: "ours".to_owned(),
        label: "Ours".to_owned(),
        display_order: -1,
    };
    write::create_group(&client, &DEALS, &group).await.unwrap();
    assert_eq!(
        client.property_group(&DEALS, "ours").await.unwrap().label,
        "Ours"
    );
    let three = [
        number("one", "ours"),
        number("two", "ours"),
        number("three", "nobodys"),
    ];
    let made = write::batch_create_properties(&client, &DEALS, &three)
        .await
        .unwrap();
    assert!(made.done.keys().eq(["one", "two"]));
    assert_eq!(made.unmentioned, ["three"], "the refusal names nobody");
    assert_eq!(made.unattributed.len(), 1);
    let names = ["one", "three", "two"].map(str::to_owned);
    let read = client
        .batch_properties(&DEALS, &names, false)
        .await
        .unwrap();
    assert_eq!(read.found, made.done);
    assert_eq!((read.unmentioned.len(), read.failures.len()), (1, 1));
    let both = ["one", "two"].map(str::to_owned);
    let gone = write::batch_archive_properties(&client, &DEALS, &both)
        .await
        .unwrap();
    assert!(gone.is_complete() && gone.done.len() == 2);
    let read = client.batch_properties(&DEALS, &both, false).await.unwrap();
    assert!(read.found.is_empty());
    for (names, wanted) in [
        (vec!["one"; 101], true),
        (vec!["one"; 2], true),
        (Vec::new(), false),
    ] {
        let names: Vec<String> = names.into_iter().map(str::to_owned).collect();
        let refused = write::batch_archive_properties(&client, &DEALS, &names)
            .await
            .is_err();
        assert_eq!(refused, wanted, "{}", names.len());
    }
}

/// The plain kind from a deal to a company.
fn to_company() -> AssociationSpec {
    let mut kinds = StandardAssociation::between(&DEALS, &ObjectType::COMPANIES);
    kinds.next().unwrap().spec()
}

#[tokio::test]
async fn associations_are_limited_and_the_limits_told() {
    let (_sim, client) = both().await;
    let companies = ObjectType::COMPANIES;
    let kind = to_company();
    let kind = std::slice::from_ref(&kind);
    let capped = |most| vec![(kind[0].clone(), most)];
    let set = write::create_caps(&client, &DEALS, &companies, &capped(7))
        .await
        .unwrap();
    assert!(set.is_complete());
    write::update_caps(&client, &DEALS, &companies, &capped(9))
        .await
        .unwrap();
    let caps = client.association_caps(&DEALS, &companies).await.unwrap();
    assert_eq!((caps[0].type_id, caps[0].most), (kind[0].type_id, Some(9)));
    assert_eq!(client.all_association_caps().await.unwrap(), caps);
    let lifted = write::lift_caps(&client, &DEALS, &companies, kind)
        .await
        .unwrap();
    assert!(lifted.is_complete());
    assert!(client.all_association_caps().await.unwrap().is_empty());
    let unknown = [(
        AssociationSpec {
            type_id: 9_999,
            ..kind[0].clone()
        },
        1,
    )];
    let refused = write::create_caps(&client, &DEALS, &companies, &unknown).await;
    assert_eq!(refused.unwrap_err().kind(), Kind::NotFound);

    let uses = client
        .label_uses(Some(&DEALS), Some(&CONTACTS))
        .await
        .unwrap();
    assert_eq!(
        (uses[0].usage, uses[0].from.type_id.as_str()),
        (Some(2), "0-3")
    );
    assert_eq!(uses[0].labels.len(), 2);
    let records = client.records_at_limit(&DEALS, &CONTACTS).await.unwrap();
    assert_eq!((records.limit, records.at), (Some(50_000), Some(0)));
    assert!(client.types_near_limit().await.unwrap().is_empty());
    assert!(client.types_near_limit_of(&DEALS).await.unwrap().is_empty());
    let owner = client.owners(false, None).await.unwrap().results.remove(0);
    write::mail_usage_report(&client, owner.user.unwrap())
        .await
        .unwrap();
}

/// Makes a list by the simulator's own address: the client reads lists and makes none.
async fn list(sim: &Sim, name: &str, processing: &str, filters: Value) -> String {
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let mut body = json!({ "name": name, "objectTypeId": "0-3", "processingType": processing });
    if !filters.is_null() {
        let and = json!({ "filterBranchType": "AND", "filterBranches": [], "filters": filters });
        body["filterBranch"] =
            json!({ "filterBranchType": "OR", "filterBranches": [and], "filters": [] });
    }
    let url = format!("{}/crm/lists/{API_VERSION}", sim.address().base_url);
    let call = http.post(url).bearer_auth(&sim.address().token).json(&body);
    let answer: Value = call.send().await.unwrap().json().await.unwrap();
    answer["list"]["listId"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn lists_are_found_and_those_with_filters_hold_who_passes() {
    let (sim, client) = both().await;
    let won = json!([{ "filterType": "PROPERTY", "property": "dealstage", "operation": {
        "operationType": "ENUMERATION", "operator": "IS_ANY_OF", "values": ["closedwon"],
        "includeObjectsWithNoValueSet": false,
    } }]);
    let dynamic = list(&sim, "Won deals", "DYNAMIC", won.clone()).await;
    let snapshot = list(&sim, "Won by now", "SNAPSHOT", won).await;
    list(&sim, "By hand", "MANUAL", Value::Null).await;
    let members = async |list: &str| {
        let page = client.memberships(list, None).await.unwrap();
        let ids: Vec<RecordId> = page.results.iter().map(|one| one.record).collect();
        ids
    };
    let before = members(&dynamic).await;
    let by_search = SearchQuery::all();
    let total = client.search(&DEALS, &by_search).await.unwrap().total;
    assert!(!before.is_empty() && (before.len() as u64) < total);
    assert_eq!(members(&snapshot).await, before);
    let lost = [("dealstage".to_owned(), "closedlost".to_owned())].into();
    write::update(&client, &DEALS, before[0], &lost)
        .await
        .unwrap();
    assert_eq!(members(&dynamic).await, before[1..]);
    assert_eq!(members(&snapshot).await, before, "taken before");
    let of = client.lists_of(&DEALS, before[0]).await.unwrap();
    assert_eq!(
        of.iter().map(|one| &one.list).collect::<Vec<_>>(),
        [&snapshot]
    );

    let read = client.one_list(&dynamic).await.unwrap();
    assert_eq!(read.filters["filterBranchType"], "OR");
    assert_eq!(client.list_named(&DEALS, "Won deals").await.unwrap(), read);
    let missing = client.list_named(&CONTACTS, "Won deals").await.unwrap_err();
    assert_eq!(missing.kind(), Kind::NotFound);
    let names =
        |lists: Vec<List>| -> Vec<String> { lists.into_iter().map(|list| list.name).collect() };
    let found =
        async |search: ListSearch| names(client.find_lists(&search, None).await.unwrap().results);
    let words = ListSearch {
        words: "won".to_owned(),
        ..ListSearch::default()
    };
    assert_eq!(found(words).await, ["Won deals", "Won by now"]);
    let by_hand = ListSearch {
        processing_types: vec!["MANUAL".to_owned()],
        ..ListSearch::default()
    };
    assert_eq!(found(by_hand).await, ["By hand"]);
    let of_contacts = ListSearch {
        object: Some(CONTACTS),
        ..ListSearch::default()
    };
    assert!(found(of_contacts).await.is_empty());
}

/// Makes calls against a server that always gives the same answer, and gives what was asked, one
/// line each: method, address without the version, body.
async fn asked((status, body): (u16, &str), calls: impl AsyncFnOnce(Client)) -> Vec<String> {
    let server = Server::scripted(vec![reply(status, body)]).await;
    calls(server.client()).await;
    let seen = server.seen();
    let line = |seen: &small_hubspot::Seen| {
        let path = seen.path.replace(API_VERSION, "V");
        format!("{} {path} {} {}", seen.method, seen.query, seen.body)
    };
    seen.iter().map(line).collect()
}

#[tokio::test]
async fn what_removes_is_spelled_as_documented() {
    let (pipeline, stage) = (PipelineId::new("p"), StageId::new("s"));
    let lines = asked((204, ""), async |client: Client| {
        write::archive_pipeline(&client, &DEALS, &pipeline)
            .await
            .unwrap();
        write::archive_stage(&client, &DEALS, &pipeline, &stage)
            .await
            .unwrap();
        let names = ["score".to_owned()];
        write::batch_archive_properties(&client, &DEALS, &names)
            .await
            .unwrap();
        let kind = to_company();
        write::lift_caps(&client, &DEALS, &CONTACTS, &[kind])
            .await
            .unwrap();
        write::mail_usage_report(&client, UserId::new(7))
            .await
            .unwrap();
    })
    .await;
    let first = "validateReferencesBeforeDelete=true&validateDealStageUsagesBeforeDelete=true";
    assert_eq!(
        lines,
        [
            format!("DELETE /crm/pipelines/V/deals/p {first} "),
            format!("DELETE /crm/pipelines/V/deals/p/stages/s {first} "),
            r#"POST /crm/properties/V/deals/batch/archive  {"inputs":[{"name":"score"}]}"#.to_owned(),
            r#"POST /crm/associations/V/definitions/configurations/deals/contacts/batch/purge  {"inputs":[{"category":"HUBSPOT_DEFINED","typeId":341}]}"#.to_owned(),
            "POST /crm/associations/V/usage/high-usage-report/7  {}".to_owned(),
        ]
    );
}
