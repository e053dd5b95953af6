//! What a portal is made of and what its plan allows: how it is asked for and changed, and what is
//! made of odd answers.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on fails; helpers are not recognised as tests"
)]

mod simulated;
mod small_hubspot;

use crm::{ObjectType, OwnerId, PipelineId, RecordId, StageId, UserId};
use hubspot::write::{
    self, NewGroup, NewOption, NewProperty, NewSchema, PropertyChange, SchemaChange,
};
use hubspot::{API_VERSION, Client, Kind, Limited, SchemaLabels, Sensitivity};
use hubspot_sim::Limits;
use serde_json::{Value, json};
use small_hubspot::{EMPTY, Server, reply};

const DEALS: ObjectType = ObjectType::DEALS;

/// Makes calls against a server that always gives the same answer, and compares what was asked with
/// `expected`, one line each: method, address without the version, body.
async fn check((status, body): (u16, &str), calls: impl AsyncFnOnce(Client), expected: &[&str]) {
    let server = Server::scripted(vec![reply(status, body)]).await;
    calls(server.client()).await;
    let lines: Vec<String> = server
        .seen()
        .iter()
        .map(|seen| {
            let mut line = format!("{} {}", seen.method, seen.path.replace(API_VERSION, "V"));
            for (mark, more) in [("?", &seen.query), (" ", &seen.body)] {
                if !more.is_empty() {
                    line.push_str(mark);
                    line.push_str(more);
                }
            }
            line
        })
        .collect();
    assert_eq!(lines, expected);
}

#[tokio::test]
async fn reading_is_spelled_as_documented() {
    let (pipeline, stage) = (PipelineId::new("p"), StageId::new("s"));
    let of_lists = async |client: Client| {
        client
            .properties_of(&DEALS, true, Sensitivity::Sensitive)
            .await
            .unwrap();
        client.property_rules(&DEALS).await.unwrap();
        client.rules_of(&DEALS, "amount").await.unwrap();
        client.stages(&DEALS, &pipeline).await.unwrap();
        client.pipeline_audit(&DEALS, &pipeline).await.unwrap();
        client.stage_audit(&DEALS, &pipeline, &stage).await.unwrap();
        client.archived_schemas().await.unwrap();
        client.private_app_usage().await.unwrap();
        client.memberships("7", Some("9")).await.unwrap();
    };
    let expected = [
        "GET /crm/properties/V/deals?archived=true&dataSensitivity=sensitive",
        "GET /crm/property-validations/V/0-3",
        "GET /crm/property-validations/V/0-3/amount",
        "GET /crm/pipelines/V/deals/p/stages",
        "GET /crm/pipelines/V/deals/p/audit",
        "GET /crm/pipelines/V/deals/p/stages/s/audit",
        "GET /crm-object-schemas/V/schemas?archived=true",
        "GET /account-info/V/api-usage/daily/private-apps",
        "GET /crm/lists/V/7/memberships?limit=100&after=9",
    ];
    check((200, EMPTY), of_lists, &expected).await;
    let of_one = async |client: Client| {
        let machine: ObjectType = "2-345".parse().unwrap();
        client.property(&DEALS, "a/b").await.unwrap();
        client.pipeline(&DEALS, &pipeline).await.unwrap();
        client.schema(&machine).await.unwrap();
        client.owner(OwnerId::new(41), false).await.unwrap();
        client.owner_of_user(UserId::new(77), true).await.unwrap();
        for what in [
            Limited::Records,
            Limited::CustomProperties,
            Limited::CustomObjectTypes,
        ] {
            client.allowance(what).await.unwrap();
        }
    };
    let one = r#"{"id":"41","name":"x","objectTypeId":"2-345"}"#;
    let expected = [
        "GET /crm/properties/V/deals/a%2Fb",
        "GET /crm/pipelines/V/deals/p",
        "GET /crm-object-schemas/V/schemas/2-345",
        "GET /crm/owners/V/41?idProperty=id&archived=false",
        "GET /crm/owners/V/77?idProperty=userId&archived=true",
        "GET /crm/limits/V/records",
        "GET /crm/limits/V/custom-properties",
        "GET /crm/limits/V/custom-object-types",
    ];
    check((200, one), of_one, &expected).await;
}

#[tokio::test]
async fn changing_is_spelled_as_documented() {
    let named = async |client: Client| {
        let change = PropertyChange {
            label: Some("Score".into()),
            options: Some(vec![NewOption {
                label: "A".into(),
                value: "a".into(),
                display_order: 0,
                hidden: false,
            }]),
            ..PropertyChange::default()
        };
        write::update_property(&client, &DEALS, "score", &change)
            .await
            .unwrap();
        write::update_group(&client, &DEALS, "ours", "Ours")
            .await
            .unwrap();
    };
    let expected = [
        r#"PATCH /crm/properties/V/deals/score {"label":"Score","options":[{"label":"A","value":"a","displayOrder":0,"hidden":false}]}"#,
        r#"PATCH /crm/properties/V/deals/groups/ours {"label":"Ours"}"#,
    ];
    check((200, r#"{"name":"x"}"#), named, &expected).await;
    let gone = async |client: Client| {
        let machine: ObjectType = "2-345".parse().unwrap();
        write::archive_property(&client, &DEALS, "score")
            .await
            .unwrap();
        write::archive_group(&client, &DEALS, "ours").await.unwrap();
        write::archive_schema(&client, &machine).await.unwrap();
        write::uninstall(&client).await.unwrap();
    };
    let expected = [
        "DELETE /crm/properties/V/deals/score",
        "DELETE /crm/properties/V/deals/groups/ours",
        "DELETE /crm-object-schemas/V/schemas/2-345",
        "DELETE /appinstalls/V/external-install",
    ];
    check((204, ""), gone, &expected).await;
    let nothing = async |client: Client| {
        let schema = machine("nobody_has_this");
        let error = write::create_schema(&client, &schema).await.unwrap_err();
        assert!(matches!(error.kind(), Kind::InvalidRequest(_)));
        let error = client.lists(Some("next")).await.unwrap_err();
        assert!(matches!(error.kind(), Kind::InvalidRequest(_)));
    };
    check((200, "{}"), nothing, &[]).await;
}

fn text_property(name: &str, group: &str) -> NewProperty {
    NewProperty {
        name: name.into(),
        label: name.into(),
        group: group.into(),
        kind: "string".into(),
        field_type: "text".into(),
        description: String::new(),
        number_display_hint: None,
        form_field: false,
        hidden: false,
        has_unique_value: false,
        display_order: -1,
        options: Vec::new(),
    }
}

fn machine(known_by: &str) -> NewSchema {
    NewSchema {
        name: "press".into(),
        labels: SchemaLabels {
            singular: "Press".into(),
            plural: "Presses".into(),
        },
        primary_display_property: known_by.into(),
        required_properties: vec!["press_name".into()],
        searchable_properties: Vec::new(),
        properties: vec![text_property("press_name", "press_information")],
        associated_objects: vec!["0-3".into()],
    }
}

#[tokio::test]
async fn odd_entries_cost_no_page_of_owners_or_lists() {
    let page = json!({ "results": [
        { "id": "41" }, { "id": "9223372036854775808" }, { "id": null }, "odd", { "id": 42 },
    ], "paging": { "next": { "after": "42" } } });
    let server = Server::scripted(vec![reply(200, page.to_string())]).await;
    let owners = server.client().owners(false, None).await.unwrap();
    let ids: Vec<_> = owners.results.iter().map(|owner| owner.id.get()).collect();
    assert_eq!((ids, owners.unreadable), (vec![41, 42], 3));
    assert_eq!(owners.after.as_deref(), Some("42"));

    let lists = |more: bool| {
        json!({ "lists": [
            { "listId": 7, "name": "Hot", "objectTypeId": "0-1", "processingType": "DYNAMIC", "size": "12" },
            { "name": "no id" },
        ], "offset": 100, "hasMore": more, "total": 2 })
    };
    for (more, after) in [(true, Some("100")), (false, None)] {
        let server = Server::scripted(vec![reply(200, lists(more).to_string())]).await;
        let page = server.client().lists(Some("50")).await.unwrap();
        assert_eq!(page.after.as_deref(), after);
        let list = &page.results[0];
        assert_eq!(
            (list.id.as_str(), list.size, page.unreadable),
            ("7", Some(12), 1)
        );
        let asked = server.seen()[0].json();
        assert_eq!(asked, json!({ "query": "", "offset": 50, "count": 100 }));
    }
}

#[tokio::test]
async fn rules_audits_and_members_are_read() {
    let one = async |body: Value| Server::scripted(vec![reply(200, body.to_string())]).await;
    let server = one(
        json!({ "results": [{ "propertyName": "amount", "propertyValidationRules": [
        { "ruleType": "MIN_NUMBER", "ruleArguments": ["0", 5, null], "shouldApplyNormalization": false },
    ] }] }),
    );
    let rules = server.await.client().property_rules(&DEALS).await.unwrap();
    assert_eq!(
        (rules[0].property.as_str(), rules[0].rules[0].kind.as_str()),
        ("amount", "MIN_NUMBER")
    );
    assert_eq!(rules[0].rules[0].arguments, ["0", "5"]);
    let server = one(
        json!({ "results": [{ "portalId": 1, "identifier": "closedlost", "action": "UPDATE",
        "timestamp": "2026-11-02T08:00:00Z", "fromUserId": 77, "rawObject": { "label": "Lost" } }] }),
    );
    let pipeline = PipelineId::new("default");
    let audit = server
        .await
        .client()
        .pipeline_audit(&DEALS, &pipeline)
        .await
        .unwrap();
    assert_eq!(
        (audit[0].action.as_str(), audit[0].user),
        ("UPDATE", Some(UserId::new(77)))
    );
    assert_eq!(audit[0].state["label"], "Lost");
    let server = one(
        json!({ "results": [{ "recordId": 5, "membershipTimestamp": "2026-11-02T08:00:00Z" }] }),
    );
    let members = server.await.client().memberships("7", None).await.unwrap();
    assert_eq!(members.results[0].record, RecordId::new(5));
    let server = one(
        json!({ "results": [{ "name": "private-apps-api-calls-daily", "usageLimit": 625_000,
        "currentUsage": "41", "fetchStatus": "SUCCESS" }] }),
    );
    let usage = server.await.client().private_app_usage().await.unwrap();
    assert_eq!(
        (usage[0].usage_limit, usage[0].current_usage),
        (Some(625_000), Some(41))
    );
    for (level, sensitive) in [
        ("", false),
        ("non_sensitive", false),
        ("highly_sensitive", true),
    ] {
        let server = one(json!({ "name": "x", "dataSensitivity": level })).await;
        let property = server.client().property(&DEALS, "x").await.unwrap();
        assert_eq!(property.is_sensitive(), sensitive, "{level}");
    }
}

#[tokio::test]
async fn a_portal_takes_the_shape_it_is_told() {
    let sim = simulated::sim(Limits::Off).await;
    let client = simulated::with_token(&sim, small_hubspot::quick());
    let group = NewGroup {
        name: "ours".into(),
        label: "Ours".into(),
        display_order: -1,
    };
    write::create_group(&client, &DEALS, &group).await.unwrap();
    write::create_property(&client, &DEALS, &text_property("our_text", "ours"))
        .await
        .unwrap();
    let renamed = PropertyChange {
        label: Some("Our words".into()),
        ..PropertyChange::default()
    };
    let changed = write::update_property(&client, &DEALS, "our_text", &renamed)
        .await
        .unwrap();
    assert_eq!(changed.label, "Our words");
    assert_eq!(client.property(&DEALS, "our_text").await.unwrap(), changed);
    write::archive_property(&client, &DEALS, "our_text")
        .await
        .unwrap();
    let archived = client
        .properties_of(&DEALS, true, Sensitivity::Ordinary)
        .await
        .unwrap();
    assert!(
        archived
            .iter()
            .any(|property| property.name == "our_text" && property.archived)
    );
    let allowed = client.allowance(Limited::CustomProperties).await.unwrap();
    assert!(
        allowed
            .types
            .iter()
            .any(|of| of.type_id == "0-3" && of.uses.limit.is_some())
    );

    let pipelines = client.pipelines(&DEALS).await.unwrap();
    let first = client.pipeline(&DEALS, &pipelines[0].id).await.unwrap();
    assert_eq!(first, pipelines[0]);
    assert_eq!(
        client.stages(&DEALS, &first.id).await.unwrap(),
        first.stages
    );

    let owners = client.owners(false, None).await.unwrap().results;
    let owner = client.owner(owners[0].id, false).await.unwrap();
    assert_eq!(owner, owners[0]);
    let by_user = client
        .owner_of_user(owner.user.unwrap(), false)
        .await
        .unwrap();
    assert_eq!(by_user, owner);
    assert!(!client.private_app_usage().await.unwrap().is_empty());

    let made = write::create_schema(&client, &machine("press_name"))
        .await
        .unwrap();
    assert_eq!(made.name, "press");
    let change = SchemaChange {
        labels: Some(SchemaLabels {
            singular: "Big press".into(),
            plural: "Big presses".into(),
        }),
        ..SchemaChange::default()
    };
    write::update_schema(&client, &made.object_type, &change)
        .await
        .unwrap();
    let read = client.schema(&made.object_type).await.unwrap();
    assert_eq!(read.labels.singular, "Big press");
    assert!(read.neighbours().contains(&DEALS));
    write::archive_schema(&client, &made.object_type)
        .await
        .unwrap();
    let live = client.schemas().await.unwrap();
    assert!(
        live.iter()
            .all(|schema| schema.object_type != made.object_type)
    );
}
