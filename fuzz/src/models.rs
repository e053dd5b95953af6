//! Models that are read back from where they were kept.

use boosting::Boosted;
use ndarray::Array2;

/// What is read can be asked and explained, and reads back as what it was written as.
pub fn boosted(input: &[u8]) {
    let Ok(model) = serde_json::from_slice::<Boosted>(input) else {
        return;
    };
    let columns = model.columns();
    if columns > 1_000 {
        return;
    }
    let rows = [f64::NAN, -1.0, 0.0, 0.5, 3.0, f64::INFINITY, f64::MAX];
    let records = Array2::from_shape_fn((rows.len(), columns), |(row, column)| {
        rows[(row + column) % rows.len()]
    });
    let margins = model.margins(records.view(), 1).expect("it is as wide");
    let parts = model.contributions(records.view()).expect("it is as wide");
    assert_eq!((margins.len(), parts.nrows()), (rows.len(), rows.len()));
    let text = serde_json::to_vec(&model).expect("a model is JSON");
    if let Ok(again) = serde_json::from_slice::<Boosted>(&text) {
        assert!(again == model);
    }
}
