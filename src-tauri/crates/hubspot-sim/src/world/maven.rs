//! The Maven portal.
use crate::options::SimError;
use crate::portal::Portal;
use serde_json::Value;
use std::path::Path;
pub(crate) fn load(_seed: u64, _folder: &Path) -> Result<(Portal, Value), SimError> {
    unimplemented!()
}
