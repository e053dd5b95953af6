//! Who else is in our deals, and what became of them?
//!
//! [`text`] reads what people wrote and finds competitors in it, each with its sentence and role.
//! Over these observations [`logging()`] says which sources are filled whatever the outcome,
//! [`matrix()`] counts wins and losses by competitor, segment and stage, and a [`Watch`] tells
//! where more is lost than before. [`competitors`] makes the report of it all, over the
//! deals that [`deals_of`] reads from a timeline.

mod adjusted;
mod alerts;
mod deals;
mod gathered;
mod list;
mod logging;
mod matrix;
mod observation;
mod report;
mod rows;
pub mod text;

pub use adjusted::{
    Adjusted, AdjustedRow, LossStages, LostIn, WhyNotAdjusted, adjusted, loss_stages,
};
pub use alerts::{Alert, AlertKind, AlertRule, MoneyRatio, Trigger, Watch};
pub use deals::{About, deals_of};
pub use gathered::{DealValue, PropertyValues, texts_of_property};
pub use list::{CompetitorList, CompetitorProperty, ListChange, ListError, propose_property};
pub use logging::{Logging, MOST_LOGGING, WARNED_LOGGING, WhyShare, logging};
pub use matrix::{Borrowed, Cell, Matrix, Parts, matrix};
pub use observation::{BEFORE_CLOSE, Book, Deal, Observation, Outcome, SOURCES, Source};
pub use report::{
    Caution, CompetitorQuestion, CompetitorReport, Definition, Margin, MentionRow, ReasonRow,
    SCHEMA, Text, WaitingRow, competitors,
};
