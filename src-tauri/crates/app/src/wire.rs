//! The one shape in which an error leaves this crate: what happened, what to do, whether to retry.

use serde::{Deserialize, Serialize};

use crate::hint::{self, Hint};

/// What went wrong, as a code. A code exists only because somebody acts on it: the window offers
/// another next step, or the command line another exit status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum ErrorCode {
    /// The request itself makes no sense: mend it and ask again.
    BadInput,
    /// No portal with this id is known here.
    UnknownPortal,
    /// Secrets are locked: ask for the passphrase, or unlock the keychain.
    Locked,
    /// The passphrase does not open the vault.
    WrongPassphrase,
    /// No keychain answers: offer a passphrase instead.
    KeychainUnavailable,
    /// HubSpot no longer accepts this portal's token: offer to reconnect.
    Disconnected,
    /// HubSpot did not accept the token this time: show it, keep the portal, offer to replace it. The
    /// next success clears it.
    TokenRefused,
    /// The token lacks a scope or the plan lacks a feature: show which.
    MissingScope,
    /// The network or HubSpot is unreachable for now.
    Unreachable,
    /// The portal's call budget is used up: say when it returns.
    RateLimited,
    /// HubSpot answered with an error that is none of the above.
    Refused,
    /// The user stopped it. Not a failure: show it quietly.
    Cancelled,
    /// Consent did not arrive in time.
    ConsentTimedOut,
    /// Another process holds this data.
    InUse,
    /// The disk is full.
    DiskFull,
    /// The data was written by a newer version of Plumbline.
    NewerData,
    /// The file is damaged: offer to connect again and re-read it.
    Damaged,
    /// Someone else's definition is in the way of a writeback.
    DefinitionConflict,
    /// The plan is not in the state that this step needs.
    WrongPlanState,
    /// A defect of ours.
    Internal,
}

/// An error on its way to a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[error("{message}")]
pub struct WireError {
    /// What kind of trouble this is.
    pub code: ErrorCode,
    /// What happened and what is safe, in plain words. Never a token, a name or a text from data.
    pub message: String,
    /// What to do next.
    #[cfg_attr(test, ts(type = "string"))]
    pub hint: Hint,
    /// Whether the same request may succeed later without any change.
    pub retryable: bool,
}

impl WireError {
    /// An error that the same request will meet again.
    pub fn new(code: ErrorCode, message: impl Into<String>, hint: impl Into<Hint>) -> Self {
        Self {
            code,
            message: message.into(),
            hint: hint.into(),
            retryable: false,
        }
    }

    /// An error that may pass by itself.
    #[must_use]
    pub fn passing(mut self) -> Self {
        self.retryable = true;
        self
    }

    /// The request was not understood.
    pub fn bad_input(message: impl Into<String>, hint: impl Into<Hint>) -> Self {
        Self::new(ErrorCode::BadInput, message, hint)
    }
}

/// A defect of ours, told without any data. `what` is a fixed phrase.
pub(crate) fn internal(what: &'static str) -> WireError {
    tracing::error!(what, "internal error");
    WireError::new(
        ErrorCode::Internal,
        format!("Something went wrong inside Plumbline: {what}. Your data was not changed."),
        hint::REPORT,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wire_shape_is_fixed() {
        let error = WireError::bad_input("This is no date: x", "Write it as 2026-08-03").passing();
        let json = serde_json::to_value(&error).unwrap();
        let expected = serde_json::json!({
            "code": "bad_input",
            "message": "This is no date: x",
            "hint": "Write it as 2026-08-03",
            "retryable": true,
        });
        assert_eq!(json, expected);
    }
}
