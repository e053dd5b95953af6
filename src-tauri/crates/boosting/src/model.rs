//! A fitted model: what is kept, asked and written.

use crate::categories::Encoding;
use crate::fit::owners;
use crate::scorer::Scorer;
use crate::tree::Tree;
use crate::{Error, MODEL_VERSION, explain};
use ndarray::{Array1, Array2, ArrayView1, ArrayView2};
use serde::{Deserialize, Serialize};

/// Rows above which a second thread pays, and below which none is started.
const WORTH_A_THREAD: usize = 4_096;

/// Trees whose leaves add up to the log-odds of an outcome.
///
/// Written by serde it carries [`MODEL_VERSION`]; reading refuses any other version, and whatever
/// could not be walked. Use a format that keeps each number to its last bit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(into = "Written", try_from = "Written")]
pub struct Boosted {
    base: f64,
    encodings: Vec<Encoding>,
    trees: Vec<Tree>,
    single_precision: bool,
    /// By column of the trees: the column of the records that it comes from.
    owners: Vec<usize>,
    scorer: Scorer,
}

/// The written form.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    /// First, so that a newer form is refused for its version and not for what is new in it.
    version: Version,
    base: f64,
    encodings: Vec<Encoding>,
    trees: Vec<Tree>,
    single_precision: bool,
}

/// The one version that is read.
#[derive(Clone, Serialize, Deserialize)]
#[serde(into = "u32", try_from = "u32")]
struct Version;

impl From<Version> for u32 {
    fn from(_: Version) -> Self {
        MODEL_VERSION
    }
}

impl TryFrom<u32> for Version {
    type Error = String;

    fn try_from(version: u32) -> Result<Self, String> {
        if version == MODEL_VERSION {
            return Ok(Self);
        }
        Err(format!(
            "the model is of version {version}, and this program reads version {MODEL_VERSION}"
        ))
    }
}

impl Boosted {
    pub(crate) fn new(
        base: f64,
        encodings: Vec<Encoding>,
        trees: Vec<Tree>,
        single_precision: bool,
    ) -> Self {
        let owners = owners(&encodings);
        Self {
            base,
            scorer: Scorer::of(&trees, owners.len()),
            encodings,
            trees,
            single_precision,
            owners,
        }
    }

    /// Trees that were grown elsewhere, over `columns` columns of numbers.
    ///
    /// # Errors
    /// When a tree cannot be walked, or asks about a column that is not there.
    pub fn of_trees(base: f64, columns: usize, trees: Vec<Tree>) -> Result<Self, Error> {
        let most = usize::from(u16::MAX);
        if !(1..=most).contains(&columns) {
            return Err(Error::Columns { columns, most });
        }
        if !base.is_finite() || !trees.iter().all(|tree| tree.is_sound(columns)) {
            return Err(Error::Damaged);
        }
        let encodings = vec![Encoding::Number; columns];
        Ok(Self::new(base, encodings, trees, false))
    }

    /// The columns of the rows that it can be asked about.
    #[must_use]
    pub fn columns(&self) -> usize {
        self.encodings.len()
    }

    /// The log-odds that the trees start from: those of the rows' rate.
    #[must_use]
    pub fn base(&self) -> f64 {
        self.base
    }

    /// The trees, in the order in which they were grown.
    #[must_use]
    pub fn trees(&self) -> &[Tree] {
        &self.trees
    }

    /// The log-odds of each row, on this many threads; they do not change what comes out.
    ///
    /// # Errors
    /// When the rows have another number of columns.
    pub fn margins(
        &self,
        records: ArrayView2<'_, f64>,
        threads: usize,
    ) -> Result<Array1<f64>, Error> {
        self.is_as_wide(records)?;
        let mut margins = Array1::from_elem(records.nrows(), self.base);
        let Some(all) = margins.as_slice_mut() else {
            return Ok(margins);
        };
        let threads = threads.clamp(1, 256).min(all.len() / WORTH_A_THREAD).max(1);
        let part = all.len().div_ceil(threads).max(1);
        std::thread::scope(|scope| {
            for (number, margins) in all.chunks_mut(part).enumerate() {
                let mut work = move || self.add_margins(records, number * part, margins);
                if threads == 1 {
                    work();
                } else {
                    scope.spawn(work);
                }
            }
        });
        Ok(margins)
    }

    fn add_margins(&self, records: ArrayView2<'_, f64>, first: usize, margins: &mut [f64]) {
        let encode = |row: usize, out: &mut Vec<f64>| {
            self.encode(records.row(first + row), out);
        };
        self.scorer.add(&self.trees, encode, margins);
    }

    /// Appends a row as the trees see it.
    fn encode(&self, row: ArrayView1<'_, f64>, out: &mut Vec<f64>) {
        for (encoding, &value) in self.encodings.iter().zip(row) {
            // scikit-learn's trees see numbers of single precision.
            let value = if self.single_precision {
                f64::from(value as f32)
            } else {
                value
            };
            encoding.push(value, out);
        }
    }

    /// What each column adds to each row's log-odds, against [`Self::expected_margin`]: the exact
    /// Shapley values of the trees, path-dependent (Lundberg et al. 2020, doi:10.1038/s42256-019-0138-9).
    /// A row's parts and the expected margin add up to its margin.
    ///
    /// They say which columns the score is made of, and nothing about what would change the outcome.
    ///
    /// # Errors
    /// When the rows have another number of columns.
    pub fn contributions(&self, records: ArrayView2<'_, f64>) -> Result<Array2<f64>, Error> {
        self.is_as_wide(records)?;
        let mut parts = Array2::zeros(records.dim());
        let mut seen = Vec::new();
        for (row, mut parts) in records.rows().into_iter().zip(parts.rows_mut()) {
            seen.clear();
            self.encode(row, &mut seen);
            for tree in &self.trees {
                explain::add(tree, &seen, |column, part| {
                    let owner = self.owners.get(column).copied();
                    if let Some(slot) = owner.and_then(|owner| parts.get_mut(owner)) {
                        *slot += part;
                    }
                });
            }
        }
        Ok(parts)
    }

    /// The mean margin over the rows that the trees were grown on, by the trees' own counts.
    #[must_use]
    pub fn expected_margin(&self) -> f64 {
        self.base + self.trees.iter().map(Tree::mean).sum::<f64>()
    }

    fn is_as_wide(&self, records: ArrayView2<'_, f64>) -> Result<(), Error> {
        if records.ncols() == self.columns() {
            Ok(())
        } else {
            Err(Error::Width {
                there: records.ncols(),
                needed: self.columns(),
            })
        }
    }
}

impl From<Boosted> for Written {
    fn from(model: Boosted) -> Self {
        Self {
            version: Version,
            base: model.base,
            encodings: model.encodings,
            trees: model.trees,
            single_precision: model.single_precision,
        }
    }
}

impl TryFrom<Written> for Boosted {
    type Error = String;

    fn try_from(written: Written) -> Result<Self, String> {
        let columns = owners(&written.encodings).len();
        let sound = written.base.is_finite()
            && (1..=usize::from(u16::MAX)).contains(&columns)
            && written.trees.iter().all(|tree| tree.is_sound(columns))
            && written.encodings.iter().all(|encoding| match encoding {
                Encoding::Number => true,
                Encoding::Category(categories) => categories.is_sound(),
            });
        if !sound {
            return Err("the model is damaged".to_owned());
        }
        Ok(Self::new(
            written.base,
            written.encodings,
            written.trees,
            written.single_precision,
        ))
    }
}
