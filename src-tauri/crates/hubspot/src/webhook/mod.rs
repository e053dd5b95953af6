//! What HubSpot pushes: notices of changes, and the signatures that prove who sent them.
//!
//! Everything here is a pure function: bytes and the time of day in, an event or a refusal out. A
//! receiver needs a public address, so this program has none of its own; it is for whoever relays
//! notices to it, and for tests. Check the signature first ([`verify_v3`]), over the body as it
//! came, then read it ([`read`]), and let nothing through twice ([`Event::key`]).

mod event;
mod signature;

pub use event::{Change, Delivery, Event, EventKey, Unreadable, read};
pub use signature::{LIFE, Refused, Request, verify_v1, verify_v2, verify_v3};
