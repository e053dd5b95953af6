//! Chances that depend on several things at once: logistic regression of one ending or of several
//! that compete, with errors that know which rows belong together.

mod design;
mod effect;
mod fit;
mod hazard;
mod likelihood;
mod logistic;

#[cfg(test)]
mod tests;

pub use design::{Design, linear_spline};
pub use effect::Effect;
pub use fit::Fitting;
pub use hazard::Hazard;
pub use logistic::Logistic;
