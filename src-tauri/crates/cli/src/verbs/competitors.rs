//! `plumbline report competitors`, and `plumbline competitors` for the list behind it.

mod list;
mod report;

pub(crate) use list::run as list;
pub(crate) use report::{print, run as report};
