//! The desktop shell: a window, one command, one stream of events.
//!
//! This is the only place in the project that knows Tauri. Whatever the window asks for is answered
//! by the use cases of `app`; nothing is decided here.

mod call;
mod environment;
mod events;
mod log;
mod start;
mod window;

pub use call::UseCases;
pub use start::{assemble, context, run};
