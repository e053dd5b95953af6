//! Shows the window's pages in an ordinary browser, over the real use cases.
//!
//! The shell gives the pages one command and one stream of events; this host gives them the same
//! over loopback HTTP, so that a test can drive every screen in a headless browser. It is built for
//! tests and developers alone and is no part of what is shipped.
//!
//! Architecture invariant: like the shell it decides nothing; every call goes to `app::calls`.

mod browser;
mod door;
mod pages;
mod server;

pub use browser::NobodysBrowser;
pub use door::Key;
pub use pages::{Pages, PagesError};
pub use server::router;
