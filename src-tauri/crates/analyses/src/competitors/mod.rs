//! Who else is in our deals, and what became of them?
//!
//! [`text`] reads what people wrote and finds competitors in it, each with its sentence and role.

pub mod text;
