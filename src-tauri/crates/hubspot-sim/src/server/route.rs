//! Paths: the date-versioned ones and the older spellings of the same calls (HubSpot's migration
//! guide to date-based versions).

/// Which part of the API a path speaks to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Area {
    /// Records.
    Objects,
    /// Associations between records.
    Associations,
    /// Property definitions and groups.
    Properties,
    /// Rules for properties' values.
    Validations,
    /// Pipelines.
    Pipelines,
    /// Owners.
    Owners,
    /// Custom object schemas.
    Schemas,
    /// Lists of records, "segments" in HubSpot's pages.
    Lists,
    /// What the plan allows.
    Limits,
    /// The account.
    Account,
    /// Tokens and the consent page.
    OAuth,
    /// The older call that tells what a static token may do.
    PrivateApps,
    /// Uninstalling the app.
    Uninstall,
}

/// How a path spells the version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Version {
    /// `v1` or `v2`.
    Old,
    /// `v3`.
    V3,
    /// `v4`.
    V4,
    /// `2026-03`.
    March,
    /// `2026-09`.
    September,
}

impl Version {
    fn parse(text: &str) -> Option<Self> {
        match text {
            "v1" | "v2" => Some(Self::Old),
            "v3" => Some(Self::V3),
            "v4" => Some(Self::V4),
            "2026-03" => Some(Self::March),
            "2026-09" => Some(Self::September),
            _ => None,
        }
    }
}

/// A path understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Route<'a> {
    /// Which part of the API.
    pub area: Area,
    /// Which spelling.
    pub version: Version,
    /// What follows area and version.
    pub rest: Vec<&'a str>,
}

/// Understands a path; `None` is a 404.
pub(crate) fn parse<'a>(segments: &[&'a str]) -> Option<Route<'a>> {
    let (area, version, rest) = match segments {
        ["oauth", "authorize", rest @ ..] => return consent("authorize", rest),
        ["oauth", number, "authorize", rest @ ..] if number.bytes().all(|b| b.is_ascii_digit()) => {
            return consent("authorize", rest);
        }
        [
            "oauth",
            version @ ("v1" | "v3" | "2026-03" | "2026-09"),
            rest @ ..,
        ] => (Area::OAuth, *version, rest),
        ["oauth", "v2", "private-apps", rest @ ..] => (Area::PrivateApps, "v2", rest),
        ["account-info", version, rest @ ..] => (Area::Account, *version, rest),
        ["appinstalls", version, rest @ ..] => (Area::Uninstall, *version, rest),
        ["crm-object-schemas", version, "schemas", rest @ ..] => (Area::Schemas, *version, rest),
        ["crm", "v3", "schemas", rest @ ..] => (Area::Schemas, "v3", rest),
        // The legacy spelling has the version in front of the area, the dated one behind it.
        ["crm", version @ ("v3" | "v4"), name, rest @ ..] => (area(name)?, *version, rest),
        ["crm", name, version @ ("2026-03" | "2026-09"), rest @ ..] => {
            (area(name)?, *version, rest)
        }
        _ => return None,
    };
    Some(Route {
        area,
        version: Version::parse(version)?,
        rest: rest.to_vec(),
    })
}

fn consent<'a>(first: &'a str, rest: &[&'a str]) -> Option<Route<'a>> {
    let mut whole = vec![first];
    whole.extend(rest);
    Some(Route {
        area: Area::OAuth,
        version: Version::Old,
        rest: whole,
    })
}

fn area(name: &str) -> Option<Area> {
    match name {
        "objects" => Some(Area::Objects),
        "associations" => Some(Area::Associations),
        "properties" => Some(Area::Properties),
        "property-validations" => Some(Area::Validations),
        "lists" => Some(Area::Lists),
        "pipelines" => Some(Area::Pipelines),
        "owners" => Some(Area::Owners),
        "limits" => Some(Area::Limits),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(path: &str, expected: Option<(Area, Version, &[&str])>) {
        let segments: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
        let found = parse(&segments);
        let expected = expected.map(|(area, version, rest)| Route {
            area,
            version,
            rest: rest.to_vec(),
        });
        assert_eq!(found, expected, "{path}");
    }

    #[test]
    fn both_spellings_lead_to_the_same_place() {
        use Area::{Associations, OAuth, Objects, Schemas};
        use Version::{March, Old, September, V3, V4};
        check(
            "/crm/objects/2026-09/deals/search",
            Some((Objects, September, &["deals", "search"])),
        );
        check(
            "/crm/v3/objects/deals/search",
            Some((Objects, V3, &["deals", "search"])),
        );
        check(
            "/crm/v4/objects/deals/5/associations/contacts",
            Some((Objects, V4, &["deals", "5", "associations", "contacts"])),
        );
        check(
            "/crm/associations/2026-03/0-3/0-1/labels",
            Some((Associations, March, &["0-3", "0-1", "labels"])),
        );
        check(
            "/crm-object-schemas/2026-09/schemas",
            Some((Schemas, September, &[])),
        );
        check("/crm/v3/schemas", Some((Schemas, V3, &[])));
        check("/oauth/authorize", Some((OAuth, Old, &["authorize"])));
        check("/oauth/4242/authorize", Some((OAuth, Old, &["authorize"])));
        check("/oauth/v1/token", Some((OAuth, Old, &["token"])));
        check("/crm/objects/2027-03/deals", None);
        check("/crm/v2/objects/deals", None);
        check("/crm/everything/2026-09", None);
        check("/", None);
    }
}
