//! The small streams, each stored whole: the account, owners, pipelines, property definitions.

use std::collections::HashSet;

use crm::ObjectType;
use hubspot::AccountInfo;

use crate::convert;
use crate::error::SyncError;
use crate::lander::{Landed, Lander};
use crate::landing::{Milestone, Rows};
use crate::plan::Stream;
use crate::work::Work;

pub(super) async fn account(
    work: &Work<'_>,
    account: AccountInfo,
    lander: &mut Lander<'_, '_>,
) -> Result<(), SyncError> {
    // Before anything of another portal can be written into this one's file.
    if account.portal != work.store.id() {
        return Err(SyncError::WrongPortal {
            expected: work.store.id(),
            found: account.portal,
        });
    }
    let known = work.in_store(store::PortalStore::info).await?;
    let info = convert::account(account, known, work.clock.now());
    lander.land(Rows::Account(info), 1, None).await?;
    lander.settle().await
}

pub(super) async fn owners(
    work: &Work<'_>,
    stream: &Stream,
    lander: &mut Lander<'_, '_>,
) -> Result<(), SyncError> {
    let mut rows = Vec::new();
    for archived in [false, true] {
        let mut seen = HashSet::new();
        let mut after: Option<String> = None;
        loop {
            let page = work.client.owners(archived, after.as_deref());
            let page = work.ask(stream, page).await?;
            let owners = page.results.into_iter();
            rows.extend(owners.map(|owner| convert::owner(owner, archived)));
            after = page.after;
            match &after {
                None => break,
                Some(next) if seen.insert(next.clone()) => {}
                Some(_) => {
                    let stream = stream.to_string();
                    return Err(SyncError::CursorRepeated { stream });
                }
            }
        }
    }
    let count = rows.len();
    lander.land(Rows::Owners(rows), count, None).await?;
    lander.settle().await
}

pub(super) async fn pipelines(
    work: &Work<'_>,
    stream: &Stream,
    object: &ObjectType,
    lander: &mut Lander<'_, '_>,
) -> Result<(), SyncError> {
    let pipelines = work.ask(stream, work.client.pipelines(object)).await?;
    let rows: Vec<_> = pipelines
        .into_iter()
        .filter(|pipeline| !pipeline.archived)
        .map(convert::pipeline)
        .collect();
    let count = rows.len();
    let rows = Rows::Pipelines(object.clone(), rows);
    lander.land(rows, count, None).await?;
    lander.settle().await
}

pub(super) async fn properties(
    work: &Work<'_>,
    stream: &Stream,
    object: &ObjectType,
    lander: &mut Lander<'_, '_>,
) -> Result<(), SyncError> {
    let definitions = work.ask(stream, work.client.properties(object)).await?;
    let rows: Vec<_> = definitions
        .into_iter()
        // Nothing that a portal marks as sensitive is read unless the user asks for it by name.
        .filter(|definition| !definition.archived && !definition.is_sensitive())
        .map(convert::property)
        .collect();
    let count = rows.len();
    let rows = Rows::Properties(object.clone(), rows);
    lander.land(rows, count, None).await?;
    lander.settle().await
}

/// The kinds of association of a pair. Where they are others than before, whatever was read of the
/// pair's associations may be called otherwise by now, or be gone: all of them are read again.
pub(super) async fn labels(
    work: &Work<'_>,
    stream: &Stream,
    from: &ObjectType,
    to: &ObjectType,
    lander: &mut Lander<'_, '_>,
) -> Result<(), SyncError> {
    let labels = work.client.association_labels(from, to);
    let labels = work.ask(stream, labels).await?;
    let mut rows: Vec<_> = labels.into_iter().map(convert::association_label).collect();
    rows.sort();
    let (of, with) = (from.clone(), to.clone());
    let known = work.in_store(move |store| {
        store.read(|connection| store::association_labels(connection, &of, &with))
    });
    let is_new = known.await? != rows;
    let count = rows.len();
    let landed = Landed {
        milestone: is_new.then(|| Milestone::Pair(from.clone(), to.clone(), None)),
        ..Landed::of(Rows::Labels(from.clone(), to.clone(), rows), count, None)
    };
    lander.land_all(landed).await?;
    lander.settle().await
}
