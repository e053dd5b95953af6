//! The statistics that the analyses share, each against a published oracle.
//!
//! Plain functions over numbers: nothing here knows a deal, a clock or a source of randomness of
//! its own.

mod evidence;

pub use evidence::{Evidence, Rate, SHOW_FROM, SOUND_FROM};
