//! A share over rows that belong together: one deal seen on ten Mondays is not ten deals.

/// A ratio of sums over clusters, with the variance that the clusters show.
///
/// `ratio = sum(y) / sum(m)` over clusters with `m` rows of which `y` count. Its variance is the
/// linearised ("sandwich") one, `G/(G-1) * sum((y - ratio*m)^2) / sum(m)^2`, as in Cochran, Sampling
/// Techniques (1977), section 6.4, without a finite population.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ClusterRatio {
    /// The share.
    pub ratio: f64,
    /// Clusters with at least one row.
    pub clusters: u32,
    /// Rows.
    pub rows: f64,
    /// The variance of the share.
    pub variance: f64,
}

impl ClusterRatio {
    /// The ratio over clusters given as (rows that count, rows). None without rows, or where a number
    /// is not finite.
    pub fn of(clusters: impl Iterator<Item = (f64, f64)> + Clone) -> Option<Self> {
        let clusters = clusters.filter(|&(_, m)| m > 0.0);
        let (mut count, mut sum_y, mut sum_m) = (0_u32, 0.0, 0.0);
        for (y, m) in clusters.clone() {
            count += 1;
            sum_y += y;
            sum_m += m;
        }
        if count == 0 || !sum_y.is_finite() || !sum_m.is_finite() {
            return None;
        }
        let ratio = sum_y / sum_m;
        let squares: f64 = clusters.map(|(y, m)| (y - ratio * m).powi(2)).sum();
        let g = f64::from(count);
        let correction = if count > 1 { g / (g - 1.0) } else { 1.0 };
        Some(Self {
            ratio,
            clusters: count,
            rows: sum_m,
            variance: correction * squares / (sum_m * sum_m),
        })
    }

    /// The same over clusters of one row each, of which so many count.
    #[must_use]
    pub fn of_cases(k: u32, n: u32) -> Option<Self> {
        let ratio = f64::from(k) / f64::from(n);
        let (k, g) = (f64::from(k), f64::from(n));
        let squares = k * (1.0 - ratio).powi(2) + (g - k) * ratio.powi(2);
        let correction = if n > 1 { g / (g - 1.0) } else { 1.0 };
        (n > 0).then(|| Self {
            ratio,
            clusters: n,
            rows: g,
            variance: correction * squares / (g * g),
        })
    }

    /// How many independent rows would give this variance. At most as many as there are rows, and
    /// never less than one, even where weights make less than one row of all; where the variance says
    /// nothing (all rows agree, or there is one cluster) as many as clusters.
    #[must_use]
    pub fn effective(&self) -> f64 {
        let binomial = self.ratio * (1.0 - self.ratio);
        if binomial <= 0.0 || self.variance <= 0.0 || self.clusters < 2 {
            return f64::from(self.clusters);
        }
        (binomial / self.variance).clamp(1.0, self.rows.max(1.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(clusters: &[(f64, f64)]) -> ClusterRatio {
        ClusterRatio::of(clusters.iter().copied()).unwrap()
    }

    #[test]
    fn cases_are_clusters_of_one_row() {
        for (k, n) in [(0, 1), (1, 1), (3, 10), (0, 7), (7, 7), (120, 481)] {
            let rows: Vec<_> = (0..n).map(|i| (f64::from(u8::from(i < k)), 1.0)).collect();
            let (one, other) = (of(&rows), ClusterRatio::of_cases(k, n).unwrap());
            assert_eq!(
                (one.ratio, one.clusters, one.rows),
                (other.ratio, n, other.rows)
            );
            assert!((one.variance - other.variance).abs() < 1e-15, "{k} of {n}");
        }
        assert_eq!(ClusterRatio::of_cases(0, 0), None);
    }

    #[test]
    fn single_rows_are_as_good_as_independent_ones() {
        let rows: Vec<_> = (0..200)
            .map(|i| (f64::from(u8::from(i % 4 == 0)), 1.0))
            .collect();
        let ratio = of(&rows);
        assert!((ratio.ratio - 0.25).abs() < 1e-12);
        assert!(
            (ratio.effective() - 199.0).abs() < 1e-9,
            "{}",
            ratio.effective()
        );
    }

    #[test]
    fn rows_that_repeat_their_deal_add_nothing() {
        let once: Vec<_> = (0..50)
            .map(|i| (f64::from(u8::from(i % 5 == 0)), 1.0))
            .collect();
        let tenfold: Vec<_> = once.iter().map(|&(y, m)| (10.0 * y, 10.0 * m)).collect();
        assert!((of(&once).effective() - of(&tenfold).effective()).abs() < 1e-9);
        assert_eq!(of(&tenfold).clusters, 50);
    }

    /// Weights that sum to one do so only nearly.
    #[test]
    fn weights_may_make_less_than_one_row_of_all() {
        let light = [(0.02, 0.3), (0.0, 0.3), (0.3, 0.3)];
        assert!((of(&light).effective() - 1.0).abs() < 1e-12);
    }

    #[test]
    fn where_all_agree_the_deals_are_counted() {
        assert!((of(&[(0.0, 9.0), (0.0, 3.0)]).effective() - 2.0).abs() < 1e-12);
        assert!((of(&[(3.0, 9.0)]).effective() - 1.0).abs() < 1e-12);
        assert_eq!(ClusterRatio::of([(0.0, 0.0)].into_iter()), None);
        assert_eq!(ClusterRatio::of([(f64::NAN, 1.0)].into_iter()), None);
    }
}
