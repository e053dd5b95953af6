//! Showing the consent page to a person.

use url::Url;

use crate::BoxFuture;

/// Opens the consent page: the system's browser in the app, never a window of our own.
pub trait Opener: Send + Sync {
    /// Opens `url`. May return before or after the person has answered.
    ///
    /// # Errors
    /// [`OpenError`] when there is nothing to open it with; the attempt then ends.
    fn open<'a>(&'a self, url: &'a Url) -> BoxFuture<'a, Result<(), OpenError>>;
}

/// Why the consent page could not be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// This machine has no browser that could be started.
    #[error("no browser could be opened")]
    NoBrowser,
    /// The consent page did not answer, or offered no way to allow.
    #[error("the consent page could not be followed")]
    NotFollowed,
}
