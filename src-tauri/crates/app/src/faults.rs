//! The errors of the crates below, each as what a person can do about it.

use hubspot::Kind;
use store::{StoreError, VaultError};
use writeback::WritebackError;

use crate::hint;
use crate::wire::{ErrorCode, WireError, internal};

const NOTHING_LOST: &str = "Whatever was read before is intact.";

/// SQLite's codes for a write, a flush or a growth that the system refused for another reason than
/// a full disk: a quota, a limit on the size of files, a dying disk
/// (<https://sqlite.org/rescode.html>: IOERR_WRITE, _FSYNC, _TRUNCATE, _SHMSIZE).
const IS_A_REFUSED_WRITE: [i32; 4] = [778, 1034, 1546, 4874];

impl From<VaultError> for WireError {
    fn from(error: VaultError) -> Self {
        let text = error.to_string();
        match error {
            VaultError::EmptyPassphrase => Self::new(
                ErrorCode::WrongPassphrase,
                "An empty passphrase protects nothing. Nothing was changed.",
                hint::NO_EMPTY_PASSPHRASE,
            ),
            VaultError::WrongPassphrase => Self::new(
                ErrorCode::WrongPassphrase,
                "This passphrase does not open the data on this machine. Nothing was changed.",
                "Try again. A forgotten passphrase cannot be recovered; the portals can be connected anew in another data folder.",
            ),
            VaultError::PassphraseNeeded => Self::new(
                ErrorCode::Locked,
                "This data is locked with a passphrase.",
                hint::ENTER_PASSPHRASE,
            ),
            VaultError::SealedByKeychain => Self::new(
                ErrorCode::Locked,
                "The key to this data is in the system's keychain, not under a passphrase.",
                hint::USE_KEYCHAIN,
            ),
            VaultError::KeychainLocked
            | VaultError::KeyMissing
            | VaultError::KeyMismatch
            | VaultError::OtherKeychain { .. }
            | VaultError::KeychainGarbled
            | VaultError::KeychainAmbiguous => Self::new(
                ErrorCode::Locked,
                format!("Nothing can be read: {text}. Nothing was changed."),
                "Unlock the keychain of the account that made this data, and try again.",
            )
            .passing(),
            VaultError::KeychainAbsent | VaultError::NoSessionBus => Self::new(
                ErrorCode::KeychainUnavailable,
                format!("No secret can be kept: {text}."),
                hint::CHOOSE_PASSPHRASE,
            ),
            VaultError::Newer(_) => newer(text),
            VaultError::Damaged(_) => Self::new(
                ErrorCode::Damaged,
                format!("Nothing can be read: {text}."),
                "Restore the data folder from a backup, or connect the portals again in another one.",
            ),
            VaultError::InUse => in_use(),
            VaultError::File { .. } => file_trouble(&text),
            VaultError::NoRandomness => internal("the system gave no random numbers"),
        }
    }
}

impl From<StoreError> for WireError {
    fn from(error: StoreError) -> Self {
        let text = error.to_string();
        match error {
            StoreError::Vault(error) => error.into(),
            StoreError::Snapshot(error) => error.into(),
            StoreError::InUse => in_use(),
            StoreError::NetworkFileSystem(_) => Self::bad_input(
                format!("Nothing was opened: {text}, where databases get damaged."),
                hint::LOCAL_FOLDER,
            ),
            StoreError::NoSuchPortal(_) => Self::new(
                ErrorCode::UnknownPortal,
                "This portal is not on this machine.",
                hint::FIND_PORTAL,
            ),
            StoreError::AlreadyExists(_) => Self::bad_input(
                "This portal is on this machine already.",
                hint::USE_OR_FORGET,
            ),
            StoreError::DiskFull => Self::new(
                ErrorCode::DiskFull,
                "The disk is full. Everything that was saved before is intact.",
                "Free some space and try again; the work goes on from there.",
            )
            .passing(),
            StoreError::NewerSchema { .. } => newer(text),
            StoreError::WrongKey => Self::new(
                ErrorCode::Locked,
                "The key on this machine does not open this portal's file. The file is untouched.",
                "Use the data folder together with the keychain or passphrase that made it.",
            ),
            StoreError::BadValue(_) => internal("a stored value could not be read"),
            StoreError::Corrupt | StoreError::WrongPortal { .. } => {
                Self::new(
                    ErrorCode::Damaged,
                    format!("This portal's file is damaged: {text}. HubSpot itself is untouched."),
                    hint::READ_ANEW,
                )
            }
            StoreError::QueryRefused(reason) => Self::bad_input(
                format!("This query was refused: {reason}."),
                "Ask with a single SELECT over the portal's tables.",
            ),
            StoreError::Busy => Self::new(
                ErrorCode::InUse,
                "The portal's file is busy.",
                "Wait for the running work to end, and try again.",
            )
            .passing(),
            StoreError::NoCredential => Self::new(
                ErrorCode::Disconnected,
                format!("No token is kept for this portal. {NOTHING_LOST}"),
                hint::RECONNECT,
            ),
            StoreError::Io(code) if IS_A_REFUSED_WRITE.contains(&code) => Self::new(
                ErrorCode::DiskFull,
                format!("The disk takes no more: {text}. Everything that was saved before is intact."),
                "Check free space, quotas and the disk's health, and try again; the work goes on from there.",
            )
            .passing(),
            StoreError::ForeignDirectory | StoreError::File { .. } | StoreError::Io(_) => {
                file_trouble(&text)
            }
            StoreError::StaleCredential | StoreError::Constraint(_) | StoreError::Sqlite(_) => {
                tracing::error!(error = %text, "store");
                internal("the portal's file did not take a change")
            }
        }
    }
}

impl From<hubspot::Error> for WireError {
    fn from(error: hubspot::Error) -> Self {
        let detail = detail(&error);
        let passing = error.is_transient();
        let fault = match error.kind() {
            Kind::Disconnected => Self::new(
                ErrorCode::Disconnected,
                format!(
                    "HubSpot has withdrawn the access to this portal ({detail}). {NOTHING_LOST}"
                ),
                hint::RECONNECT,
            ),
            Kind::Reauth => Self::new(
                ErrorCode::TokenRefused,
                format!("HubSpot did not accept the token ({detail}). {NOTHING_LOST}"),
                hint::REPLACE_TOKEN,
            ),
            Kind::CodeRefused => Self::new(
                ErrorCode::Refused,
                format!("HubSpot did not accept its own consent ({detail}). {NOTHING_LOST}"),
                "Connect again: a consent is good for one use and a short time.",
            ),
            Kind::App(_) => Self::new(
                ErrorCode::BadInput,
                format!(
                    "HubSpot did not accept the app's own settings: {} ({detail}).",
                    error.kind()
                ),
                "Compare client id, client secret, redirect URLs and scopes with those of your app in HubSpot.",
            ),
            Kind::MissingScopes => {
                let scopes = error.origin().missing_scopes.join(", ");
                let named = if scopes.is_empty() {
                    String::new()
                } else {
                    format!(": {scopes}")
                };
                Self::new(
                    ErrorCode::MissingScope,
                    format!("The token lacks a scope{named}."),
                    hint::GRANT_SCOPE,
                )
            }
            Kind::Forbidden => Self::new(
                ErrorCode::MissingScope,
                format!("HubSpot does not allow this here ({detail}); the plan may lack it."),
                "Ask an admin of the portal.",
            ),
            Kind::DailyLimit { ask_again } => Self::new(
                ErrorCode::RateLimited,
                format!("The portal's calls for today are used up. {NOTHING_LOST}"),
                match ask_again {
                    Some(at) => format!(
                        "They return at midnight of the portal's time zone. From {} UTC on HubSpot is asked once an hour whether they are back; work that you start asks at once.",
                        minute(at)
                    ),
                    None => "They return at midnight of the portal's time zone; the work goes on from there.".to_owned(),
                },
            ),
            Kind::ErrorRate { until } => Self::new(
                ErrorCode::RateLimited,
                format!(
                    "Nearly one in twenty of today's calls to this portal failed, and HubSpot allows no more. Calls pause until {} UTC. {NOTHING_LOST}",
                    minute(until)
                ),
                "Try again after that; the work goes on from there.",
            ),
            Kind::RateLimited { .. } | Kind::Moving { .. } => Self::new(
                ErrorCode::RateLimited,
                format!("HubSpot asks for a pause ({detail}). {NOTHING_LOST}"),
                "Try again later; the work goes on from there.",
            ),
            Kind::Network | Kind::Timeout | Kind::Unavailable { .. } => Self::new(
                ErrorCode::Unreachable,
                format!("HubSpot could not be reached ({detail}). {NOTHING_LOST}"),
                "Check the network and try again; the work goes on from there.",
            ),
            Kind::WrongPortal => Self::new(
                ErrorCode::Refused,
                "The token belongs to another portal than this one. Nothing was read or written.",
                hint::RECONNECT_TO_THE_RIGHT_ONE,
            ),
            Kind::NotFound
            | Kind::Conflict
            | Kind::Validation
            | Kind::TooLong
            | Kind::Refused
            | Kind::InvalidRequest(_)
            | Kind::AnswerTooLarge
            | Kind::EndlessPages
            | Kind::Malformed => Self::new(
                ErrorCode::Refused,
                format!("HubSpot's answer was not usable ({detail}). {NOTHING_LOST}"),
                hint::REPORT,
            ),
            Kind::TokenStore => internal("the token could not be kept"),
        };
        if passing { fault.passing() } else { fault }
    }
}

/// A time as hints name it, in UTC.
fn minute(at: crm::Moment) -> impl std::fmt::Display {
    at.timestamp().strftime("%-d %b %H:%M")
}

/// What HubSpot's support would ask for, or what happened where nothing answered.
fn detail(error: &hubspot::Error) -> String {
    let origin = error.origin();
    match (origin.http, &origin.correlation_id) {
        (Some(http), Some(id)) => format!("HTTP {http}, correlation id {id}"),
        (Some(http), None) => format!("HTTP {http}"),
        (None, _) => error.to_string(),
    }
}

impl From<WritebackError> for WireError {
    fn from(error: WritebackError) -> Self {
        let text = error.to_string();
        match error {
            WritebackError::HubSpot(error) => error.into(),
            WritebackError::Store(error) => error.into(),
            WritebackError::Cancelled => cancelled(
                "Stopped. What was sent without an answer is asked about before anything else.",
            ),
            WritebackError::UnknownPlan(_) => Self::bad_input(
                "There is no plan of this number in this portal.",
                hint::FIND_PLAN,
            ),
            WritebackError::WrongState { .. } => Self::new(
                ErrorCode::WrongPlanState,
                format!("This step does not fit: {text}."),
                hint::PLAN_IN_ORDER,
            ),
            WritebackError::InTheWay { .. } => Self::new(
                ErrorCode::DefinitionConflict,
                format!("No record was changed: {text}."),
                hint::PLAN_ANEW,
            ),
            WritebackError::Definition => internal("a plan's definition could not be read"),
        }
    }
}

impl From<timeline::TimelineError> for WireError {
    fn from(error: timeline::TimelineError) -> Self {
        match error {
            timeline::TimelineError::Store(error) => error.into(),
            other => {
                tracing::error!(error = %other, "timeline");
                Self::new(
                    ErrorCode::Damaged,
                    format!("The histories could not be read: {other}."),
                    hint::SYNC_AGAIN,
                )
            }
        }
    }
}

/// The user stopped it.
pub(crate) fn cancelled(message: &str) -> WireError {
    WireError::new(
        ErrorCode::Cancelled,
        message,
        "Start it again whenever you like; it goes on from there.",
    )
}

fn newer(text: String) -> WireError {
    WireError::new(
        ErrorCode::NewerData,
        text,
        "Update Plumbline. Nothing was opened or changed.",
    )
}

fn in_use() -> WireError {
    WireError::new(
        ErrorCode::InUse,
        "Another Plumbline is using this data folder.",
        "Close it, or wait for it to end.",
    )
    .passing()
}

fn file_trouble(text: &str) -> WireError {
    WireError::new(
        ErrorCode::BadInput,
        format!("The data folder cannot be used: {text}."),
        "Check that the folder exists, is yours and can be written to.",
    )
}
