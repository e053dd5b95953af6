//! The file that says where the master key is: in the keychain under which name, or here, sealed
//! under a passphrase. It records who sealed it, so that a changed desktop is told, not guessed.

use std::io;
use std::path::Path;

use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::error::VaultError;
use crate::key::{KEY_BYTES, KeyCheck, SecretKey};
use crate::passphrase::{SALT_BYTES, TODAYS_WORK, Work};
use crate::{hex, private_file};

const FORMAT: u32 = 1;

/// The contents of `vault.json`. Nothing in it opens anything by itself.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct VaultFile {
    format: u32,
    /// A random name, so that two data folders never share a keychain entry.
    pub(crate) vault_id: String,
    /// Recognises the master key.
    check: String,
    pub(crate) seal: Seal,
}

/// What keeps the master key.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(crate) enum Seal {
    Keychain {
        /// What the keychain called itself.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        name: Option<String>,
    },
    Passphrase(Box<PassphraseSeal>),
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct PassphraseSeal {
    memory_kib: u32,
    passes: u32,
    lanes: u32,
    salt: String,
    nonce: String,
    sealed_key: String,
}

/// Reads the file; `None` where there is none.
pub(crate) fn read(path: &Path) -> Result<Option<VaultFile>, VaultError> {
    let bytes = match std::fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => {
            return Err(VaultError::File {
                action: "read",
                kind: error.kind(),
            });
        }
    };
    // The format is read by itself first: a newer file may have fields that this program lacks.
    #[derive(Deserialize)]
    struct FormatOnly {
        format: u32,
    }
    let FormatOnly { format } =
        serde_json::from_slice(&bytes).map_err(|_| VaultError::Damaged("not a vault file"))?;
    if format > FORMAT {
        return Err(VaultError::Newer(format));
    }
    serde_json::from_slice(&bytes)
        .map(Some)
        .map_err(|_| VaultError::Damaged("fields are missing"))
}

/// Writes the file, whole and durable.
pub(crate) fn write(path: &Path, file: &VaultFile) -> Result<(), VaultError> {
    let json = serde_json::to_vec_pretty(file).map_err(|_| VaultError::Damaged("not writable"))?;
    private_file::replace(path, &json).map_err(|error| VaultError::File {
        action: "written",
        kind: error.kind(),
    })
}

/// A name for a new vault.
pub(crate) fn new_vault_id() -> Result<String, VaultError> {
    let mut bytes = [0; 8];
    getrandom::fill(&mut bytes).map_err(|_| VaultError::NoRandomness)?;
    Ok(hex::encode(&bytes).to_string())
}

impl VaultFile {
    pub(crate) fn new(vault_id: String, key: &SecretKey, seal: Seal) -> Self {
        Self {
            format: FORMAT,
            vault_id,
            check: key.check().to_hex(),
            seal,
        }
    }

    /// Whether `key` is the key that this vault was made with.
    pub(crate) fn recognises(&self, key: &SecretKey) -> Result<bool, VaultError> {
        KeyCheck::from_hex(&self.check)
            .map(|check| check.fits(key))
            .ok_or(VaultError::Damaged("the key check is not hexadecimal"))
    }
}

impl PassphraseSeal {
    /// Seals a key under a passphrase with new salt and nonce.
    pub(crate) fn close(
        vault_id: &str,
        key: &SecretKey,
        passphrase: &SecretString,
    ) -> Result<Self, VaultError> {
        if passphrase.expose_secret().is_empty() {
            return Err(VaultError::EmptyPassphrase);
        }
        let mut salt = [0; SALT_BYTES];
        let mut nonce = [0; 24];
        getrandom::fill(&mut salt).map_err(|_| VaultError::NoRandomness)?;
        getrandom::fill(&mut nonce).map_err(|_| VaultError::NoRandomness)?;
        let mut seal = Self {
            memory_kib: TODAYS_WORK.memory_kib,
            passes: TODAYS_WORK.passes,
            lanes: TODAYS_WORK.lanes,
            salt: hex::encode(&salt).to_string(),
            nonce: hex::encode(&nonce).to_string(),
            sealed_key: String::new(),
        };
        let payload = Payload {
            msg: key.bytes(),
            aad: vault_id.as_bytes(),
        };
        let sealed = seal
            .cipher(passphrase)?
            .encrypt(&XNonce::from(nonce), payload)
            .map_err(|_| VaultError::Damaged("the key could not be sealed"))?;
        seal.sealed_key = hex::encode(&sealed).to_string();
        Ok(seal)
    }

    /// Gives the key back to whoever knows the passphrase.
    pub(crate) fn open(
        &self,
        vault_id: &str,
        passphrase: &SecretString,
    ) -> Result<SecretKey, VaultError> {
        let nonce: [u8; 24] =
            hex::decode(&self.nonce).ok_or(VaultError::Damaged("the nonce is not hexadecimal"))?;
        let sealed = hex::decode_vec(&self.sealed_key)
            .ok_or(VaultError::Damaged("the sealed key is not hexadecimal"))?;
        let payload = Payload {
            msg: &sealed,
            aad: vault_id.as_bytes(),
        };
        let opened = self
            .cipher(passphrase)?
            .decrypt(&XNonce::from(nonce), payload)
            .map(Zeroizing::new)
            .map_err(|_| VaultError::WrongPassphrase)?;
        let bytes: [u8; KEY_BYTES] = opened
            .as_slice()
            .try_into()
            .map_err(|_| VaultError::Damaged("the sealed key has another length"))?;
        Ok(SecretKey::from_bytes(bytes))
    }

    fn cipher(&self, passphrase: &SecretString) -> Result<XChaCha20Poly1305, VaultError> {
        let salt: [u8; SALT_BYTES] =
            hex::decode(&self.salt).ok_or(VaultError::Damaged("the salt is not hexadecimal"))?;
        let work = Work {
            memory_kib: self.memory_kib,
            passes: self.passes,
            lanes: self.lanes,
        };
        work.cipher(passphrase, &salt)
            .ok_or(VaultError::Damaged("the passphrase parameters are refused"))
    }
}
