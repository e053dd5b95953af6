//! How small a difference so many cases can show, and how many a difference needs.

use crate::error::{Error, at_least_zero, inside};
use crate::special::{normal_cdf, normal_quantile};

/// A comparison of two shares that is to be made.
///
/// By Cohen's effect `h = 2 asin(sqrt p1) - 2 asin(sqrt p2)` (1988, chapter 6), on which the test of
/// two shares has the same power everywhere; the two-sided normal test of `statsmodels`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Comparison {
    /// The greatest probability of finding a difference that is none, such as 0.05.
    pub alpha: f64,
    /// The wanted probability of finding one that is there, such as 0.8.
    pub power: f64,
}

/// The nearest shares on either side that would be found. None on a side where not even 0 or 1
/// would.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Detectable {
    /// The smallest higher share.
    pub above: Option<f64>,
    /// The largest lower share.
    pub below: Option<f64>,
}

impl Comparison {
    /// The usual: 5 % of false finds, 80 % of the true ones.
    pub const USUAL: Self = Self {
        alpha: 0.05,
        power: 0.8,
    };

    /// How likely a difference between the shares `p` and `other` is found with `n` and `others`
    /// cases.
    ///
    /// # Errors
    /// When a share or the probabilities of the comparison are out of their ranges.
    pub fn power_for(&self, p: f64, other: f64, n: f64, others: f64) -> Result<f64, Error> {
        self.checked()?;
        let effect = angle(p)? - angle(other)?;
        Ok(self.chance(effect.abs() * root_n(n, others)?))
    }

    /// The smallest differences from the share `p` of `n` cases that `others` cases would show.
    ///
    /// # Errors
    /// As above.
    pub fn detectable(&self, p: f64, n: f64, others: f64) -> Result<Detectable, Error> {
        self.checked()?;
        let angle = angle(p)?;
        let root = root_n(n, others)?;
        if root <= 0.0 {
            return Ok(Detectable {
                above: None,
                below: None,
            });
        }
        let effect = self.distance() / root;
        let share = |angle: f64| (0.5 * angle).sin().powi(2);
        let (above, below) = (angle + effect, angle - effect);
        Ok(Detectable {
            above: (above <= std::f64::consts::PI).then(|| share(above)),
            below: (below >= 0.0).then(|| share(below)),
        })
    }

    /// How many cases each of two groups of one size needs to show that their shares differ. None
    /// where they do not.
    ///
    /// # Errors
    /// As above.
    pub fn needed(&self, p: f64, other: f64) -> Result<Option<f64>, Error> {
        self.checked()?;
        let effect = (angle(p)? - angle(other)?).abs();
        let each = 2.0 * (self.distance() / effect).powi(2);
        Ok(Some(each.ceil()).filter(|each| each.is_finite()))
    }

    /// The smallest difference that an estimate with this standard error finds with the wanted power
    /// (Bloom 1995, doi:10.1177/0193841X9501900504).
    ///
    /// # Errors
    /// When the error is negative or not finite, or the comparison's probabilities are out of range.
    pub fn smallest_effect(&self, error: f64) -> Result<f64, Error> {
        self.checked()?;
        Ok(self.distance() * at_least_zero(error, "a standard error")?)
    }

    fn checked(&self) -> Result<(), Error> {
        inside(self.alpha, "alpha")?;
        inside(self.power, "the power")?;
        if self.power > self.alpha {
            Ok(())
        } else {
            Err(Error::Range("the power"))
        }
    }

    /// How likely a test statistic so many standard deviations from nothing is found.
    fn chance(&self, distance: f64) -> f64 {
        let limit = normal_quantile(1.0 - 0.5 * self.alpha);
        normal_cdf(distance - limit) + normal_cdf(-distance - limit)
    }

    /// How many standard deviations are found with the wanted power.
    fn distance(&self) -> f64 {
        let (mut low, mut high) = (0.0, 80.0);
        for _ in 0..100 {
            let middle = 0.5 * (low + high);
            if self.chance(middle) < self.power {
                low = middle;
            } else {
                high = middle;
            }
        }
        high
    }
}

fn angle(p: f64) -> Result<f64, Error> {
    if (0.0..=1.0).contains(&p) {
        Ok(2.0 * p.sqrt().asin())
    } else {
        Err(Error::Range("a share"))
    }
}

/// The root of the harmonic half of both sizes, by which an effect grows.
fn root_n(n: f64, others: f64) -> Result<f64, Error> {
    let n = at_least_zero(n, "a number of cases")?;
    let others = at_least_zero(others, "a number of cases")?;
    if n <= 0.0 || others <= 0.0 {
        return Ok(0.0);
    }
    Ok((1.0 / (1.0 / n + 1.0 / others)).sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 300 deals, 30 % won, half of them exposed: the smallest odds ratio is about 2.
    #[test]
    fn most_portals_resolve_no_small_effect() {
        let found = Comparison::USUAL.detectable(0.3, 150.0, 150.0).unwrap();
        let odds = |p: f64| p / (1.0 - p);
        let ratio = odds(found.above.unwrap()) / odds(0.3);
        assert!((1.9..2.1).contains(&ratio), "{ratio}");
    }

    #[test]
    fn what_is_detectable_has_the_wanted_power() {
        for (p, n, others) in [(0.3, 80.0, 400.0), (0.05, 50.0, 50.0), (0.5, 9.0, 30.0)] {
            let found = Comparison::USUAL.detectable(p, n, others).unwrap();
            for share in [found.above, found.below].into_iter().flatten() {
                let power = Comparison::USUAL.power_for(share, p, n, others).unwrap();
                assert!((power - 0.8).abs() < 1e-6, "{power}");
            }
        }
    }

    /// Bloom's multiplier for 5 % and 80 %, both sides: 1.960 + 0.842.
    #[test]
    fn the_smallest_effect_is_2_8_errors() {
        let smallest = Comparison::USUAL.smallest_effect(0.5).unwrap();
        assert!((smallest - 0.5 * 2.801_6).abs() < 1e-4, "{smallest}");
        assert_eq!(Comparison::USUAL.smallest_effect(0.0), Ok(0.0));
        assert!(Comparison::USUAL.smallest_effect(-1.0).is_err());
    }

    #[test]
    fn too_few_cases_show_nothing() {
        let found = Comparison::USUAL.detectable(0.3, 2.0, 3.0).unwrap();
        assert_eq!((found.above, found.below), (None, None));
        let none = Comparison::USUAL.detectable(0.3, 0.0, 3.0).unwrap();
        assert_eq!((none.above, none.below), (None, None));
        assert_eq!(Comparison::USUAL.needed(0.3, 0.3), Ok(None));
    }

    #[test]
    fn shares_and_levels_out_of_range_are_refused() {
        assert!(Comparison::USUAL.detectable(1.2, 9.0, 9.0).is_err());
        assert!(Comparison::USUAL.needed(f64::NAN, 0.2).is_err());
        assert!(Comparison::USUAL.power_for(0.1, 0.2, -1.0, 9.0).is_err());
        let upside_down = Comparison {
            alpha: 0.9,
            power: 0.8,
        };
        assert_eq!(upside_down.needed(0.1, 0.2), Err(Error::Range("the power")));
    }
}
