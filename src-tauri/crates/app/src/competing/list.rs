//! The list of competitors that a portal's people keep, and the switch for reading texts.

use analyses::competitors::{CompetitorList, ListError, propose_property};
use crm::{Moment, ObjectType};
use rusqlite::Connection;
use store::{CompetitorDictionary, StoreError};
use sync::SyncOptions;

use super::gather::{REASONS, defined};
use crate::app::App;
use crate::hint;
use crate::open_portal::OpenPortal;
use crate::syncing::turn;
use crate::views::{
    CompetitorChangeArgs, CompetitorListView, CompetitorPropertyView, CompetitorTextsArgs,
    CopyArgs, CopyId,
};
use crate::wire::WireError;

/// A list and what is known of its making.
pub(super) struct Kept {
    pub(super) list: CompetitorList,
    version: u64,
    changed_at: Option<Moment>,
    texts_since: Option<Moment>,
}

/// The list in force; an empty one where nobody has made any.
pub(super) fn kept(connection: &Connection) -> Result<Kept, StoreError> {
    let texts_since = store::activity_texts_since(connection)?;
    let found = store::competitor_dictionary(connection)?;
    let (list, version, changed_at) = match found {
        None => (CompetitorList::default(), 0, None),
        Some(found) => (read(&found)?, found.version, Some(found.made_at)),
    };
    Ok(Kept {
        list,
        version,
        changed_at,
        texts_since,
    })
}

fn read(found: &CompetitorDictionary) -> Result<CompetitorList, StoreError> {
    serde_json::from_str(&found.json).map_err(|_| StoreError::BadValue("competitors"))
}

/// The list as it is shown.
pub(super) fn view(
    connection: &Connection,
    portal: &OpenPortal,
    id: CopyId,
) -> Result<(Kept, CompetitorListView), StoreError> {
    let kept = kept(connection)?;
    let defined = defined(connection, &ObjectType::DEALS)?;
    let chosen = &kept.list.properties;
    let label = |name: &str| {
        let mut known = defined.iter();
        let found = known.find(|property| property.name == name);
        found.map(|property| property.label.clone())
    };
    let proposed = defined
        .iter()
        .filter(|property| property.holds_words())
        .filter(|property| REASONS.iter().all(|(name, _)| *name != property.name))
        .filter_map(|property| propose_property(&property.name, &property.label))
        .filter(|property| chosen.iter().all(|known| known.name != property.name));
    let of = |property: analyses::competitors::CompetitorProperty| CompetitorPropertyView {
        label: label(&property.name),
        property,
    };
    let view = CompetitorListView {
        portal: id,
        snapshot: portal.snapshot(),
        version: kept.version,
        changed_at: kept.changed_at,
        texts_since: kept.texts_since,
        competitors: kept.list.dictionary.competitors.clone(),
        own_names: kept.list.dictionary.own_names.clone(),
        ordinary_words: kept.list.dictionary.ordinary_words.clone(),
        properties: chosen.iter().cloned().map(of).collect(),
        proposed: proposed.map(of).collect(),
        removed: 0,
    };
    Ok((kept, view))
}

impl App {
    /// The competitors that are looked for in a portal, and whether texts of activities are read.
    ///
    /// # Errors
    /// When the portal is unknown or its file cannot be read.
    pub async fn competitor_list(&self, args: CopyArgs) -> Result<CompetitorListView, WireError> {
        let portal = self.copy(args.portal).await?;
        list_view(&portal, args.portal).await
    }

    /// Changes the list, by all of the changes or none; every version of it is kept.
    ///
    /// # Errors
    /// When there is nothing to change, or the names do not fit together.
    pub async fn competitor_change(
        &self,
        args: CompetitorChangeArgs,
    ) -> Result<CompetitorListView, WireError> {
        let portal = self.portal(args.portal).await?;
        let now = self.now();
        portal
            .with_store(move |store| {
                let changes = args.changes;
                let Some(first) = changes.first() else {
                    return Err(WireError::bad_input(
                        "No change of the list was asked for.",
                        hint::SEE_COMPETITORS,
                    ));
                };
                // The reading and the writing are one transaction: of two changes at once none is lost.
                let changed = store.write(|tx| {
                    let before = kept(tx)?.list;
                    let list = match changes
                        .iter()
                        .try_fold(before, |list, change| list.after(change))
                    {
                        Ok(list) => list,
                        Err(error) => return Ok(Err(error)),
                    };
                    let json = serde_json::to_string(&list)
                        .map_err(|_| StoreError::BadValue("competitors"))?;
                    store::save_competitor_dictionary(tx, now, first.word(), &json)?;
                    Ok(Ok(()))
                })?;
                changed.map_err(WireError::from)
            })
            .await?;
        list_view(&portal, CopyId::Portal(args.portal)).await
    }

    /// Switches the reading of note bodies and e-mail subjects on or off. Off removes every one of them
    /// from the copy.
    ///
    /// # Errors
    /// While the portal is being read.
    pub async fn competitor_texts(
        &self,
        args: CompetitorTextsArgs,
    ) -> Result<CompetitorListView, WireError> {
        let portal = self.portal(args.portal).await?;
        // A run that is at work would go on by the old choice.
        let _turn = turn(&portal)?;
        let _run = self.begin_run(&portal).await?;
        let now = self.now();
        let removed = portal
            .with_store(move |store| {
                if args.on {
                    store.write(|tx| store::read_activity_texts(tx, now))?;
                    return Ok(0);
                }
                let removed = store.write_durable(store::purge_activity_texts)?;
                store.checkpoint()?;
                Ok(removed)
            })
            .await?;
        // No answer may quote a text that is gone.
        portal.forget_loaded().await;
        let view = list_view(&portal, CopyId::Portal(args.portal)).await?;
        Ok(CompetitorListView { removed, ..view })
    }
}

async fn list_view(portal: &OpenPortal, id: CopyId) -> Result<CompetitorListView, WireError> {
    let shown = portal.clone();
    portal
        .with_store(move |store| {
            let (_, view) = store.read(|connection| view(connection, &shown, id))?;
            Ok(view)
        })
        .await
}

impl OpenPortal {
    /// What a sync of this portal reads: also what its people want read for its competitors.
    pub(crate) async fn sync_options(&self) -> Result<SyncOptions, WireError> {
        let kept = self.with_store(|store| Ok(store.read(kept)?)).await?;
        let mut options = SyncOptions::default();
        if kept.texts_since.is_some() {
            options = options.with_texts();
        }
        if kept.version > 0 {
            let reasons = REASONS.map(|(name, _)| name.to_owned());
            let chosen = kept.list.properties.into_iter();
            let histories: Vec<String> = reasons
                .into_iter()
                .chain(chosen.map(|property| property.name))
                .collect();
            options = options.with_deal_histories(&histories);
        }
        Ok(options)
    }
}

impl From<ListError> for WireError {
    fn from(error: ListError) -> Self {
        // What a dictionary refuses is told by key alone, never by text from the portal.
        Self::bad_input(
            format!("The list was not changed: {error}."),
            hint::SEE_COMPETITORS,
        )
    }
}
