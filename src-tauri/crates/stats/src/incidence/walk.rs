//! The estimator itself, one moment after the other.

use super::curve::Step;

/// Survival, both cumulative incidences and the sums that their variances need.
///
/// At a moment with `n` at risk, of whom `d` end, `d_k` of them with event k:
/// `F_k += S d_k / n`, then `S *= 1 - d / n` (Aalen and Johansen 1978). Both events of one moment
/// meet the same `S`, so ties need no order.
///
/// The variance of `F_k(t)` is the one that follows from Greenwood's (Marubini and Valsecchi 1995,
/// section 10.4; Collett, Modelling Survival Data, section 12.2; the one of lifelines):
///
/// `sum (F(t) - F_i)^2 d / (n (n - d)) + sum S_i-^2 d_k (n - d_k) / n^3
///  - 2 sum (F(t) - F_i) S_i- d_k / n^2`
///
/// with `F_i` after moment i. Written out in powers of `F(t)` it needs six sums and one pass.
#[derive(Debug, Clone, Copy)]
pub(super) struct Walk {
    pub(super) survival: f64,
    event: Cause,
    competing: Cause,
    /// `sum d / (n (n - d))`.
    greenwood: f64,
}

impl Default for Walk {
    fn default() -> Self {
        Self {
            survival: 1.0,
            event: Cause::default(),
            competing: Cause::default(),
            greenwood: 0.0,
        }
    }
}

#[derive(Debug, Clone, Copy, Default)]
struct Cause {
    incidence: f64,
    // With a = d / (n (n - d)), b the middle term and c = S_i- d_k / n^2.
    a_f: f64,
    a_f2: f64,
    b: f64,
    c: f64,
    c_f: f64,
}

impl Cause {
    fn step(&mut self, survival: f64, n: f64, d: f64, a: f64) {
        self.incidence += survival * d / n;
        let f = self.incidence;
        self.a_f += a * f;
        self.a_f2 += a * f * f;
        self.b += survival * survival * d * (n - d) / (n * n * n);
        let c = survival * d / (n * n);
        self.c += c;
        self.c_f += c * f;
    }

    fn variance(&self, greenwood: f64) -> f64 {
        let f = self.incidence;
        let first = f * f * greenwood - 2.0 * f * self.a_f + self.a_f2;
        let third = f * self.c - self.c_f;
        // A difference of equal sums may come out a last digit below nothing.
        (first + self.b - 2.0 * third).max(0.0)
    }
}

impl Walk {
    /// One moment: of `n` at risk, `events` and `competing` end. `n` is at least their sum and above
    /// 0.
    pub(super) fn step(&mut self, n: f64, events: f64, competing: f64) {
        let ended = events + competing;
        // Where all end nobody is left, and no later moment can move the curve: its infinite weight
        // would meet a difference of nothing.
        let a = if ended < n {
            ended / (n * (n - ended))
        } else {
            0.0
        };
        self.event.step(self.survival, n, events, a);
        self.competing.step(self.survival, n, competing, a);
        self.greenwood += a;
        self.survival *= ((n - ended) / n).max(0.0);
    }

    pub(super) fn event(&self) -> (f64, f64) {
        (self.event.incidence, self.event.variance(self.greenwood))
    }

    pub(super) fn as_step(&self, time: f64, at_risk: f64, events: f64, competing: f64) -> Step {
        Step {
            time,
            at_risk,
            events,
            competing,
            survival: self.survival,
            survival_variance: (self.survival * self.survival * self.greenwood).max(0.0),
            event_incidence: self.event.incidence,
            event_variance: self.event.variance(self.greenwood),
            competing_incidence: self.competing.incidence,
            competing_variance: self.competing.variance(self.greenwood),
        }
    }
}
