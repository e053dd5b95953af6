//! How a command fails: the wire error, and an exit status that a script can act on.

use std::io::Write as _;
use std::process::ExitCode;

use app::{ErrorCode, WireError};

/// Why a command did not succeed.
#[derive(Debug)]
pub(crate) struct Failure(WireError);

impl Failure {
    /// What was typed, or the machine around it, makes no sense.
    pub(crate) fn usage(message: &str) -> Self {
        Self(WireError::bad_input(message, "See plumbline --help."))
    }

    /// The exit statuses: 2 for bad usage, as everywhere; the others follow the error's code, so that
    /// a script can tell "try later" from "ask a person".
    pub(crate) fn exit_code(&self) -> ExitCode {
        ExitCode::from(match self.0.code {
            ErrorCode::Internal => 1,
            ErrorCode::BadInput => 2,
            ErrorCode::UnknownPortal => 3,
            ErrorCode::Locked | ErrorCode::WrongPassphrase | ErrorCode::KeychainUnavailable => 4,
            ErrorCode::Disconnected => 5,
            ErrorCode::MissingScope => 6,
            ErrorCode::Unreachable => 7,
            ErrorCode::RateLimited => 8,
            ErrorCode::Refused => 9,
            ErrorCode::ConsentTimedOut => 10,
            ErrorCode::InUse => 11,
            ErrorCode::DiskFull => 12,
            ErrorCode::NewerData => 13,
            ErrorCode::Damaged => 14,
            ErrorCode::DefinitionConflict => 15,
            ErrorCode::WrongPlanState => 16,
            // What a shell reports for an interrupted program.
            ErrorCode::Cancelled => 130,
        })
    }

    /// Prints the error to standard error: three lines for a person, one of JSON for a program.
    pub(crate) fn print(&self, json: bool) {
        let Self(error) = self;
        let mut stderr = std::io::stderr().lock();
        // A closed standard error leaves nobody to tell.
        let _ = if json {
            let text = serde_json::to_string(error).unwrap_or_default();
            writeln!(stderr, "{text}")
        } else {
            writeln!(stderr, "error: {}\nhint: {}", error.message, error.hint)
        };
    }
}

impl From<WireError> for Failure {
    fn from(error: WireError) -> Self {
        Self(error)
    }
}

impl From<std::io::Error> for Failure {
    fn from(_: std::io::Error) -> Self {
        Self(WireError::bad_input(
            "The output could not be written, or the input could not be read.",
            "Check where it is piped to or from.",
        ))
    }
}
