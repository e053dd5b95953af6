//! Texts of activities: read of all records once they are asked for, and gone when they are no longer
//! wanted, however often.

use serde_json::json;
use sync::SyncOptions;

use crate::both::Both;

const NOTE: u64 = 7_001;

/// How many activities hold a text.
fn texts(both: &Both) -> i64 {
    both.copy.count(
        "SELECT count(*) FROM record WHERE properties ->> '$.hs_note_body' IS NOT NULL \
         OR properties ->> '$.hs_email_subject' IS NOT NULL",
    )
}

fn write(both: &Both) {
    both.hubspot.change(|portal| {
        let subject = ("hs_email_subject".to_owned(), true);
        let defined = portal.definitions.entry("emails".to_owned()).or_default();
        defined.push(subject);
        let notes = portal.records.entry("notes".to_owned()).or_default();
        notes.insert(
            NOTE,
            json!({ "hs_note_body": "They chose Pipedrive", "hs_timestamp": "2026-01-05T10:00:00Z" }),
        );
        let emails = portal.records.entry("emails".to_owned()).or_default();
        emails.insert(
            NOTE + 1,
            json!({ "hs_email_subject": "Re: Pipedrive" }),
        );
    });
}

#[tokio::test]
async fn texts_come_when_they_are_asked_for_and_go_when_they_are_not() {
    let both = Both::copied().await;
    write(&both);
    let full = SyncOptions {
        full: true,
        ..SyncOptions::default()
    };
    both.sync_with(&full).await.unwrap();
    // This HubSpot tells more than it is asked for; what is asked for, the options say.
    let store = &both.copy.store;
    store.write(store::purge_activity_texts).unwrap();
    assert_eq!(texts(&both), 0);
    let now = crm::Moment::from_millis(1_000);
    for round in 0..2 {
        store
            .write(|tx| store::read_activity_texts(tx, now))
            .unwrap();
        both.clock.advance(1);
        let options = SyncOptions::default().with_texts();
        both.sync_with(&options).await.unwrap();
        assert_eq!(
            texts(&both),
            2,
            "round {round}: of records that were stored too"
        );
        let removed = store.write(store::purge_activity_texts).unwrap();
        assert_eq!((removed, texts(&both)), (2, 0));
        assert_eq!(store.read(store::activity_texts_since).unwrap(), None);
    }
}
