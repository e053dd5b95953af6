//! The master key in the operating system's keychain: one entry of constant size for a data folder.
//!
//! Every state of a keychain has its own error, and a failed read is never taken for "nothing
//! there": programs that did so wiped their users' secrets.

use std::sync::{Mutex, PoisonError};

use keyring_core::{Entry, Error};
use zeroize::Zeroizing;

use crate::error::VaultError;
use crate::key::{KEY_BYTES, SecretKey};

/// The service under which keychains list our entries. No portal's name ever appears there.
const SERVICE: &str = "dev.plumbline";

/// Puts the key into the keychain under the vault's name and proves that it can be read back.
pub(crate) fn save(vault_id: &str, key: &SecretKey) -> Result<(), VaultError> {
    let entry = entry(vault_id)?;
    entry
        .set_secret(key.bytes())
        .map_err(|error| map(&error, VaultError::KeychainAbsent))?;
    match read(vault_id) {
        Ok(found) if found.bytes() == key.bytes() => Ok(()),
        Ok(_) => Err(VaultError::KeychainGarbled),
        Err(error) => Err(error),
    }
}

/// Reads the key of the vault with this name.
pub(crate) fn read(vault_id: &str) -> Result<SecretKey, VaultError> {
    let secret = entry(vault_id)?
        .get_secret()
        .map(Zeroizing::new)
        .map_err(|error| map(&error, VaultError::KeyMissing))?;
    let bytes: [u8; KEY_BYTES] = secret
        .as_slice()
        .try_into()
        .map_err(|_| VaultError::KeychainGarbled)?;
    Ok(SecretKey::from_bytes(bytes))
}

/// Takes the key of the vault with this name out of the keychain. One that is not there is no error.
pub(crate) fn remove(vault_id: &str) -> Result<(), VaultError> {
    match entry(vault_id)?.delete_credential() {
        Ok(()) | Err(Error::NoEntry) => Ok(()),
        Err(error) => Err(map(&error, VaultError::KeychainAbsent)),
    }
}

/// What the keychain in use calls itself, such as `Secret Service store`; kept beside what it sealed,
/// so that a desktop which changed its keychain is told and not guessed.
pub(crate) fn name() -> Option<String> {
    let vendor = keyring_core::get_default_store()?.vendor();
    vendor.split(',').next().map(|name| name.trim().to_owned())
}

fn entry(vault_id: &str) -> Result<Entry, VaultError> {
    use_platform_store()?;
    let user = format!("vault-{vault_id}");
    Entry::new(SERVICE, &user).map_err(|error| map(&error, VaultError::KeychainAbsent))
}

/// Makes the platform's keychain the one in use, unless one was chosen already (tests choose the
/// mock). A failure is not remembered: a keychain that starts later is found then.
fn use_platform_store() -> Result<(), VaultError> {
    static CHOOSING: Mutex<()> = Mutex::new(());
    let _one_at_a_time = CHOOSING.lock().unwrap_or_else(PoisonError::into_inner);
    if keyring_core::get_default_store().is_some() {
        return Ok(());
    }
    match keyring::Entry::store_status() {
        Ok(()) => Ok(()),
        Err(error) => Err(map(error, VaultError::KeychainAbsent)),
    }
}

/// One error of ours for each of theirs. `missing` says what a missing entry means to the caller.
fn map(error: &Error, missing: VaultError) -> VaultError {
    match error {
        Error::NoEntry => missing,
        Error::NoStorageAccess(_) => VaultError::KeychainLocked,
        Error::PlatformFailure(platform) if is_without_bus(&platform.to_string()) => {
            VaultError::NoSessionBus
        }
        Error::PlatformFailure(_) | Error::NoDefaultStore | Error::NotSupportedByStore(_) => {
            VaultError::KeychainAbsent
        }
        Error::Ambiguous(_) => VaultError::KeychainAmbiguous,
        Error::BadEncoding(_)
        | Error::BadDataFormat(..)
        | Error::BadStoreFormat(_)
        | Error::TooLong(..)
        | Error::Invalid(..) => VaultError::KeychainGarbled,
        // Their list is open. What is not known is not a licence to do anything.
        _ => VaultError::KeychainAbsent,
    }
}

/// Whether Linux has not even the bus that a keychain would answer on. The platform's words decide
/// only between two texts of ours; both mean that no keychain answers.
fn is_without_bus(words: &str) -> bool {
    cfg!(target_os = "linux")
        && !words.contains("ServiceUnknown")
        && [
            "I/O error",
            "No such file",
            "NotFound",
            "Connection refused",
            "DBUS_SESSION",
        ]
        .iter()
        .any(|sign| words.contains(sign))
}
