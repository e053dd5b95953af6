//! How will the period end?

pub mod report;
