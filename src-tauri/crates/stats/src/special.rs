//! The special functions that everything else stands on, with the accuracy they are tested to.

use statrs::function::{erf, gamma};

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
    if !is_shape(beta) {
        return 0.0;
    }
    // The fraction converges quickly on the near side of the mean; the far side is what is left.
    let near = x < (alpha + 1.0) / (alpha + beta + 2.0);
    let (a, b, x) = if near {
        (alpha, beta, x)
    } else {
        (beta, alpha, 1.0 - x)
    };
    let front = (a * x.ln() + b * (-x).ln_1p() - ln_beta(a, b)).exp() / a;
    let share = (front * beta_fraction(a, b, x)).clamp(0.0, 1.0);
    if near { share } else { 1.0 - share }
}

/// The continued fraction of the incomplete beta function (DLMF 8.17.22), by Lentz's method. It
/// takes about as many terms as the square root of the larger shape; `statrs` stops after 140, which
/// leaves errors of 1e-3 at a million cases.
fn beta_fraction(a: f64, b: f64, x: f64) -> f64 {
    const MOST_TERMS: u32 = 200_000;
    const TINY: f64 = 1e-300;
    let away_from_zero = |value: f64| if value.abs() < TINY { TINY } else { value };
    let mut c = 1.0;
    let mut d = 1.0 / away_from_zero(1.0 - (a + b) * x / (a + 1.0));
    let mut fraction = d;
    for m in 1..MOST_TERMS {
        let m = f64::from(m);
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        let before = fraction;
        for term in [even, odd] {
            d = 1.0 / away_from_zero(1.0 + term * d);
            c = away_from_zero(1.0 + term / c);
            fraction *= c * d;
        }
        if (fraction - before).abs() <= 1e-16 * fraction.abs() {
            break;
        }
    }
    fraction
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

/// The probability of log odds: `1 / (1 + exp(-x))`.
#[must_use]
pub fn expit(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

/// The logarithm of the gamma function of a positive number.
#[must_use]
pub fn ln_gamma(x: f64) -> f64 {
    gamma::ln_gamma(x)
}

/// The derivative of [`ln_gamma`], of a positive number.
pub(crate) fn digamma(x: f64) -> f64 {
    gamma::digamma(x)
}

/// The second derivative of [`ln_gamma`], of a positive number: by recurrence to 10, and from there
/// by the asymptotic series (DLMF 5.15.8), good to 1e-13.
pub(crate) fn trigamma(x: f64) -> f64 {
    let (mut x, mut sum) = (x, 0.0);
    while x < 10.0 {
        sum += 1.0 / (x * x);
        x += 1.0;
    }
    let y = 1.0 / (x * x);
    let series =
        1.0 / 6.0 - y * (1.0 / 30.0 - y * (1.0 / 42.0 - y * (1.0 / 30.0 - y * 5.0 / 66.0)));
    sum + 1.0 / x + 0.5 * y + y / x * series
}

/// The logarithm of the beta function.
#[must_use]
pub fn ln_beta(a: f64, b: f64) -> f64 {
    gamma::ln_gamma(a) + gamma::ln_gamma(b) - gamma::ln_gamma(a + b)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Values of SciPy's `polygamma(1, x)`.
    #[test]
    fn trigamma_at_both_ends() {
        for (x, expected) in [
            (0.01, 10_001.621_213_528_311),
            (0.5, std::f64::consts::PI * std::f64::consts::PI / 2.0),
            (1.0, std::f64::consts::PI * std::f64::consts::PI / 6.0),
            (37.5, 0.027_025_382_266_785_015),
        ] {
            assert!(
                (trigamma(x) / expected - 1.0).abs() < 1e-12,
                "{x} {}",
                trigamma(x)
            );
        }
    }
}
