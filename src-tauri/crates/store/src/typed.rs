//! Typed columns read from a record's raw text. What does not parse is nothing here and is still
//! readable in the raw text.

use std::collections::BTreeMap;

use crm::{Currency, Moment, ObjectType, OwnerId, PropertyValue, parse_amount};

/// A record's raw text by property name.
pub(crate) type Properties = BTreeMap<String, PropertyValue>;

/// The typed columns of a deal.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct DealColumns {
    pub(crate) name: Option<String>,
    pub(crate) pipeline_id: Option<String>,
    pub(crate) stage_id: Option<String>,
    pub(crate) amount: Option<String>,
    pub(crate) currency: Option<String>,
    pub(crate) home_amount: Option<String>,
    pub(crate) created_at: Option<i64>,
    pub(crate) close_at: Option<i64>,
    pub(crate) owner_id: Option<u64>,
    pub(crate) is_closed: Option<bool>,
    pub(crate) is_won: Option<bool>,
}

/// The typed columns of an activity.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct ActivityColumns {
    pub(crate) at: Option<i64>,
    pub(crate) owner_id: Option<u64>,
    pub(crate) direction: Option<String>,
    pub(crate) outcome: Option<String>,
}

pub(crate) fn deal(properties: &Properties) -> DealColumns {
    let text = |name: &str| text(properties, name).map(str::to_owned);
    DealColumns {
        name: text("dealname"),
        pipeline_id: text("pipeline"),
        stage_id: text("dealstage"),
        amount: amount(properties, "amount"),
        currency: self::text(properties, "deal_currency_code")
            .and_then(|code| code.parse::<Currency>().ok())
            .map(|currency| currency.code().to_owned()),
        home_amount: amount(properties, "amount_in_home_currency")
            .or_else(|| amount(properties, "hs_deal_amount_in_home_currency")),
        created_at: moment(properties, "createdate"),
        close_at: moment(properties, "closedate"),
        owner_id: owner(properties),
        is_closed: truth(properties, "hs_is_closed"),
        is_won: truth(properties, "hs_is_closed_won"),
    }
}

pub(crate) fn activity(object_type: &ObjectType, properties: &Properties) -> ActivityColumns {
    // Which properties say where an activity came from and how it ended, by type of activity.
    let (direction, outcome): (&[&str], &[&str]) = if *object_type == ObjectType::CALLS {
        (
            &["hs_call_direction"],
            &["hs_call_disposition", "hs_call_status"],
        )
    } else if *object_type == ObjectType::EMAILS {
        (&["hs_email_direction"], &["hs_email_status"])
    } else if *object_type == ObjectType::MEETINGS {
        (&[], &["hs_meeting_outcome"])
    } else if *object_type == ObjectType::TASKS {
        (&[], &["hs_task_status"])
    } else {
        (&[], &[])
    };
    let first = |names: &[&str]| {
        names
            .iter()
            .find_map(|name| text(properties, name))
            .map(str::to_owned)
    };
    ActivityColumns {
        at: moment(properties, "hs_timestamp"),
        owner_id: owner(properties),
        direction: first(direction),
        outcome: first(outcome),
    }
}

fn text<'p>(properties: &'p Properties, name: &str) -> Option<&'p str> {
    properties.get(name)?.text()
}

fn amount(properties: &Properties, name: &str) -> Option<String> {
    parse_amount(text(properties, name)?).map(|amount| amount.to_string())
}

pub(crate) fn moment(properties: &Properties, name: &str) -> Option<i64> {
    text(properties, name)?.parse().ok().map(Moment::millis)
}

fn owner(properties: &Properties) -> Option<u64> {
    text(properties, "hubspot_owner_id")?
        .parse()
        .ok()
        .map(OwnerId::get)
}

fn truth(properties: &Properties, name: &str) -> Option<bool> {
    match text(properties, name)? {
        "true" => Some(true),
        "false" => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn properties(pairs: &[(&str, &str)]) -> Properties {
        pairs
            .iter()
            .map(|(name, value)| {
                (
                    (*name).to_owned(),
                    PropertyValue::from(Some((*value).to_owned())),
                )
            })
            .collect()
    }

    #[test]
    fn a_deal_is_typed() {
        let typed = deal(&properties(&[
            ("dealname", "Pump line"),
            ("pipeline", "default"),
            ("dealstage", "contractsent"),
            ("amount", "1.2E4"),
            ("deal_currency_code", "eur"),
            ("hs_deal_amount_in_home_currency", "13000.50"),
            ("createdate", "2026-01-05T10:00:00.123Z"),
            ("closedate", "2026-11-02"),
            ("hubspot_owner_id", "41"),
            ("hs_is_closed", "true"),
            ("hs_is_closed_won", "false"),
        ]));
        let expected = DealColumns {
            name: Some("Pump line".to_owned()),
            pipeline_id: Some("default".to_owned()),
            stage_id: Some("contractsent".to_owned()),
            amount: Some("12000".to_owned()),
            currency: Some("EUR".to_owned()),
            home_amount: Some("13000.50".to_owned()),
            created_at: Some(1_767_607_200_123),
            close_at: Some(1_793_577_600_000),
            owner_id: Some(41),
            is_closed: Some(true),
            is_won: Some(false),
        };
        assert_eq!(typed, expected);
    }

    #[test]
    fn what_does_not_parse_is_nothing() {
        let typed = deal(&properties(&[
            ("amount", "a lot"),
            ("deal_currency_code", "€"),
            ("closedate", "soon"),
            ("hubspot_owner_id", "-1"),
            ("hs_is_closed", "yes"),
            ("dealname", ""),
        ]));
        assert_eq!(typed, DealColumns::default());
    }

    #[test]
    fn each_activity_has_its_own_words() {
        #[track_caller]
        fn check(of: &ObjectType, given: &[(&str, &str)], direction: &str, outcome: &str) {
            let typed = activity(of, &properties(given));
            assert_eq!(typed.direction.unwrap_or_default(), direction);
            assert_eq!(typed.outcome.unwrap_or_default(), outcome);
        }
        let call = [("hs_call_direction", "INBOUND"), ("hs_call_status", "BUSY")];
        check(&ObjectType::CALLS, &call, "INBOUND", "BUSY");
        check(&ObjectType::NOTES, &call, "", "");
        let mail = [("hs_email_direction", "EMAIL"), ("hs_email_status", "SENT")];
        check(&ObjectType::EMAILS, &mail, "EMAIL", "SENT");
        check(
            &ObjectType::MEETINGS,
            &[("hs_meeting_outcome", "NO_SHOW")],
            "",
            "NO_SHOW",
        );
        check(
            &ObjectType::TASKS,
            &[("hs_task_status", "WAITING")],
            "",
            "WAITING",
        );
    }
}
