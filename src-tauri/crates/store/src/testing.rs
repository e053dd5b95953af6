//! For tests alone: a vault without a keychain and without the work of a passphrase.

use crate::Vault;

/// A vault whose master key is this byte repeated. It writes no vault file.
#[must_use]
pub fn vault(seed: u8) -> Vault {
    Vault::of_known_key([seed; 32])
}
