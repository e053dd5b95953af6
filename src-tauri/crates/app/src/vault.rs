//! Where the key to everything is kept, and moving it.

use store::{Unlock, Vault, VaultState};

use crate::app::{App, blocking};
use crate::views::{NoArgs, VaultMoveArgs, VaultPlace, VaultSeal};
use crate::wire::WireError;

impl App {
    /// Keeps the key to everything elsewhere. What is kept does not change, so nothing is read or
    /// written anew, and the old place lets go of the key only when the new one has it.
    ///
    /// # Errors
    /// When the vault is shut, the keychain does not take the key, or another process has the folder.
    pub async fn vault_move(&self, args: VaultMoveArgs) -> Result<VaultSeal, WireError> {
        let vault = self.unlocked()?.vault;
        let dir = self.inner.dir.clone();
        blocking(move || {
            let emptied = match &args.to {
                VaultPlace::Keychain => vault.lock_with(&dir, Unlock::Keychain)?,
                VaultPlace::Passphrase { passphrase } => {
                    vault.lock_with(&dir, Unlock::Passphrase(passphrase))?
                }
            };
            Ok(VaultSeal {
                old_place_empty: emptied,
                ..seal(&dir)?
            })
        })
        .await
    }

    /// Where the key to everything is kept. Opens nothing.
    ///
    /// # Errors
    /// When the vault's file cannot be read.
    pub async fn vault_seal(&self, _: NoArgs) -> Result<VaultSeal, WireError> {
        let dir = self.inner.dir.clone();
        blocking(move || seal(&dir)).await
    }
}

fn seal(dir: &store::DataDir) -> Result<VaultSeal, WireError> {
    Ok(VaultSeal {
        in_keychain: Vault::state(dir)? == VaultState::Keychain,
        keychain: Vault::keychain_name(dir)?,
        old_place_empty: true,
    })
}
