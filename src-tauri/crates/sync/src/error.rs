//! Why a run stopped. What was landed until then stays, and the next run goes on from there.

use store::StoreError;

/// Why a run stopped.
#[derive(Debug, thiserror::Error)]
pub enum SyncError {
    /// HubSpot could not be read.
    #[error("{stream}: {error}")]
    HubSpot {
        /// The stream that was being read.
        stream: String,
        /// What HubSpot said.
        error: hubspot::Error,
    },
    /// The copy could not be written.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The account that answers is not the one this copy belongs to.
    #[error("the token belongs to portal {found}, not to portal {expected}")]
    WrongPortal {
        /// The portal of the copy.
        expected: crm::PortalId,
        /// The portal that answered.
        found: crm::PortalId,
    },
    /// HubSpot gave the same cursor twice: following it would never end.
    #[error("{stream}: HubSpot gave the same cursor twice")]
    CursorRepeated {
        /// The stream that was being read.
        stream: String,
    },
    /// HubSpot gave page after page without a row.
    #[error("{stream}: HubSpot gave {pages} empty pages in a row and still more to come")]
    EmptyPages {
        /// The stream that was being read.
        stream: String,
        /// How many.
        pages: u32,
    },
    /// However a search was narrowed, HubSpot said that it has more results than can be paged to.
    #[error("{stream}: HubSpot's search does not become smaller when it is narrowed")]
    NoProgress {
        /// The stream that was being read.
        stream: String,
    },
    /// The user asked to stop. [`crate::run()`] tells this in its report and not as an error.
    #[error("stopped")]
    Cancelled,
    /// A thread that wrote to the copy died: a defect of this program.
    #[error("the writing thread died")]
    WriterDied,
}

impl SyncError {
    /// A stable word, as the history of runs keeps it.
    #[must_use]
    pub fn code(&self) -> &'static str {
        use hubspot::Kind;

        match self {
            Self::HubSpot { error, .. } => match error.kind() {
                Kind::RateLimited { .. } | Kind::DailyLimit { .. } | Kind::ErrorRate { .. } => {
                    "rate_limited"
                }
                Kind::Network | Kind::Timeout => "network",
                Kind::Unavailable { .. } | Kind::Moving { .. } => "hubspot_unavailable",
                Kind::Reauth | Kind::Disconnected | Kind::App(_) | Kind::CodeRefused => "reconnect",
                Kind::TokenStore => "token_store",
                Kind::MissingScopes
                | Kind::Forbidden
                | Kind::NotFound
                | Kind::Conflict
                | Kind::Validation
                | Kind::TooLong
                | Kind::Refused
                | Kind::InvalidRequest(_)
                | Kind::AnswerTooLarge
                | Kind::Malformed
                | Kind::EndlessPages
                | Kind::WrongPortal => "hubspot_refused",
            },
            Self::Store(StoreError::DiskFull) => "disk_full",
            Self::Store(_) => "store",
            Self::WrongPortal { .. } => "wrong_portal",
            Self::CursorRepeated { .. } => "cursor_repeated",
            Self::EmptyPages { .. } => "empty_pages",
            Self::NoProgress { .. } => "no_progress",
            Self::Cancelled => "cancelled",
            Self::WriterDied => "writer_died",
        }
    }
}
