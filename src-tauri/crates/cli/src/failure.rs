//! How a command fails: the wire error, and an exit status that a script can act on.

use std::io::Write as _;
use std::process::ExitCode;

use app::{ErrorCode, WireError};
use crm::PortalId;

/// Why a command did not succeed.
#[derive(Debug)]
pub(crate) enum Failure {
    /// What a person can act on.
    Told(WireError),
    /// The copy and HubSpot differ, and nothing explains it.
    Unexplained(WireError),
    /// A score was asked for, and too little is known for one.
    NoScore(WireError),
    /// Whoever read the output has gone away, as `| head` does: nothing to complain about.
    NobodyReads,
}

impl Failure {
    /// What was typed, or the machine around it, makes no sense.
    pub(crate) fn usage(message: &str) -> Self {
        Self::Told(WireError::bad_input(message, "See plumbline --help."))
    }

    /// Reading was interrupted after this many rows.
    pub(crate) fn interrupted(rows: u64) -> Self {
        Self::Told(WireError::new(
            ErrorCode::Cancelled,
            format!("Stopped. The {rows} rows that were read are kept."),
            "plumbline sync goes on from there, whenever you like.",
        ))
    }

    /// So many of a plan's changes are not in HubSpot. The others are.
    pub(crate) fn not_all_made(missing: u32, total: u32) -> Self {
        Self::Told(WireError::new(
            ErrorCode::Refused,
            format!("{missing} of {total} changes were not made; the others were."),
            "plumbline writeback show tells the reason for each. Sync and plan again for what is left.",
        ))
    }

    /// HubSpot's counts and the copy's differ by this many records that nothing explains.
    pub(crate) fn unexplained(count: u64) -> Self {
        let differences = if count == 1 {
            "difference"
        } else {
            "differences"
        };
        Self::Unexplained(WireError::new(
            ErrorCode::Refused,
            format!(
                "{count} {differences} between HubSpot's counts and this copy have no explanation."
            ),
            "Sync and verify again. If it stays, report it with the file of --log FILE.",
        ))
    }

    /// No score is offered. Its card is kept, and says why.
    pub(crate) fn no_score(why: &str) -> Self {
        Self::NoScore(WireError::new(
            ErrorCode::Refused,
            format!("No score is offered. {why}"),
            "The card is kept: plumbline score card PORTAL. What can be said without a score: plumbline report scoring PORTAL",
        ))
    }

    /// The exit statuses: 2 for bad usage, as everywhere; the others follow the error's code, so that
    /// a script can tell "try later" from "ask a person".
    pub(crate) fn exit_code(&self) -> ExitCode {
        let error = match self {
            Self::Told(error) => error,
            Self::Unexplained(_) => return ExitCode::from(17),
            Self::NoScore(_) => return ExitCode::from(19),
            // What a shell reports for a program that ended with its reader.
            Self::NobodyReads => return ExitCode::from(141),
        };
        ExitCode::from(match error.code {
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
            ErrorCode::TokenRefused => 18,
            // What a shell reports for an interrupted program.
            ErrorCode::Cancelled => 130,
        })
    }

    /// Prints the error to standard error: two lines for a person, one of JSON for a program. What
    /// to do is said in commands, about the portal that was asked about.
    pub(crate) fn print(&self, json: bool, portal: Option<PortalId>) {
        let (Self::Told(error) | Self::Unexplained(error) | Self::NoScore(error)) = self else {
            return;
        };
        let hint = error.hint.in_terminal(portal);
        let mut stderr = std::io::stderr().lock();
        // A closed standard error leaves nobody to tell.
        let _ = if json {
            let told = WireError {
                hint: hint.into_owned().into(),
                ..error.clone()
            };
            let text = serde_json::to_string(&told).unwrap_or_default();
            writeln!(stderr, "{text}")
        } else {
            writeln!(stderr, "error: {}\nhint: {hint}", error.message)
        };
    }
}

impl From<WireError> for Failure {
    fn from(error: WireError) -> Self {
        Self::Told(error)
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        if error.kind() == std::io::ErrorKind::BrokenPipe {
            return Self::NobodyReads;
        }
        Self::Told(WireError::bad_input(
            "The output could not be written, or the input could not be read.",
            "Check where it is piped to or from.",
        ))
    }
}
