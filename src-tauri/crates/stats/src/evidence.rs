//! How much a figure rests on, and when a figure must not be shown at all.

use serde::{Deserialize, Serialize};

/// Below this many independent cases a rate is not shown: the 95 % interval of 2 of 4 already spans
/// 15 to 85 %.
pub const SHOW_FROM: u32 = 5;

/// From this many independent cases on a rate stands on its own. Below it is shown as weak: the
/// 95 % Wilson interval of a rate of 30 % of 20 is still 14 to 52 %.
pub const SOUND_FROM: u32 = 20;

/// The three states of evidence, the same on every screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(tag = "state", rename_all = "snake_case")]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub enum Evidence {
    /// Enough cases: the figure stands on its own.
    Sound,
    /// Few cases: the figure is shown greyed, sorted last, with its count.
    Weak,
    /// Too few cases for any number.
    None {
        /// About how many more cases would give a sound figure.
        needs: u32,
    },
}

impl Evidence {
    /// The state for a rate over `n` independent cases.
    #[must_use]
    pub fn of_count(n: u32) -> Self {
        if n < SHOW_FROM {
            Self::None {
                needs: SOUND_FROM - n,
            }
        } else if n < SOUND_FROM {
            Self::Weak
        } else {
            Self::Sound
        }
    }

    /// The poorer of two states: a figure is as good as the worst that it rests on.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::None { needs: a }, Self::None { needs: b }) => Self::None { needs: a.max(b) },
            (none @ Self::None { .. }, _) | (_, none @ Self::None { .. }) => none,
            (Self::Weak, _) | (_, Self::Weak) => Self::Weak,
            (Self::Sound, Self::Sound) => Self::Sound,
        }
    }

    /// Whether a number may be shown.
    #[must_use]
    pub fn has_number(self) -> bool {
        !matches!(self, Self::None { .. })
    }
}

/// A share of cases with its interval: the value that a screen shows as `31 % (24-38) of 160 deals`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Rate {
    /// The share, 0 to 1.
    pub value: f64,
    /// Lower end of the interval.
    pub low: f64,
    /// Upper end of the interval.
    pub high: f64,
    /// How often such an interval covers the truth, such as 0.95.
    pub level: f64,
    /// Independent cases (deals, not rows) that the share rests on.
    pub n: u32,
    /// The number of independent cases that would give an interval this wide. Repeated sightings of
    /// one deal count for less than as many deals.
    pub n_effective: f64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thresholds_are_those_of_the_screens() {
        assert_eq!(Evidence::of_count(0), Evidence::None { needs: 20 });
        assert_eq!(Evidence::of_count(4), Evidence::None { needs: 16 });
        assert_eq!(Evidence::of_count(5), Evidence::Weak);
        assert_eq!(Evidence::of_count(19), Evidence::Weak);
        assert_eq!(Evidence::of_count(20), Evidence::Sound);
    }

    #[test]
    fn the_poorer_state_wins_in_either_order() {
        let states = [
            Evidence::Sound,
            Evidence::Weak,
            Evidence::None { needs: 3 },
            Evidence::None { needs: 9 },
        ];
        for (i, a) in states.into_iter().enumerate() {
            for (j, b) in states.into_iter().enumerate() {
                assert_eq!(a.and(b), states[i.max(j)]);
            }
        }
    }
}
