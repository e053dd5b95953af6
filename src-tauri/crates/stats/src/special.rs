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

/// The quantile of a beta distribution; the ends are 0 and 1. A shape that is not positive puts
/// all weight on its own end.
#[must_use]
pub fn beta_quantile(alpha: f64, beta: f64, p: f64) -> f64 {
    if p.is_nan() || p <= 0.0 || !is_shape(alpha) {
        return 0.0;
    }
    if p >= 1.0 || !is_shape(beta) {
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

/// The distribution function of a beta distribution, with the same ends.
#[must_use]
pub fn beta_cdf(alpha: f64, beta: f64, x: f64) -> f64 {
    if x.is_nan() || x <= 0.0 {
        return 0.0;
    }
    if x >= 1.0 || !is_shape(alpha) {
        return 1.0;
    }
    if is_shape(beta) {
        beta::beta_reg(alpha, beta, x)
    } else {
        0.0
    }
}

fn is_shape(number: f64) -> bool {
    number > 0.0 && number.is_finite()
}

/// How likely a chi-squared number with `degrees` of freedom exceeds `x`.
#[must_use]
pub fn chi_squared_tail(x: f64, degrees: f64) -> f64 {
    if x.is_nan() || x <= 0.0 || !is_shape(degrees) {
        return 1.0;
    }
    if x.is_infinite() {
        return 0.0;
    }
    gamma::checked_gamma_ur(0.5 * degrees, 0.5 * x).unwrap_or(1.0)
}

/// The logarithm of the beta function.
#[must_use]
pub fn ln_beta(a: f64, b: f64) -> f64 {
    gamma::ln_gamma(a) + gamma::ln_gamma(b) - gamma::ln_gamma(a + b)
}
