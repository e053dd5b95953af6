//! From a passphrase to a cipher: Argon2id, with the work that whoever guesses has to repeat.

use argon2::{Algorithm, Argon2, Params, Version};
use chacha20poly1305::XChaCha20Poly1305;
use chacha20poly1305::aead::KeyInit;
use secrecy::{ExposeSecret, SecretString};
use zeroize::Zeroizing;

use crate::key::KEY_BYTES;

/// Argon2id's second recommended setting (RFC 9106, section 4): 64 MiB, 3 passes. One lane,
/// because this build computes lanes one after the other.
const MEMORY_KIB: u32 = 64 * 1024;
const PASSES: u32 = 3;
const LANES: u32 = 1;
/// Somebody who can write the file must not be able to weaken the work, nor to ask for all memory.
const MOST_MEMORY_KIB: u32 = 1024 * 1024;
const MOST_PASSES: u32 = 64;

/// Bytes in the salt of a passphrase.
pub(crate) const SALT_BYTES: usize = 16;

/// How much work a passphrase costs. It is kept beside what the passphrase opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Work {
    pub(crate) memory_kib: u32,
    pub(crate) passes: u32,
    pub(crate) lanes: u32,
}

/// What is sealed from now on costs this much.
pub(crate) const TODAYS_WORK: Work = Work {
    memory_kib: MEMORY_KIB,
    passes: PASSES,
    lanes: LANES,
};

impl Work {
    /// The cipher that only this passphrase makes. `None` for work that is not accepted: too little
    /// to protect anything, or so much that it would stop the machine.
    pub(crate) fn cipher(
        self,
        passphrase: &SecretString,
        salt: &[u8; SALT_BYTES],
    ) -> Option<XChaCha20Poly1305> {
        if !(MEMORY_KIB..=MOST_MEMORY_KIB).contains(&self.memory_kib)
            || !(PASSES..=MOST_PASSES).contains(&self.passes)
        {
            return None;
        }
        let params = Params::new(self.memory_kib, self.passes, self.lanes, Some(KEY_BYTES)).ok()?;
        let mut key = Zeroizing::new([0; KEY_BYTES]);
        Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
            .hash_password_into(passphrase.expose_secret().as_bytes(), salt, key.as_mut())
            .ok()?;
        XChaCha20Poly1305::new_from_slice(key.as_ref()).ok()
    }
}
