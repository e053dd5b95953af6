//! The system's browser.

use hubspot::BoxFuture;
use hubspot::oauth::{OpenError, Opener};
use url::Url;

/// Opens pages in the default browser.
pub(crate) struct SystemBrowser;

impl Opener for SystemBrowser {
    fn open<'a>(&'a self, url: &'a Url) -> BoxFuture<'a, Result<(), OpenError>> {
        Box::pin(async move { open::that_detached(url.as_str()).map_err(|_| OpenError::NoBrowser) })
    }
}
