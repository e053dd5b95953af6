//! Lenient readers for single fields.
//!
//! HubSpot spells the same field as text or as a number, leaves it out, or sends `null`; new
//! fields and values appear without notice. These readers take what means the same thing and
//! let the rest be absent, so that one odd field never costs a page of records.

use std::collections::BTreeMap;
use std::fmt;

use crm::{Moment, PipelineId, PropertyValue, StageId, TeamId};
use serde::de::{DeserializeOwned, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::{Number, Value};

/// A scalar as text; `null`, lists and objects are no text.
pub(crate) fn into_text(value: Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// The same, read without a tree in between: most of
/// every page of records is such scalars.
struct Scalar(Option<String>);

impl<'de> Deserialize<'de> for Scalar {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(ScalarVisitor).map(Self)
    }
}

struct ScalarVisitor;

impl<'de> Visitor<'de> for ScalarVisitor {
    type Value = Option<String>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("anything")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Some(text.to_owned()))
    }

    fn visit_string<E: Error>(self, text: String) -> Result<Self::Value, E> {
        Ok(Some(text))
    }

    fn visit_bool<E: Error>(self, flag: bool) -> Result<Self::Value, E> {
        Ok(Some(flag.to_string()))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Self::Value, E> {
        Ok(Some(number.to_string()))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Self::Value, E> {
        Ok(Some(number.to_string()))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Self::Value, E> {
        // As JSON spells it: 12000.0 and not 12000.
        Ok(Number::from_f64(number).map(|number| number.to_string()))
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(None)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(None)
    }
}

/// Text, where there is some.
pub(crate) fn text<'de, D: Deserializer<'de>>(from: D) -> Result<Option<String>, D::Error> {
    Scalar::deserialize(from).map(|scalar| scalar.0)
}

/// Text; empty where there is none.
pub(crate) fn text_or_empty<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    text(from).map(Option::unwrap_or_default)
}

/// A required scalar as text.
pub(crate) fn required_text<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    text(from)?
        .filter(|text| !text.is_empty())
        .ok_or_else(|| D::Error::custom("an id is missing"))
}

/// A pipeline's id, as text or as a number.
pub(crate) fn pipeline_id<'de, D: Deserializer<'de>>(from: D) -> Result<PipelineId, D::Error> {
    required_text(from).map(PipelineId::new)
}

/// A stage's id, as text or as a number.
pub(crate) fn stage_id<'de, D: Deserializer<'de>>(from: D) -> Result<StageId, D::Error> {
    required_text(from).map(StageId::new)
}

/// A team's id, as text or as a number.
pub(crate) fn team_id<'de, D: Deserializer<'de>>(from: D) -> Result<TeamId, D::Error> {
    required_text(from).map(TeamId::new)
}

/// An optional id; anything unreadable is absent.
pub(crate) fn id<'de, D: Deserializer<'de>, T: DeserializeOwned>(
    from: D,
) -> Result<Option<T>, D::Error> {
    Ok(serde_json::from_value(Value::deserialize(from)?).ok())
}

/// A whole number, as a number or as text; zero where there is none.
pub(crate) fn integer<'de, D: Deserializer<'de>>(from: D) -> Result<i64, D::Error> {
    let text = text(from)?.unwrap_or_default();
    Ok(text.trim().parse().unwrap_or_default())
}

/// A truth value, as such or as text; false where there is none.
pub(crate) fn flag<'de, D: Deserializer<'de>>(from: D) -> Result<bool, D::Error> {
    let text = text(from)?.unwrap_or_default();
    Ok(text.trim().eq_ignore_ascii_case("true"))
}

/// A time in any of HubSpot's spellings; anything unreadable is absent.
pub(crate) fn moment<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Moment>, D::Error> {
    Ok(text(from)?.and_then(|text| text.parse().ok()))
}

/// A list; `null` is an empty one.
pub(crate) fn list<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    from: D,
) -> Result<Vec<T>, D::Error> {
    Ok(Option::<Vec<T>>::deserialize(from)?.unwrap_or_default())
}

/// A list of scalars as text; entries that are none are left out, and so is what is no list.
pub(crate) fn texts<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<String>, D::Error> {
    Ok(match Value::deserialize(from)? {
        Value::Array(items) => items.into_iter().filter_map(into_text).collect(),
        _ => Vec::new(),
    })
}

/// A list whose entries each read themselves; those that cannot are left out.
pub(crate) fn lenient_list<'de, D: Deserializer<'de>, T: DeserializeOwned>(
    from: D,
) -> Result<Vec<T>, D::Error> {
    Ok(match Value::deserialize(from)? {
        Value::Array(items) => items
            .into_iter()
            .filter_map(|item| serde_json::from_value(item).ok())
            .collect(),
        _ => Vec::new(),
    })
}

/// A share or a count that may have a fraction; anything unreadable is absent.
pub(crate) fn real<'de, D: Deserializer<'de>>(from: D) -> Result<Option<f64>, D::Error> {
    let number: Option<f64> = text(from)?.and_then(|text| text.trim().parse().ok());
    Ok(number.filter(|number| number.is_finite()))
}

/// A count, as a number or as text; absent where there is none, or less than none.
pub(crate) fn count<'de, D: Deserializer<'de>>(from: D) -> Result<Option<u64>, D::Error> {
    Ok(text(from)?.and_then(|text| text.trim().parse().ok()))
}

/// A value whose default stands in for `null`.
pub(crate) fn or_default<'de, D: Deserializer<'de>, T: Deserialize<'de> + Default>(
    from: D,
) -> Result<T, D::Error> {
    Ok(Option::<T>::deserialize(from)?.unwrap_or_default())
}

/// A map of scalars; entries that are none are left out.
pub(crate) fn text_map<'de, D: Deserializer<'de>>(
    from: D,
) -> Result<BTreeMap<String, String>, D::Error> {
    let map = Option::<BTreeMap<String, Scalar>>::deserialize(from)?.unwrap_or_default();
    let texts = map
        .into_iter()
        .filter_map(|(key, scalar)| Some((key, scalar.0?)));
    Ok(texts.collect())
}

/// Property values. HubSpot promises text or `null`; other scalars are taken as their text.
pub(crate) fn values<'de, D: Deserializer<'de>>(
    from: D,
) -> Result<BTreeMap<String, PropertyValue>, D::Error> {
    let map = Option::<BTreeMap<String, Scalar>>::deserialize(from)?.unwrap_or_default();
    Ok(map
        .into_iter()
        .map(|(key, scalar)| (key, scalar.0.into()))
        .collect())
}

/// One property value.
pub(crate) fn value<'de, D: Deserializer<'de>>(from: D) -> Result<PropertyValue, D::Error> {
    text(from).map(PropertyValue::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Default, PartialEq, Deserialize)]
    struct Odd {
        #[serde(default, deserialize_with = "text")]
        text: Option<String>,
        #[serde(default, deserialize_with = "integer")]
        number: i64,
        #[serde(default, deserialize_with = "flag")]
        flag: bool,
        #[serde(default, deserialize_with = "moment")]
        at: Option<Moment>,
        #[serde(default, deserialize_with = "list")]
        list: Vec<String>,
        #[serde(default, deserialize_with = "text_map")]
        map: BTreeMap<String, String>,
    }

    #[track_caller]
    fn check(json: &str, expected: &Odd) {
        assert_eq!(
            &serde_json::from_str::<Odd>(json).unwrap(),
            expected,
            "{json}"
        );
    }

    #[test]
    fn absent_null_and_odd_are_no_error() {
        let nothing = Odd::default();
        check("{}", &nothing);
        check(
            r#"{"text":null,"number":null,"flag":null,"at":null,"list":null,"map":null,"new":[1]}"#,
            &nothing,
        );
        check(
            r#"{"text":{},"number":"x","flag":"maybe","at":"soon","map":{"a":[]}}"#,
            &nothing,
        );
    }

    #[test]
    fn text_and_bare_spellings_meet() {
        let same = Odd {
            text: Some("7".into()),
            number: 7,
            flag: true,
            at: Some(Moment::from_millis(1_793_606_400_000)),
            ..Odd::default()
        };
        check(
            r#"{"text":7,"number":7,"flag":true,"at":1793606400000}"#,
            &same,
        );
        check(
            r#"{"text":"7","number":"7","flag":"True","at":"2026-11-02T08:00:00Z"}"#,
            &same,
        );
    }
}
