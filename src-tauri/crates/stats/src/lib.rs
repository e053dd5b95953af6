//! The statistics that the analyses share, each against a published oracle.
//!
//! Plain functions over numbers: nothing here knows a deal, a clock or a source of randomness of
//! its own.

pub mod accuracy;
mod amounts;
mod bootstrap;
mod chain;
mod contingency;
mod counts;
mod error;
mod evidence;
mod incidence;
mod linear;
mod multiplicity;
mod portfolio;
mod power;
mod proportion;
mod quantile;
mod random;
mod ratio;
mod regression;
pub mod scores;
mod sensitivity;
mod shrinkage;
mod special;

pub use amounts::{
    WeightedMean, Winsorised, standardised_difference, top_share, weighted_mean, winsorise,
};
pub use bootstrap::{Bootstrap, Resampling, cluster_bootstrap, jackknife, resample};
pub use chain::{Absorption, absorption};
pub use contingency::{
    Fisher, Ratio, Simulated, Stratified, Table, Test, fisher_exact, fisher_freeman_halton, mid_p,
    odds_ratio, ratio_of_shares, risk_ratio, stratified,
};
pub use counts::{Cusum, RateRatio, rate_ratio};
pub use error::Error;
pub use evidence::{Evidence, Rate, SHOW_FROM, SOUND_FROM};
pub use incidence::{Ending, Incidence, Lifetimes, RestrictedMean, RiskSets, Shares, Step};
pub use multiplicity::{benjamini_hochberg, benjamini_yekutieli, weighted_benjamini_hochberg};
pub use portfolio::{in_market, mean_and_variance, number_of_wins};
pub use power::{Comparison, Detectable};
pub use proportion::{Interval, beta_interval, clopper_pearson, jeffreys, wilson};
pub use quantile::{quantile, quantile_error, quantile_interval, weighted_quantile};
pub use random::Stream;
pub use ratio::ClusterRatio;
pub use regression::{Design, Effect, Fitting, Hazard, Logistic, linear_spline};
pub use sensitivity::{EValue, Scale, e_value};
pub use shrinkage::{BetaPrior, Shrunk, ShrunkRate, fit_beta, heterogeneity, shrink};
pub use special::{
    beta_cdf, beta_quantile, chi_squared_tail, expit, ln_beta, ln_gamma, normal_cdf,
    normal_quantile,
};
