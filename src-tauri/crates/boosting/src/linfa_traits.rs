//! The models as linfa knows them.
//!
//! linfa's `predict` cannot fail: rows of another width than the model's are all given NaN there.
//! [`Boosted::margins`] says what is wrong.

use crate::fit::{self, Known};
use crate::gradients::probability;
use crate::{Boosted, Boosting, Classic, Error, classic};
use linfa::DatasetBase;
use linfa::dataset::{AsSingleTargets, Pr};
use linfa::traits::{Fit, PredictInplace};
use ndarray::{Array1, ArrayBase, ArrayView2, Data, Ix2};

impl<D: Data<Elem = f64>, T: AsSingleTargets<Elem = bool>> Fit<ArrayBase<D, Ix2>, T, Error>
    for Boosting
{
    type Object = Boosted;

    fn fit(&self, dataset: &DatasetBase<ArrayBase<D, Ix2>, T>) -> Result<Boosted, Error> {
        let weights = weights_of(dataset);
        let targets = dataset.targets.as_single_targets();
        let known = Known::new(dataset.records.view(), targets, &weights)?;
        fit::fit(self, known.in_groups(&self.groups)?)
    }
}

impl<D: Data<Elem = f64>, T: AsSingleTargets<Elem = bool>> Fit<ArrayBase<D, Ix2>, T, Error>
    for Classic
{
    type Object = Boosted;

    fn fit(&self, dataset: &DatasetBase<ArrayBase<D, Ix2>, T>) -> Result<Boosted, Error> {
        let weights = weights_of(dataset);
        let targets = dataset.targets.as_single_targets();
        classic::fit(self, Known::new(dataset.records.view(), targets, &weights)?)
    }
}

impl Boosting {
    /// Grows trees as [`Fit::fit`] does, and shows the log-odds of the rows `watched` before the first
    /// tree and after each, until `go_on` answers false: other rows than the last ones may say when it
    /// is enough, and how many trees were best. Early stopping by the tail is not asked.
    ///
    /// # Errors
    /// As for `fit`, or when the watched rows have another number of columns.
    pub fn fit_watching<D: Data<Elem = f64>, T: AsSingleTargets<Elem = bool>>(
        &self,
        dataset: &DatasetBase<ArrayBase<D, Ix2>, T>,
        watched: ArrayView2<'_, f64>,
        go_on: impl FnMut(&[f64]) -> bool + Send,
    ) -> Result<Boosted, Error> {
        let weights = weights_of(dataset);
        let targets = dataset.targets.as_single_targets();
        let known = Known::new(dataset.records.view(), targets, &weights)?;
        let known = known.in_groups(&self.groups)?;
        let (there, needed) = (watched.ncols(), known.records.ncols());
        if there != needed {
            return Err(Error::Width { there, needed });
        }
        fit::fit_watching(self, known, watched, go_on)
    }
}

/// A dataset without weights weighs every row alike.
fn weights_of<R: linfa::dataset::Records, T>(dataset: &DatasetBase<R, T>) -> Vec<f32> {
    match dataset.weights() {
        Some(weights) => weights.to_vec(),
        None => vec![1.0; dataset.records.nsamples()],
    }
}

/// Log-odds.
impl<D: Data<Elem = f64>> PredictInplace<ArrayBase<D, Ix2>, Array1<f64>> for Boosted {
    fn predict_inplace<'a>(&'a self, x: &'a ArrayBase<D, Ix2>, y: &mut Array1<f64>) {
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        match self.margins(x.view(), threads) {
            Ok(margins) => *y = margins,
            Err(_) => y.fill(f64::NAN),
        }
    }

    fn default_target(&self, x: &ArrayBase<D, Ix2>) -> Array1<f64> {
        Array1::zeros(x.nrows())
    }
}

/// Probabilities.
impl<D: Data<Elem = f64>> PredictInplace<ArrayBase<D, Ix2>, Array1<Pr>> for Boosted {
    fn predict_inplace<'a>(&'a self, x: &'a ArrayBase<D, Ix2>, y: &mut Array1<Pr>) {
        let mut margins = Array1::zeros(x.nrows());
        self.predict_inplace(x, &mut margins);
        *y = margins.mapv(|margin| Pr::new_unchecked(probability(margin) as f32));
    }

    fn default_target(&self, x: &ArrayBase<D, Ix2>) -> Array1<Pr> {
        Array1::from_elem(x.nrows(), Pr::even())
    }
}
