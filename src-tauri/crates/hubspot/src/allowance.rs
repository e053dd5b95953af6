//! What a portal's plan allows, and how much of it is used.

use crm::Moment;
use serde::Deserialize;

use crate::wire;

/// A limit of the plan: in all, by type, or both.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Allowance {
    /// In all, where there is such a limit.
    pub overall: Use,
    /// By object type.
    pub types: Vec<TypeUse>,
}

/// How much of something is allowed and used. Every figure may be absent.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Use {
    /// How many there may be.
    pub limit: Option<u64>,
    /// How many there are.
    pub usage: Option<u64>,
    /// The share used, in percent.
    pub percentage: Option<f64>,
}

/// The same, of one object type.
#[derive(Debug, Clone, PartialEq)]
pub struct TypeUse {
    /// The type's id, such as `0-3`. Text: portals have types that this crate has no name for.
    pub type_id: String,
    /// How much.
    pub uses: Use,
}

/// The spellings of the calls below `/crm/limits`: some have one list, some two, some no list.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Raw {
    #[serde(default, alias = "limit", deserialize_with = "wire::count")]
    overall_limit: Option<u64>,
    #[serde(default, alias = "usage", deserialize_with = "wire::count")]
    overall_usage: Option<u64>,
    #[serde(default, alias = "percentage", deserialize_with = "wire::real")]
    overall_percentage: Option<f64>,
    #[serde(default, deserialize_with = "wire::lenient_list")]
    by_object_type: Vec<RawType>,
    #[serde(default, deserialize_with = "wire::lenient_list")]
    hubspot_defined_object_types: Vec<RawType>,
    #[serde(default)]
    custom_object_types: Option<Box<Raw>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawType {
    #[serde(
        rename = "objectTypeId",
        default,
        deserialize_with = "wire::text_or_empty"
    )]
    type_id: String,
    #[serde(default, deserialize_with = "wire::count")]
    limit: Option<u64>,
    #[serde(default, deserialize_with = "wire::count")]
    usage: Option<u64>,
    #[serde(default, deserialize_with = "wire::real")]
    percentage: Option<f64>,
}

impl<'de> Deserialize<'de> for Allowance {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let raw = Raw::deserialize(from)?;
        let custom = raw.custom_object_types.map(|custom| *custom);
        let of_custom = |own: Option<u64>, theirs: fn(&Raw) -> Option<u64>| {
            own.or_else(|| custom.as_ref().and_then(theirs))
        };
        let overall = Use {
            limit: of_custom(raw.overall_limit, |raw| raw.overall_limit),
            usage: of_custom(raw.overall_usage, |raw| raw.overall_usage),
            percentage: raw
                .overall_percentage
                .or_else(|| custom.as_ref().and_then(|raw| raw.overall_percentage)),
        };
        let types = raw
            .by_object_type
            .into_iter()
            .chain(raw.hubspot_defined_object_types)
            .chain(custom.into_iter().flat_map(|raw| raw.by_object_type));
        Ok(Self {
            overall,
            types: types
                .map(|raw| TypeUse {
                    type_id: raw.type_id,
                    uses: Use {
                        limit: raw.limit,
                        usage: raw.usage,
                        percentage: raw.percentage,
                    },
                })
                .collect(),
        })
    }
}

/// What a portal's plan limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limited {
    /// Records, by type; the custom types share what `overall` says.
    Records,
    /// Properties that the portal made.
    CustomProperties,
    /// Properties that HubSpot computes by the portal's formulas (Professional and up).
    CalculatedProperties,
    /// Pipelines.
    Pipelines,
    /// Object types of the portal's own (Enterprise).
    CustomObjectTypes,
}

impl Limited {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Records => "records",
            Self::CustomProperties => "custom-properties",
            Self::CalculatedProperties => "calculated-properties",
            Self::Pipelines => "pipelines",
            Self::CustomObjectTypes => "custom-object-types",
        }
    }
}

/// How many calls the account's private apps have made today, all of them together.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DailyUse {
    /// Which budget: `private-apps-api-calls-daily`.
    #[serde(default, deserialize_with = "wire::text_or_empty")]
    pub name: String,
    /// How many calls a day may have.
    #[serde(default, deserialize_with = "wire::count")]
    pub usage_limit: Option<u64>,
    /// How many there were.
    #[serde(default, deserialize_with = "wire::count")]
    pub current_usage: Option<u64>,
    /// When they were counted.
    #[serde(default, deserialize_with = "wire::moment")]
    pub collected_at: Option<Moment>,
    /// When the count begins again.
    #[serde(default, deserialize_with = "wire::moment")]
    pub resets_at: Option<Moment>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(json: &str, overall: (Option<u64>, Option<u64>), types: &[(&str, Option<u64>)]) {
        let allowance: Allowance = serde_json::from_str(json).unwrap();
        let found = (allowance.overall.limit, allowance.overall.usage);
        assert_eq!(found, overall, "{json}");
        let found: Vec<_> = allowance
            .types
            .iter()
            .map(|of| (of.type_id.as_str(), of.uses.usage))
            .collect();
        assert_eq!(found, types, "{json}");
    }

    #[test]
    fn each_spelling_of_a_limit_is_read() {
        check(
            r#"{"byObjectType":[{"objectTypeId":"0-3","limit":1000,"usage":12,"percentage":1.2}],"overallLimit":10000,"overallUsage":"40"}"#,
            (Some(10_000), Some(40)),
            &[("0-3", Some(12))],
        );
        check(
            r#"{"hubspotDefinedObjectTypes":[{"objectTypeId":"0-1","usage":7},"odd",{"objectTypeId":null,"usage":-1}],"customObjectTypes":{"byObjectType":[{"objectTypeId":"2-9","usage":3}],"overallLimit":500}}"#,
            (Some(500), None),
            &[("0-1", Some(7)), ("", None), ("2-9", Some(3))],
        );
        check(
            r#"{"limit":10,"usage":1,"percentage":10.0}"#,
            (Some(10), Some(1)),
            &[],
        );
        check(
            r#"{"customObjectTypes":null,"byObjectType":{}}"#,
            (None, None),
            &[],
        );
    }
}
