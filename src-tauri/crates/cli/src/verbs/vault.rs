//! `plumbline vault`: where the key to everything is kept.

use app::views::{NoArgs, VaultMoveArgs, VaultPlace, VaultSeal};

use crate::args::{VaultTo, VaultVerb};
use crate::failure::Failure;
use crate::output;
use crate::session::{Session, asked_for};

/// Names the passphrase to move to where nobody can be asked.
const NEW_PASSPHRASE: &str = "PLUMBLINE_NEW_PASSPHRASE";

pub(crate) async fn run(session: &Session, verb: VaultVerb) -> Result<(), Failure> {
    let app = session.open().await?;
    let seal = match verb {
        VaultVerb::Status => app.vault_seal(NoArgs {}).await?,
        VaultVerb::Move { to } => {
            let to = match to {
                VaultTo::Keychain => VaultPlace::Keychain,
                VaultTo::Passphrase => VaultPlace::Passphrase {
                    passphrase: asked_for(
                        NEW_PASSPHRASE,
                        "Choose a passphrase for Plumbline's data: ",
                        Some("Once more: "),
                    )?,
                },
            };
            app.vault_move(VaultMoveArgs { to }).await?
        }
    };
    if session.json {
        return output::json(&seal);
    }
    print(&seal)
}

fn print(seal: &VaultSeal) -> Result<(), Failure> {
    let keychain = seal.keychain.as_deref().unwrap_or("of this system");
    output::line(if seal.in_keychain {
        format!("The key is in the keychain: {keychain}.")
    } else {
        "The key is sealed under a passphrase.".to_owned()
    })?;
    if seal.old_place_empty {
        return Ok(());
    }
    output::line("The keychain did not let go of its entry: unlock it, and move again.")
}
