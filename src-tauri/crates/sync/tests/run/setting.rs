//! A portal, and the runs that read it.

use hubspot::Client;
use serde_json::json;
use sync::{SyncError, SyncOptions, SyncReport};
use tokio_util::sync::CancellationToken;

use crate::scripted::{Copy, Portal, Scripted, StoppedClock};

pub(crate) const DEALS: u64 = 23;

/// 23 deals, 4 contacts, 2 companies, 3 notes; each deal with one to five contacts.
pub(crate) fn portal() -> Portal {
    let mut portal = Portal::default();
    let mut add = |object: &str, ids: std::ops::RangeInclusive<u64>| {
        let of = portal.records.entry(object.to_owned()).or_default();
        for id in ids {
            let properties = json!({
                "dealname": format!("Deal {id}"), "amount": (id * 100).to_string(),
                "dealstage": if id % 3 == 0 { "won" } else { "open" }, "pipeline": "default",
                "hs_timestamp": "2026-10-01T08:00:00Z",
            });
            of.insert(id, properties);
        }
    };
    add("deals", 1..=DEALS);
    add("contacts", 101..=104);
    add("companies", 201..=202);
    add("notes", 301..=303);
    for deal in 1..=DEALS {
        let contacts = (101..)
            .take(usize::try_from(deal % 6).unwrap())
            .collect::<Vec<_>>();
        if !contacts.is_empty() {
            let key = ("deals".to_owned(), deal, "contacts".to_owned());
            portal.associations.insert(key, contacts);
        }
    }
    portal
}

pub(crate) fn options() -> SyncOptions {
    SyncOptions {
        page_size: Some(5),
        ..SyncOptions::default()
    }
}

pub(crate) async fn sync_with(
    client: &Client,
    copy: &Copy,
    options: &SyncOptions,
) -> Result<SyncReport, SyncError> {
    let cancel = CancellationToken::new();
    sync::run(
        client,
        &copy.store,
        options,
        &StoppedClock,
        &|_| {},
        &cancel,
    )
    .await
}

pub(crate) async fn sync(hubspot: &Scripted, copy: &Copy) -> Result<SyncReport, SyncError> {
    sync_with(&hubspot.client(), copy, &options()).await
}

/// Everything again.
pub(crate) async fn sync_fully(hubspot: &Scripted, copy: &Copy) -> Result<SyncReport, SyncError> {
    let options = SyncOptions {
        full: true,
        ..options()
    };
    sync_with(&hubspot.client(), copy, &options).await
}
