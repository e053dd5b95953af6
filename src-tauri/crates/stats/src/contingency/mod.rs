//! Two shares side by side: one table or one a stratum, exact or pooled.

mod exact;
mod fisher;
mod halton;
mod strata;
mod table;

pub use exact::mid_p;
pub use fisher::{Fisher, fisher_exact};
pub use halton::{Simulated, fisher_freeman_halton};
pub use strata::{Stratified, Test, stratified};
pub use table::{Ratio, Table, odds_ratio, ratio_of_shares, risk_ratio};
