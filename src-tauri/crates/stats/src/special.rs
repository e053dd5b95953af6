//! The special functions that everything else stands on, with the accuracy they are tested to.

use statrs::function::{beta, erf, gamma};

/// The standard normal distribution function.
#[must_use]
pub fn normal_cdf(x: f64) -> f64 {
    0.5 * erf::erfc(-x / std::f64::consts::SQRT_2)
}

/// The standard normal quantile of a probability.
#[must_use]
pub fn normal_quantile(p: f64) -> f64 {
    -std::f64::consts::SQRT_2 * erf::erfc_inv(2.0 * p)
}

/// The quantile of a beta distribution. Both shapes must be positive; the ends are 0 and 1.
#[must_use]
pub fn beta_quantile(alpha: f64, beta: f64, p: f64) -> f64 {
    if p <= 0.0 {
        return 0.0;
    }
    if p >= 1.0 {
        return 1.0;
    }
    // Bisection on the distribution function: never astray, and 60 halvings reach the last bit.
    let (mut low, mut high) = (0.0_f64, 1.0_f64);
    for _ in 0..200 {
        let middle = 0.5 * (low + high);
        if middle <= low || middle >= high {
            break;
        }
        if beta_cdf(alpha, beta, middle) < p {
            low = middle;
        } else {
            high = middle;
        }
    }
    0.5 * (low + high)
}

/// The distribution function of a beta distribution.
#[must_use]
pub fn beta_cdf(alpha: f64, beta: f64, x: f64) -> f64 {
    beta::beta_reg(alpha, beta, x.clamp(0.0, 1.0))
}

/// The logarithm of the beta function.
#[must_use]
pub fn ln_beta(a: f64, b: f64) -> f64 {
    gamma::ln_gamma(a) + gamma::ln_gamma(b) - gamma::ln_gamma(a + b)
}
