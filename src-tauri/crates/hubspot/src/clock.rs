//! Wall-clock time, passed in.

use crm::Moment;

/// Tells the wall-clock time. Token life is measured by it, because timers stand still while a
/// laptop sleeps.
pub trait Clock: Send + Sync {
    /// The present moment.
    fn now(&self) -> Moment;
}
