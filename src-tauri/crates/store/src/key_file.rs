//! The small file beside each database: the salt of its key, and the value that recognises the key.
//!
//! It is what tells a wrong key from a damaged database without touching the database, and what
//! turns forgetting a portal into forgetting 32 bytes: without the salt the key cannot be derived.

use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::error::StoreError;
use crate::key::{self, KEY_BYTES, KeyCheck, SecretKey};
use crate::vault::Vault;
use crate::{hex, private_file};

const FORMAT: u32 = 1;

#[derive(Serialize, Deserialize)]
struct Contents {
    format: u32,
    salt: String,
    check: String,
}

/// Where the key file of a database lies.
pub(crate) fn path_of(database: &Path) -> PathBuf {
    database.with_extension("key.json")
}

/// Derives the key of an existing database, and proves that it is the right one.
/// `None` where the database has no key file.
pub(crate) fn read(
    database: &Path,
    vault: &Vault,
    purpose: &str,
) -> Result<Option<SecretKey>, StoreError> {
    let bytes = match std::fs::read(path_of(database)) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(StoreError::file("read")(error)),
    };
    let contents: Contents = serde_json::from_slice(&bytes).map_err(|_| StoreError::Corrupt)?;
    if contents.format > FORMAT {
        return Err(StoreError::NewerSchema {
            found: contents.format.into(),
            known: FORMAT.into(),
        });
    }
    let salt: [u8; KEY_BYTES] = hex::decode(&contents.salt).ok_or(StoreError::Corrupt)?;
    let check = KeyCheck::from_hex(&contents.check).ok_or(StoreError::Corrupt)?;
    let key = vault.derive(purpose, &salt);
    if check.fits(&key) {
        Ok(Some(key))
    } else {
        Err(StoreError::WrongKey)
    }
}

/// Makes a new key for a database that is about to be created. Durable before it returns.
pub(crate) fn create(
    database: &Path,
    vault: &Vault,
    purpose: &str,
) -> Result<SecretKey, StoreError> {
    let salt = key::random_salt()?;
    let key = vault.derive(purpose, &salt);
    let contents = Contents {
        format: FORMAT,
        salt: hex::encode(&salt).to_string(),
        check: key.check().to_hex(),
    };
    let json = serde_json::to_vec(&contents).map_err(|_| StoreError::BadValue("key file"))?;
    private_file::replace(&path_of(database), &json).map_err(StoreError::file("written"))?;
    Ok(key)
}
