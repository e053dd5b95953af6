//! What the user declares: kept version by version, and understood as HubSpot keeps or shows it.

use std::collections::BTreeMap;

use analyses::icp::{DeclaredIcp, Dimension};
use rusqlite::Connection;
use store::{DeclaredRow, PortalStore, StoreError};

use super::place::{called, place, property};
use crate::hint;
use crate::views::{DeclaredIcpView, IcpArgs};
use crate::wire::WireError;

/// Values by dimension.
type Declared = BTreeMap<String, Vec<String>>;

/// What is checked, and the version that it was kept as.
pub(super) type Asked = (Option<u32>, Option<DeclaredIcp>);

/// Those that no property's definition lists.
const NAMED: [&str; 5] = ["industry", "size", "country", "region", "source"];

pub(super) fn versions(store: &PortalStore) -> Result<Vec<DeclaredIcpView>, StoreError> {
    let rows = store.read(store::declared_icps)?;
    let view = |row: DeclaredRow| DeclaredIcpView {
        version: row.version,
        declared_at: row.declared_at,
        seen_until: row.seen_until,
        name: row.name,
        declared: row.values,
    };
    Ok(rows.into_iter().map(view).collect())
}

/// Which ICP is checked: the one asked about, else the newest that is kept, with its version.
pub(super) fn asked(
    connection: &Connection,
    args: &IcpArgs,
) -> Result<Result<Asked, WireError>, StoreError> {
    let of = |values: Declared| DeclaredIcp {
        values: values
            .into_iter()
            .map(|(name, of)| (name.into(), of))
            .collect(),
        seen_until: None,
    };
    if let Some(declared) = &args.declared {
        let resolved = resolve(connection, declared)?;
        return Ok(resolved.map(|values| (None, Some(values).filter(|v| !v.is_empty()).map(of))));
    }
    let newest = store::declared_icps(connection)?.into_iter().next();
    let newest = newest.filter(|row| !row.values.is_empty());
    Ok(Ok(newest.map_or((None, None), |row| {
        let declared = DeclaredIcp {
            seen_until: row.seen_until,
            ..of(row.values)
        };
        (Some(row.version), Some(declared))
    })))
}

/// What was typed, as HubSpot keeps it: a choice may be named by its label, in any case.
pub(super) fn resolve(
    connection: &Connection,
    declared: &Declared,
) -> rusqlite::Result<Result<Declared, WireError>> {
    let mut resolved = Declared::new();
    for (name, values) in declared {
        let dimension = match NAMED.contains(&name.as_str()) {
            true => Some(Dimension::from(name.clone())),
            false => property(connection, name)?,
        };
        let found = dimension.and_then(|dimension| Some((place(&dimension)?, dimension)));
        let Some((place, dimension)) = found else {
            return Ok(Err(WireError::bad_input(
                format!("Customers are not told apart by {name}."),
                hint::NAME_PROPERTY,
            )));
        };
        let choices = called(connection, &place)?.values;
        let mut kept = Vec::new();
        for value in values
            .iter()
            .map(|value| value.trim())
            .filter(|v| !v.is_empty())
        {
            let same = |text: &str| text.eq_ignore_ascii_case(value);
            let choice = choices
                .iter()
                .find(|(known, label)| same(known) || same(label));
            let is_size = dimension == Dimension::Size;
            match choice {
                Some((known, _)) => kept.push(known.clone()),
                None if choices.is_empty() && (!is_size || is_band(value)) => {
                    kept.push(value.to_owned());
                }
                None => return Ok(Err(no_value(name, value, is_size))),
            }
        }
        kept.sort_unstable();
        kept.dedup();
        if !kept.is_empty() {
            resolved.insert(dimension.into(), kept);
        }
    }
    Ok(Ok(resolved))
}

fn is_band(value: &str) -> bool {
    let least = value
        .split(['-', '+'])
        .next()
        .and_then(|from| from.parse().ok());
    least.and_then(analyses::icp::size_band) == Some(value)
}

fn no_value(name: &str, value: &str, is_size: bool) -> WireError {
    let message = format!("In this portal {name} is never {value}.");
    if is_size {
        let bands = "Sizes are 1-10, 11-50, 51-200, 201-1000, 1001-5000 and 5001+.";
        WireError::bad_input(message, bands)
    } else {
        WireError::bad_input(message, "Spell it as HubSpot shows it.")
    }
}
