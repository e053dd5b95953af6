use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

#[track_caller]
fn check(after: Option<&str>, asked: Option<usize>, page: usize) {
    let mut query = SearchQuery::all();
    if let Some(asked) = asked {
        query = query.limited(asked);
    }
    if let Some(after) = after {
        query = query.from_offset(after).unwrap();
    }
    assert_eq!(query.page_size(), page, "{after:?} {asked:?}");
}

#[test]
fn pages_are_as_long_as_allowed_and_end_where_paging_ends() {
    check(None, None, 200);
    check(None, Some(7), 7);
    check(None, Some(0), 1);
    check(None, Some(999), 200);
    check(Some("0"), None, 200);
    check(Some("9800"), None, 200);
    check(Some("9950"), None, 50);
    check(Some("9950"), Some(20), 20);
    check(Some("9999"), None, 1);
}

#[test]
fn a_cursor_beyond_the_end_or_of_another_kind_is_refused() {
    for after in ["10000", "10001", "999999999999999999999", "", "-1", "next"] {
        let refused = SearchQuery::all().from_offset(after).unwrap_err();
        assert!(matches!(refused.kind(), Kind::InvalidRequest(_)), "{after}");
    }
}

#[test]
fn a_query_is_spelled_as_hubspot_documents_it() {
    let group = FilterGroup::of([
        Filter::between("amount", "1", "9"),
        Filter::any_of("dealstage", ["a", "b"]),
        Filter::lacks("closedate"),
    ])
    .unwrap();
    let other = FilterGroup::of([
        Filter::none_of("pipeline", ["x"]),
        Filter::has("amount"),
        Filter::new("dealname", Operator::ContainsToken, "pump*"),
    ])
    .unwrap();
    let query = SearchQuery::matching(group)
        .or(other)
        .unwrap()
        .sorted(Sort::descending("amount"))
        .sorted(Sort::ascending("hs_object_id"))
        .with_properties(["amount"])
        .with_words("acme")
        .unwrap()
        .from_offset("400")
        .unwrap();
    assert_eq!(
        serde_json::to_value(&query).unwrap(),
        json!({
            "filterGroups": [{ "filters": [
                { "propertyName": "amount", "operator": "BETWEEN", "value": "1", "highValue": "9" },
                { "propertyName": "dealstage", "operator": "IN", "values": ["a", "b"] },
                { "propertyName": "closedate", "operator": "NOT_HAS_PROPERTY" },
            ] }, { "filters": [
                { "propertyName": "pipeline", "operator": "NOT_IN", "values": ["x"] },
                { "propertyName": "amount", "operator": "HAS_PROPERTY" },
                { "propertyName": "dealname", "operator": "CONTAINS_TOKEN", "value": "pump*" },
            ] }],
            "sorts": [{ "propertyName": "hs_object_id", "direction": "ASCENDING" }],
            "properties": ["amount"],
            "query": "acme",
            "limit": 200,
            "after": "400",
        })
    );
    assert_eq!(
        serde_json::to_value(SearchQuery::all()).unwrap(),
        json!({ "sorts": [], "properties": [], "limit": 200 })
    );
}

fn any_filter() -> impl Strategy<Value = Filter> {
    let name = prop_oneof![9 => "[a-z_]{1,8}", 1 => Just(String::new())];
    let values = prop::collection::vec("[a-z]{0,4}", 0..4);
    (name, 0..7_usize, values).prop_map(|(name, kind, values)| match kind {
        0 => Filter::new(name, Operator::Eq, "1"),
        1 => Filter::new(name, Operator::NotContainsToken, ""),
        2 => Filter::between(name, "1", "2"),
        3 => Filter::any_of(name, values),
        4 => Filter::none_of(name, values),
        5 => Filter::has(name),
        _ => Filter::lacks(name),
    })
}

/// One step of building, as somebody who does not know the limits would take it.
#[derive(Debug, Clone)]
enum Step {
    Or(Vec<Filter>),
    Sort(String),
    Properties(Vec<String>),
    Words(usize),
    Limit(usize),
    Offset(String),
}

fn any_step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => prop::collection::vec(any_filter(), 0..8).prop_map(Step::Or),
        1 => "[a-z]{1,5}".prop_map(Step::Sort),
        1 => prop::collection::vec("[a-z]{1,5}", 0..5).prop_map(Step::Properties),
        1 => (0..4_000_usize).prop_map(Step::Words),
        1 => any::<usize>().prop_map(Step::Limit),
        1 => prop_oneof![any::<u16>().prop_map(|n| n.to_string()), ".{0,6}"].prop_map(Step::Offset),
    ]
}

/// Takes the step, or leaves the query as it was where the step is refused.
fn take(query: &SearchQuery, step: Step) -> Result<SearchQuery, Error> {
    let query = query.clone();
    match step {
        Step::Or(filters) => query.or(FilterGroup::of(filters)?),
        Step::Sort(property) => Ok(query.sorted(Sort::descending(property))),
        Step::Properties(names) => Ok(query.with_properties(names)),
        Step::Words(length) => query.with_words("w".repeat(length)),
        Step::Limit(limit) => Ok(query.limited(limit)),
        Step::Offset(after) => query.from_offset(&after),
    }
}

/// The rules of the search guide, read off what would be sent.
fn broken_rule(body: &Value) -> Option<&'static str> {
    let none = Vec::new();
    let groups = body["filterGroups"].as_array().unwrap_or(&none);
    let filters = |group: &Value| group["filters"].as_array().map_or(0, Vec::len);
    let each = || {
        groups
            .iter()
            .flat_map(|group| group["filters"].as_array())
            .flatten()
    };
    let after: u64 = body["after"]
        .as_str()
        .map_or(0, |text| text.parse().unwrap());
    let limit = body["limit"].as_u64().unwrap();
    let operand = |filter: &Value| match filter["operator"].as_str().unwrap() {
        "BETWEEN" => filter["value"].is_string() && filter["highValue"].is_string(),
        "IN" | "NOT_IN" => filter["values"]
            .as_array()
            .is_some_and(|all| !all.is_empty()),
        "HAS_PROPERTY" | "NOT_HAS_PROPERTY" => filter["value"].is_null(),
        _ => filter["value"].is_string() && filter["values"].is_null(),
    };
    let rules = [
        ("at most 5 groups", groups.len() <= 5),
        (
            "1 to 6 filters a group",
            groups.iter().all(|g| (1..=6).contains(&filters(g))),
        ),
        ("at most 18 filters", each().count() <= 18),
        (
            "each names a property",
            each().all(|f| !f["propertyName"].as_str().unwrap().is_empty()),
        ),
        ("each has what it compares with", each().all(operand)),
        (
            "one order at most",
            body["sorts"].as_array().unwrap().len() <= 1,
        ),
        ("a page of 1 to 200", (1..=200).contains(&limit)),
        ("never past 10,000", after + limit <= 10_000),
        (
            "3,000 characters of words",
            body["query"].as_str().map_or(0, str::len) <= 3_000,
        ),
    ];
    rules
        .iter()
        .find(|(_, holds)| !holds)
        .map(|(rule, _)| *rule)
}

proptest! {
    #[test]
    fn whatever_can_be_built_is_within_the_limits(
        steps in prop::collection::vec(any_step(), 0..14),
    ) {
        let mut query = SearchQuery::all();
        for step in steps {
            if let Ok(further) = take(&query, step) {
                query = further;
            }
            prop_assert_eq!(broken_rule(&serde_json::to_value(&query).unwrap()), None);
        }
    }

    #[test]
    fn what_is_within_the_limits_can_be_built(
        sizes in prop::collection::vec(1..=6_usize, 1..=5)
            .prop_filter("18 in all", |sizes| sizes.iter().sum::<usize>() <= 18),
    ) {
        let mut query = SearchQuery::all();
        for size in &sizes {
            let group = FilterGroup::of((0..*size).map(|n| Filter::has(format!("p{n}")))).unwrap();
            query = query.or(group).unwrap();
        }
        let body = serde_json::to_value(&query).unwrap();
        prop_assert_eq!(body["filterGroups"].as_array().unwrap().len(), sizes.len());
    }
}
