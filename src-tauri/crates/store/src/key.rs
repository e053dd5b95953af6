//! Keys: 32 bytes that are wiped when dropped, and how one key grows from another.

use std::fmt;

use hkdf::Hkdf;
use sha2::Sha256;
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::error::VaultError;
use crate::hex;

/// Bytes in every key and salt. SQLCipher's cipher and HKDF-SHA256 both work on 32.
pub(crate) const KEY_BYTES: usize = 32;

/// A secret key. It shows itself to nobody.
#[derive(Clone)]
pub(crate) struct SecretKey(Zeroizing<[u8; KEY_BYTES]>);

/// A value that recognises a key without giving anything about it away: it is derived beside the
/// key, and HKDF's outputs tell nothing of each other (RFC 5869, section 3.1).
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct KeyCheck([u8; 16]);

impl SecretKey {
    pub(crate) fn from_bytes(bytes: [u8; KEY_BYTES]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// A new key from the operating system's randomness.
    pub(crate) fn random() -> Result<Self, VaultError> {
        let mut bytes = Zeroizing::new([0; KEY_BYTES]);
        getrandom::fill(bytes.as_mut()).map_err(|_| VaultError::NoRandomness)?;
        Ok(Self(bytes))
    }

    /// A key of its own for one purpose: HKDF-SHA256 with a salt that is kept beside the file.
    pub(crate) fn derive(&self, purpose: &str, salt: &[u8; KEY_BYTES]) -> Self {
        let mut bytes = Zeroizing::new([0; KEY_BYTES]);
        self.expand(purpose, salt, bytes.as_mut());
        Self(bytes)
    }

    /// The value by which this key is recognised.
    pub(crate) fn check(&self) -> KeyCheck {
        let mut bytes = [0; 16];
        self.expand("key check", &[0; KEY_BYTES], &mut bytes);
        KeyCheck(bytes)
    }

    fn expand(&self, purpose: &str, salt: &[u8; KEY_BYTES], out: &mut [u8]) {
        let derived = Hkdf::<Sha256>::new(Some(salt), self.0.as_ref());
        // HKDF fails only for outputs beyond 255 hashes; ours are at most one.
        let expanded = derived.expand_multi_info(&[b"plumbline/1/", purpose.as_bytes()], out);
        debug_assert!(expanded.is_ok());
    }

    pub(crate) fn bytes(&self) -> &[u8; KEY_BYTES] {
        &self.0
    }

    pub(crate) fn to_hex(&self) -> Zeroizing<String> {
        hex::encode(self.0.as_ref())
    }
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretKey(…)")
    }
}

impl KeyCheck {
    pub(crate) fn from_hex(text: &str) -> Option<Self> {
        hex::decode(text).map(Self)
    }

    pub(crate) fn to_hex(&self) -> String {
        hex::encode(&self.0).to_string()
    }

    /// Whether `key` is the key this value was taken from. Takes the same time for every answer.
    pub(crate) fn fits(&self, key: &SecretKey) -> bool {
        self.0.ct_eq(&key.check().0).into()
    }
}

/// A salt from the operating system's randomness.
pub(crate) fn random_salt() -> Result<[u8; KEY_BYTES], VaultError> {
    let mut salt = [0; KEY_BYTES];
    getrandom::fill(&mut salt).map_err(|_| VaultError::NoRandomness)?;
    Ok(salt)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn purposes_salts_and_masters_give_different_keys() {
        let master = SecretKey::from_bytes([1; 32]);
        let key = master.derive("portal:1", &[7; 32]);
        let others = [
            master.derive("portal:2", &[7; 32]),
            master.derive("portal:1", &[8; 32]),
            SecretKey::from_bytes([2; 32]).derive("portal:1", &[7; 32]),
        ];
        assert!(key.check().fits(&master.derive("portal:1", &[7; 32])));
        for other in others {
            assert_ne!(key.bytes(), other.bytes());
            assert!(!key.check().fits(&other));
        }
    }

    #[test]
    fn a_key_shows_itself_to_nobody() {
        let key = SecretKey::from_bytes([0xab; 32]);
        assert_eq!(format!("{key:?}"), "SecretKey(…)");
        assert!(!key.to_hex().contains(&key.check().to_hex()));
    }
}
