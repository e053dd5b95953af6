//! The system's browser.

use hubspot::BoxFuture;
use hubspot::oauth::{OpenError, Opener};
use url::Url;

/// The browser that the user has chosen in the system's settings.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemBrowser;

impl Opener for SystemBrowser {
    fn open<'a>(&'a self, url: &'a Url) -> BoxFuture<'a, Result<(), OpenError>> {
        Box::pin(async move { open::that_detached(url.as_str()).map_err(|_| OpenError::NoBrowser) })
    }
}
