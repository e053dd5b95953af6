//! The master key of a data folder, from which the key of every database grows.

use std::fmt;

use secrecy::SecretString;

use crate::data_dir::DataDir;
use crate::error::{StoreError, VaultError};
use crate::key::{KEY_BYTES, SecretKey};
use crate::keychain;
use crate::vault_file::{self, PassphraseSeal, Seal, VaultFile};

/// How a person opens the vault. There is no third way, and no fallback from one to the other.
#[derive(Debug, Clone, Copy)]
pub enum Unlock<'a> {
    /// Through the operating system's keychain. May block on a dialog of the system, so callers
    /// give it a thread of its own and a time limit.
    Keychain,
    /// With a passphrase. Takes a noticeable fraction of a second and 64 MiB on purpose.
    Passphrase(&'a SecretString),
}

/// Which way a data folder is locked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VaultState {
    /// Nothing was ever kept here: the first opening decides.
    New,
    /// The key is in the keychain.
    Keychain,
    /// The key is sealed under a passphrase.
    Passphrase,
}

/// The opened vault. Cheap to clone; the key is wiped when the last clone is dropped.
#[derive(Clone)]
pub struct Vault {
    master: SecretKey,
}

impl Vault {
    /// Tells how the folder is locked, without opening anything.
    ///
    /// # Errors
    /// When the vault file is damaged, newer than this program, or not readable.
    pub fn state(dir: &DataDir) -> Result<VaultState, VaultError> {
        Ok(match vault_file::read(&dir.vault_file())? {
            None => VaultState::New,
            Some(file) => match file.seal {
                Seal::Keychain { .. } => VaultState::Keychain,
                Seal::Passphrase(_) => VaultState::Passphrase,
            },
        })
    }

    /// Opens the vault; makes a new one, locked this way, where there is none.
    ///
    /// # Errors
    /// One for each state a keychain or a passphrase can be in. None of them changed anything.
    pub fn open(dir: &DataDir, unlock: Unlock<'_>) -> Result<Self, VaultError> {
        let Some(file) = vault_file::read(&dir.vault_file())? else {
            return Self::create(dir, unlock);
        };
        let master = match (&file.seal, unlock) {
            (Seal::Keychain { name }, Unlock::Keychain) => {
                keychain::read(&file.vault_id).map_err(|error| explain(error, name.as_deref()))?
            }
            (Seal::Passphrase(seal), Unlock::Passphrase(words)) => {
                seal.open(&file.vault_id, words)?
            }
            (Seal::Keychain { .. }, Unlock::Passphrase(_)) => {
                return Err(VaultError::SealedByKeychain);
            }
            (Seal::Passphrase(_), Unlock::Keychain) => return Err(VaultError::PassphraseNeeded),
        };
        if file.recognises(&master)? {
            Ok(Self { master })
        } else {
            Err(VaultError::KeyMismatch)
        }
    }

    /// Locks the folder another way, with the same key: for a person who moves to a machine or a
    /// desktop without a keychain, or back. What the old keeper held is taken away from it once the
    /// new one has it; `false` where the keychain did not let go of its entry: moving again tries
    /// again.
    ///
    /// # Errors
    /// Those of [`Vault::open`], and [`VaultError::InUse`] where another process has the folder.
    /// Then the old lock is still the one.
    pub fn lock_with(&self, dir: &DataDir, unlock: Unlock<'_>) -> Result<bool, VaultError> {
        lock(dir)?;
        let vault_id = match vault_file::read(&dir.vault_file())? {
            Some(file) if file.recognises(&self.master)? => file.vault_id,
            Some(_) => return Err(VaultError::KeyMismatch),
            None => return Err(VaultError::KeyMissing),
        };
        let file = self.seal(vault_id, unlock)?;
        vault_file::write(&dir.vault_file(), &file)?;
        Ok(match unlock {
            Unlock::Keychain => true,
            Unlock::Passphrase(_) => keychain::remove(&file.vault_id).is_ok(),
        })
    }

    /// What the keychain called itself that holds the key; `None` under a passphrase, and where an
    /// earlier version did not write it down.
    ///
    /// # Errors
    /// Those of [`Vault::state`].
    pub fn keychain_name(dir: &DataDir) -> Result<Option<String>, VaultError> {
        let file = vault_file::read(&dir.vault_file())?;
        Ok(file.and_then(|file| match file.seal {
            Seal::Keychain { name } => name,
            Seal::Passphrase(_) => None,
        }))
    }

    fn create(dir: &DataDir, unlock: Unlock<'_>) -> Result<Self, VaultError> {
        lock(dir)?;
        let vault = Self {
            master: SecretKey::random()?,
        };
        let file = vault.seal(vault_file::new_vault_id()?, unlock)?;
        // Sealing takes its time, and a keychain may wait for a person: another thread, or a process
        // that had the folder before, may have made the vault meanwhile. Then that one counts.
        {
            let _making = dir.making();
            if vault_file::read(&dir.vault_file())?.is_none() {
                vault_file::write(&dir.vault_file(), &file)?;
                return Ok(vault);
            }
        }
        Self::open(dir, unlock)
    }

    /// The key reaches its keeper before the file says that it is there: a crash in between leaves
    /// an entry that nothing refers to, never a folder whose key is nowhere.
    fn seal(&self, vault_id: String, unlock: Unlock<'_>) -> Result<VaultFile, VaultError> {
        let seal = match unlock {
            Unlock::Keychain => {
                keychain::save(&vault_id, &self.master)?;
                Seal::Keychain {
                    name: keychain::name(),
                }
            }
            Unlock::Passphrase(words) => Seal::Passphrase(Box::new(PassphraseSeal::close(
                &vault_id,
                &self.master,
                words,
            )?)),
        };
        Ok(VaultFile::new(vault_id, &self.master, seal))
    }

    /// The key of one database.
    pub(crate) fn derive(&self, purpose: &str, salt: &[u8; KEY_BYTES]) -> SecretKey {
        self.master.derive(purpose, salt)
    }

    #[cfg(feature = "testing")]
    pub(crate) fn of_known_key(bytes: [u8; KEY_BYTES]) -> Self {
        Self {
            master: SecretKey::from_bytes(bytes),
        }
    }
}

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Vault(…)")
    }
}

/// A key that is missing where another keychain answers than the one that took it is not lost.
fn explain(error: VaultError, sealed_by: Option<&str>) -> VaultError {
    match (error, sealed_by, keychain::name()) {
        (VaultError::KeyMissing, Some(sealed_by), Some(here)) if sealed_by != here => {
            VaultError::OtherKeychain {
                sealed_by: sealed_by.to_owned(),
                here,
            }
        }
        (error, ..) => error,
    }
}

fn lock(dir: &DataDir) -> Result<(), VaultError> {
    dir.lock_for_writing().map_err(|error| match error {
        StoreError::File { kind, .. } => VaultError::File {
            action: "written",
            kind,
        },
        _ => VaultError::InUse,
    })
}
