//! Which further properties a portal's scores learn from.

use std::collections::BTreeMap;

use analyses::scoring::Scored;
use crm::{Moment, ObjectType};
use rusqlite::Connection;
use store::{PortalStore, PropertiesRead, StoreError};

use super::feed::{added, usual};
use crate::app::App;
use crate::icp::place::{Place, TYPES, called};
use crate::open_portal::OpenPortal;
use crate::views::{CopyArgs, ScorePropertiesArgs, ScorePropertiesView, ScoreProperty};
use crate::wire::WireError;

/// Properties that may be added: each is a column of every training.
const MOST: usize = 20;
/// HubSpot's types of values that tell records apart. Dates and texts of the portal's own say something new
/// of each record.
const KINDS: [&str; 4] = ["enumeration", "bool", "number", "string"];
/// HubSpot's own properties of these types are names, addresses and ids more than anything else.
const FREE: &str = "string";

impl App {
    /// What scores of deals learn from, and what else of the copy they could.
    ///
    /// # Errors
    /// When the portal is unknown.
    pub async fn score_properties(&self, args: CopyArgs) -> Result<ScorePropertiesView, WireError> {
        let portal = self.copy(args.portal).await?;
        portal.with_store(|store| Ok(store.read(view)?)).await
    }

    /// Chooses what else scores of deals learn from, from the next training on. The choice is kept beside those
    /// before it.
    ///
    /// # Errors
    /// When the portal or a property is unknown, or there are too many.
    pub async fn score_properties_set(
        &self,
        args: ScorePropertiesArgs,
    ) -> Result<ScorePropertiesView, WireError> {
        let portal = self.portal(args.portal).await?;
        let now = self.now();
        portal
            .with_store(move |store| {
                keep(store, Scored::Deals, &args.properties, now)?;
                Ok(store.read(view)?)
            })
            .await
    }
}

/// The properties to train with: those that are named, which are kept from now on, else those that are
/// kept.
pub(super) async fn wanted(
    portal: &OpenPortal,
    of: Scored,
    named: Vec<String>,
    now: Moment,
) -> Result<Vec<String>, WireError> {
    portal
        .with_store(move |store| {
            if !named.is_empty() {
                keep(store, of, &named, now)?;
            }
            Ok(chosen(store, of)?.unwrap_or_default())
        })
        .await
}

/// The properties that are kept; none where nobody has chosen yet.
pub(super) fn chosen(store: &PortalStore, of: Scored) -> Result<Option<Vec<String>>, WireError> {
    Ok(store.read(|connection| store::score_properties(connection, of.event()))?)
}

/// Keeps a choice under full names, unless it is the one in force.
fn keep(store: &PortalStore, of: Scored, named: &[String], now: Moment) -> Result<(), WireError> {
    if named.len() > MOST {
        return Err(WireError::bad_input(
            format!("A score learns from {MOST} further properties at most."),
            "Choose those that are known before a deal is closed.",
        ));
    }
    let full = store.read(|connection| Ok(named_in_full(connection, of, named)?))??;
    if chosen(store, of)?.unwrap_or_default() != full {
        store.write(|tx| store::set_score_properties(tx, now, of.event(), &full))?;
    }
    Ok(())
}

/// `companies.tier` for `tier`. Those that every score learns from need not be named.
fn named_in_full(
    connection: &Connection,
    of: Scored,
    named: &[String],
) -> Result<Result<Vec<String>, WireError>, rusqlite::Error> {
    let mut full = Vec::new();
    for name in named {
        let Some(found) = added(connection, of, name)? else {
            return Ok(Err(crate::icp::no_property(name)));
        };
        let name = name_of(&found);
        if !is_usual(of, &found) && !full.contains(&name) {
            full.push(name);
        }
    }
    full.sort_unstable();
    Ok(Ok(full))
}

fn name_of(place: &Place) -> String {
    format!("{}.{}", place.object, place.property)
}

fn is_usual(of: Scored, place: &Place) -> bool {
    let is = |(object, property): &(ObjectType, &str)| {
        *object == place.object && *property == place.property
    };
    usual(of).iter().any(is)
}

fn view(connection: &Connection) -> Result<ScorePropertiesView, StoreError> {
    let chosen = store::score_properties(connection, Scored::Deals.event())?.unwrap_or_default();
    let read: BTreeMap<ObjectType, PropertiesRead> = store::change_cursors(connection)?
        .into_iter()
        .map(|cursor| (cursor.object, cursor.properties_read))
        .collect();
    let mut view = ScorePropertiesView {
        usual: Vec::new(),
        chosen: Vec::new(),
        offered: Vec::new(),
    };
    for object in TYPES {
        let is_read = |name: &str| {
            let of = read.get(&object);
            of.is_some_and(|read| read.values.contains_key(name))
        };
        for defined in store::defined_properties(connection, &object)? {
            let place = Place {
                object: object.clone(),
                property: defined.name,
            };
            let name = name_of(&place);
            let (is_usual, is_chosen) = (is_usual(Scored::Deals, &place), chosen.contains(&name));
            let is_own = !defined.hubspot_defined;
            let kind = defined.kind.as_str();
            let tells = KINDS.contains(&kind) && !defined.calculated && (is_own || kind != FREE);
            if !(is_usual || is_chosen || (tells && is_read(&place.property))) {
                continue;
            }
            let Some(label) = called(connection, &place)?.label else {
                continue;
            };
            let list = match (is_usual, is_chosen) {
                (true, _) => &mut view.usual,
                (false, true) => &mut view.chosen,
                (false, false) => &mut view.offered,
            };
            list.push(ScoreProperty {
                name,
                label,
                is_own,
            });
        }
    }
    view.offered
        .sort_by(|a, b| b.is_own.cmp(&a.is_own).then_with(|| a.label.cmp(&b.label)));
    Ok(view)
}
