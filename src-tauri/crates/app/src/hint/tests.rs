use std::collections::BTreeMap;

use crm::Moment;
use hubspot::oauth::ConnectError;
use hubspot::{AppFault, Kind};
use store::{SnapshotError, StoreError, VaultError};
use sync::SyncError;
use writeback::{PlanId, PlanState, WritebackError};

use super::*;
use crate::wire::{ErrorCode, WireError, internal};

/// What only one of the two faces has.
const OF_THE_WINDOW: &[&str] = &["the page", "button", "in its row"];
const OF_THE_TERMINAL: &[&str] = &["plumbline ", "PLUMBLINE_", "--", "Ctrl-C", PORTAL];

fn names(text: &str, words: &[&str]) -> bool {
    words.iter().any(|word| text.contains(word))
}

#[test]
fn each_face_is_told_in_its_own_words() {
    for hint in ALL {
        let (window, terminal) = (hint.in_window(), hint.in_terminal(None));
        assert!(!names(window, OF_THE_TERMINAL), "{window}");
        assert!(names(&terminal, OF_THE_TERMINAL), "{terminal}");
        assert!(!names(&terminal, OF_THE_WINDOW), "{terminal}");
    }
}

#[test]
fn the_terminal_names_the_portal_that_was_asked_about() {
    let portal = Some(PortalId::new(42));
    assert_eq!(
        ALLOW_WRITING.in_terminal(portal),
        "HubSpot asks for consent once more: plumbline connect --again 42 --for writeback"
    );
    assert!(ALLOW_WRITING.in_terminal(None).contains("--again PORTAL"));
    assert_eq!(Hint::from("Try later.").in_terminal(portal), "Try later.");
}

#[test]
fn on_the_wire_a_hint_is_the_windows_words() {
    let json = serde_json::to_value(RECONNECT).unwrap();
    assert_eq!(json, RECONNECT.in_window());
    let read: Hint = serde_json::from_value(json).unwrap();
    assert_eq!(read.in_terminal(None), RECONNECT.in_window());
}

/// The place of a code in [`errors`]. A new code does not compile until it has one.
fn place(code: ErrorCode) -> usize {
    match code {
        ErrorCode::BadInput => 0,
        ErrorCode::UnknownPortal => 1,
        ErrorCode::Locked => 2,
        ErrorCode::WrongPassphrase => 3,
        ErrorCode::KeychainUnavailable => 4,
        ErrorCode::Disconnected => 5,
        ErrorCode::TokenRefused => 6,
        ErrorCode::MissingScope => 7,
        ErrorCode::Unreachable => 8,
        ErrorCode::RateLimited => 9,
        ErrorCode::Refused => 10,
        ErrorCode::Cancelled => 11,
        ErrorCode::ConsentTimedOut => 12,
        ErrorCode::InUse => 13,
        ErrorCode::DiskFull => 14,
        ErrorCode::NewerData => 15,
        ErrorCode::Damaged => 16,
        ErrorCode::DefinitionConflict => 17,
        ErrorCode::WrongPlanState => 18,
        ErrorCode::Internal => 19,
    }
}

const CODES: usize = 20;

fn of(kind: Kind) -> WireError {
    hubspot::Error::from(kind).into()
}

/// An error of every code, and the command that the terminal names for it, where there is one.
fn errors() -> Vec<(WireError, &'static str)> {
    let portal = PortalId::new(42);
    let state = || WritebackError::WrongState {
        plan: PlanId(1),
        state: PlanState::Applied,
        step: "approved",
    };
    let in_the_way = || WritebackError::InTheWay {
        name: "plumbline_win_probability".to_owned(),
        obstacle: writeback::Obstacle::OtherGroup {
            found: "theirs".to_owned(),
            wanted: "plumbline".to_owned(),
        },
    };
    let wrong_portal = || SyncError::WrongPortal {
        expected: portal,
        found: PortalId::new(43),
    };
    vec![
        (
            StoreError::AlreadyExists(portal).into(),
            "plumbline forget 42",
        ),
        (
            StoreError::NetworkFileSystem("nfs".to_owned()).into(),
            "--data-dir",
        ),
        (
            WritebackError::UnknownPlan(PlanId(1)).into(),
            "plumbline writeback history 42",
        ),
        (SnapshotError::ReadOnly.into(), "plumbline sync"),
        (
            SnapshotError::NotASnapshot.into(),
            "plumbline snapshot save",
        ),
        (of(Kind::App(AppFault::ClientSecret)), ""),
        (StoreError::NoSuchPortal(portal).into(), "plumbline portals"),
        (VaultError::PassphraseNeeded.into(), "PLUMBLINE_PASSPHRASE"),
        (VaultError::SealedByKeychain.into(), "PLUMBLINE_PASSPHRASE"),
        (VaultError::KeychainLocked.into(), ""),
        (VaultError::EmptyPassphrase.into(), "PLUMBLINE_PASSPHRASE"),
        (
            SnapshotError::EmptyPassphrase.into(),
            "PLUMBLINE_SNAPSHOT_PASSPHRASE",
        ),
        (VaultError::WrongPassphrase.into(), ""),
        (VaultError::NoSessionBus.into(), "PLUMBLINE_PASSPHRASE"),
        (of(Kind::Disconnected), "plumbline connect --again 42"),
        (
            StoreError::NoCredential.into(),
            "plumbline connect --again 42",
        ),
        (
            of(Kind::Reauth),
            "plumbline connect --again 42 --token-stdin",
        ),
        (of(Kind::MissingScopes), "plumbline connect --again 42"),
        (of(Kind::Forbidden), ""),
        (of(Kind::Network), ""),
        (of(Kind::DailyLimit { ask_again: None }), ""),
        (
            of(Kind::DailyLimit {
                ask_again: Some(Moment::from_millis(1_793_606_400_000)),
            }),
            "2 Nov 08:00 UTC",
        ),
        (of(Kind::Malformed), "--log FILE"),
        (of(Kind::WrongPortal), "plumbline connect --again 42"),
        (wrong_portal().into(), "plumbline connect --again 42"),
        (
            SyncError::CursorRepeated {
                stream: "records/deals".to_owned(),
            }
            .into(),
            "plumbline sync 42",
        ),
        (SyncError::Cancelled.into(), ""),
        (crate::connecting::explain(ConnectError::TimedOut), ""),
        (
            crate::connecting::explain(ConnectError::Open(hubspot::oauth::OpenError::NoBrowser)),
            "plumbline connect --token-stdin",
        ),
        (StoreError::InUse.into(), ""),
        (StoreError::DiskFull.into(), ""),
        (VaultError::Newer(9).into(), ""),
        (StoreError::Corrupt.into(), "plumbline forget 42"),
        (in_the_way().into(), "plumbline writeback plan 42"),
        (state().into(), "plumbline writeback undo"),
        (internal("a fixed phrase"), "--log FILE"),
    ]
}

#[test]
fn every_code_says_what_to_do_in_both_faces() {
    let mut met = BTreeMap::new();
    for (error, command) in errors() {
        met.insert(place(error.code), error.code);
        let window = error.hint.in_window();
        let terminal = error.hint.in_terminal(Some(PortalId::new(42)));
        assert!(!window.is_empty() && window.ends_with('.'), "{error:?}");
        assert!(!names(window, OF_THE_TERMINAL), "{error:?}");
        assert!(!names(&terminal, OF_THE_WINDOW), "{error:?}");
        if command.is_empty() {
            assert_eq!(window, terminal, "{error:?}");
        } else {
            assert!(terminal.contains(command), "{command}: {terminal}");
        }
    }
    let codes: Vec<usize> = met.into_keys().collect();
    assert_eq!(codes, (0..CODES).collect::<Vec<_>>());
}
