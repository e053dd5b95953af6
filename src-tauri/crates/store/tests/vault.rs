//! The vault in every state that a keychain and a passphrase can be in.
//!
//! The keychain in use is one for the whole process, so these tests take turns.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use keyring_core::api::CredentialStoreApi;
use keyring_core::{CredentialStore, Entry, Error, mock};
use secrecy::SecretString;
use store::{DataDir, Registry, Unlock, Vault, VaultError, VaultState};

static TURN: Mutex<()> = Mutex::new(());

/// A mock keychain, for as long as the guard lives.
fn mock_keychain() -> MutexGuard<'static, ()> {
    let turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    keyring_core::set_default_store(mock::Store::new().unwrap());
    turn
}

fn folder() -> (tempfile::TempDir, DataDir) {
    let folder = tempfile::tempdir().unwrap();
    let dir = DataDir::open(folder.path()).unwrap();
    (folder, dir)
}

fn vault_json(folder: &Path) -> serde_json::Value {
    serde_json::from_slice(&std::fs::read(folder.join("vault.json")).unwrap()).unwrap()
}

/// The keychain entry of a folder's vault.
fn entry(folder: &Path) -> Entry {
    let id = vault_json(folder)["vault_id"].as_str().unwrap().to_owned();
    Entry::new("dev.plumbline", &format!("vault-{id}")).unwrap()
}

fn trouble() -> Box<dyn std::error::Error + Send + Sync> {
    Box::new(std::io::Error::other("the platform's own words"))
}

#[test]
fn the_keychain_keeps_the_key() {
    let _turn = mock_keychain();
    let (folder, dir) = folder();
    assert_eq!(Vault::state(&dir).unwrap(), VaultState::New);
    let vault = Vault::open(&dir, Unlock::Keychain).unwrap();
    assert_eq!(Vault::state(&dir).unwrap(), VaultState::Keychain);
    Registry::open(&dir, &vault).unwrap();

    let key = entry(folder.path()).get_secret().unwrap();
    assert_eq!(key.len(), 32);
    let text = std::fs::read_to_string(folder.path().join("vault.json")).unwrap();
    let hex: String = key.iter().map(|byte| format!("{byte:02x}")).collect();
    assert!(!text.contains(&hex), "the key is not in the file");

    let again = Vault::open(&dir, Unlock::Keychain).unwrap();
    Registry::open(&dir, &again).expect("the same key opens the same registry");
}

/// A window whose button is pressed twice, and two windows' worth of threads: one vault, one
/// registry, one file a portal.
#[test]
fn threads_that_begin_a_folder_together_make_one_of_everything() {
    let (_folder, dir) = folder();
    let words = SecretString::from("correct horse");
    let info = store::PortalInfo {
        id: crm::PortalId::new(7),
        name: "Seven".to_owned(),
        time_zone: "UTC".to_owned(),
        home_currency: "EUR".to_owned(),
        account_type: None,
        ui_domain: None,
        data_hosting: None,
        read_at: crm::Moment::from_millis(0),
    };
    let begin = || {
        let vault = Vault::open(&dir, Unlock::Passphrase(&words)).unwrap();
        let registry = Registry::open(&dir, &vault).unwrap();
        assert!(registry.portals().unwrap().is_empty());
        match store::PortalStore::create(&dir, &vault, &info) {
            Ok(_) => 1,
            Err(store::StoreError::AlreadyExists(_)) => 0,
            Err(error) => panic!("{error}"),
        }
    };
    let made: i32 = std::thread::scope(|scope| {
        let threads = [(); 3].map(|()| scope.spawn(begin));
        threads.map(|thread| thread.join().unwrap()).iter().sum()
    });
    assert_eq!(made, 1);
    let vault = Vault::open(&dir, Unlock::Passphrase(&words)).unwrap();
    Registry::open(&dir, &vault).expect("the key of whoever comes later");
    store::PortalStore::open(&dir, &vault, info.id).expect("the same");
}

#[test]
fn each_state_of_a_keychain_is_told_and_nothing_is_changed() {
    let _turn = mock_keychain();
    #[track_caller]
    fn check(error: Error, expected: &str) {
        let (folder, dir) = folder();
        Vault::open(&dir, Unlock::Keychain).unwrap();
        let (file, entry) = (vault_json(folder.path()), entry(folder.path()));
        let key = entry.get_secret().unwrap();
        let mock: &mock::Cred = entry.as_any().downcast_ref().unwrap();
        mock.set_error(error);
        let refusal = Vault::open(&dir, Unlock::Keychain).unwrap_err();
        let said = format!("{refusal:?}");
        assert_eq!(said, expected);
        assert!(!refusal.to_string().contains("own words"));
        assert_eq!(vault_json(folder.path()), file, "the file stays");
        assert_eq!(entry.get_secret().unwrap(), key, "the key stays");
        Vault::open(&dir, Unlock::Keychain).expect("and opens once the trouble is over");
    }
    check(Error::NoStorageAccess(trouble()), "KeychainLocked");
    check(Error::PlatformFailure(trouble()), "KeychainAbsent");
    check(Error::NoDefaultStore, "KeychainAbsent");
    check(Error::NotSupportedByStore(String::new()), "KeychainAbsent");
    check(Error::NoEntry, "KeyMissing");
    check(Error::Ambiguous(Vec::new()), "KeychainAmbiguous");
    check(Error::BadEncoding(vec![1]), "KeychainGarbled");
    check(Error::BadDataFormat(vec![1], trouble()), "KeychainGarbled");
    check(Error::BadStoreFormat(String::new()), "KeychainGarbled");
}

#[test]
fn a_lost_or_foreign_key_is_told_and_never_replaced() {
    let _turn = mock_keychain();
    let (folder, dir) = folder();
    Vault::open(&dir, Unlock::Keychain).unwrap();
    let entry = entry(folder.path());

    entry.set_secret(&[7; 32]).unwrap();
    let refusal = Vault::open(&dir, Unlock::Keychain).unwrap_err();
    assert!(matches!(refusal, VaultError::KeyMismatch), "{refusal:?}");

    entry.set_secret(b"short").unwrap();
    let refusal = Vault::open(&dir, Unlock::Keychain).unwrap_err();
    assert!(
        matches!(refusal, VaultError::KeychainGarbled),
        "{refusal:?}"
    );

    entry.delete_credential().unwrap();
    let refusal = Vault::open(&dir, Unlock::Keychain).unwrap_err();
    assert!(matches!(refusal, VaultError::KeyMissing), "{refusal:?}");
    assert!(
        matches!(entry.get_secret(), Err(Error::NoEntry)),
        "no key was made up"
    );
}

/// A platform without a keychain.
#[derive(Debug)]
struct Nowhere;

impl CredentialStoreApi for Nowhere {
    fn vendor(&self) -> String {
        "nowhere".to_owned()
    }

    fn id(&self) -> String {
        "nowhere".to_owned()
    }

    fn build(
        &self,
        _service: &str,
        _user: &str,
        _modifiers: Option<&HashMap<&str, &str>>,
    ) -> keyring_core::Result<Entry> {
        Err(Error::PlatformFailure(trouble()))
    }

    fn as_any(&self) -> &dyn std::any::Any {
        self
    }
}

#[test]
fn without_a_keychain_nothing_is_kept() {
    let _turn = mock_keychain();
    keyring_core::set_default_store(Arc::new(Nowhere) as Arc<CredentialStore>);
    let (_folder, dir) = folder();
    let refusal = Vault::open(&dir, Unlock::Keychain).unwrap_err();
    assert!(matches!(refusal, VaultError::KeychainAbsent), "{refusal:?}");
    assert_eq!(
        Vault::state(&dir).unwrap(),
        VaultState::New,
        "and a passphrase is still possible"
    );
}

#[test]
fn a_passphrase_locks_and_opens() {
    let (folder, dir) = folder();
    let words = SecretString::from("correct horse");
    let vault = Vault::open(&dir, Unlock::Passphrase(&words)).unwrap();
    assert_eq!(Vault::state(&dir).unwrap(), VaultState::Passphrase);
    Registry::open(&dir, &vault).unwrap();
    let file = vault_json(folder.path());
    assert!(
        file["seal"]["memory_kib"].as_u64().unwrap() >= 65_536,
        "{file}"
    );

    let again = Vault::open(&dir, Unlock::Passphrase(&words)).unwrap();
    Registry::open(&dir, &again).unwrap();

    let wrong = SecretString::from("correct horse ");
    let refusal = Vault::open(&dir, Unlock::Passphrase(&wrong)).unwrap_err();
    assert!(
        matches!(refusal, VaultError::WrongPassphrase),
        "{refusal:?}"
    );
    let refusal = Vault::open(&dir, Unlock::Keychain).unwrap_err();
    assert!(
        matches!(refusal, VaultError::PassphraseNeeded),
        "{refusal:?}"
    );
    assert_eq!(vault_json(folder.path()), file, "refusals change nothing");
}

#[test]
fn an_empty_passphrase_is_refused() {
    let (_folder, dir) = folder();
    let empty = SecretString::from("");
    let refusal = Vault::open(&dir, Unlock::Passphrase(&empty)).unwrap_err();
    assert!(
        matches!(refusal, VaultError::EmptyPassphrase),
        "{refusal:?}"
    );
    assert_eq!(Vault::state(&dir).unwrap(), VaultState::New);
}

#[test]
fn the_work_of_a_passphrase_cannot_be_lowered_or_made_endless() {
    let (folder, dir) = folder();
    let words = SecretString::from("correct horse");
    Vault::open(&dir, Unlock::Passphrase(&words)).unwrap();
    let path = folder.path().join("vault.json");
    for (field, value) in [
        ("memory_kib", 8),
        ("memory_kib", u32::MAX),
        ("passes", 0),
        ("passes", 4_000),
    ] {
        let whole = std::fs::read(&path).unwrap();
        let mut file = vault_json(folder.path());
        file["seal"][field] = value.into();
        std::fs::write(&path, file.to_string()).unwrap();
        let refusal = Vault::open(&dir, Unlock::Passphrase(&words)).unwrap_err();
        assert!(
            matches!(refusal, VaultError::Damaged(_)),
            "{field} {value}: {refusal:?}"
        );
        std::fs::write(&path, whole).unwrap();
    }
    for damage in ["", "{}", "not json", r#"{"format":1}"#] {
        std::fs::write(&path, damage).unwrap();
        let refusal = Vault::open(&dir, Unlock::Passphrase(&words)).unwrap_err();
        assert!(
            matches!(refusal, VaultError::Damaged(_)),
            "{damage:?}: {refusal:?}"
        );
        assert_eq!(
            std::fs::read_to_string(&path).unwrap(),
            damage,
            "nothing is repaired away"
        );
    }
    std::fs::write(&path, r#"{"format":2,"seal":"something new"}"#).unwrap();
    let refusal = Vault::open(&dir, Unlock::Passphrase(&words)).unwrap_err();
    assert!(matches!(refusal, VaultError::Newer(2)), "{refusal:?}");
}

#[test]
fn a_person_may_move_the_key_from_one_lock_to_the_other() {
    let _turn = mock_keychain();
    let (folder, dir) = folder();
    let vault = Vault::open(&dir, Unlock::Keychain).unwrap();
    Registry::open(&dir, &vault).unwrap();
    let words = SecretString::from("correct horse");

    let old = entry(folder.path());
    assert!(vault.lock_with(&dir, Unlock::Passphrase(&words)).unwrap());
    assert!(
        matches!(old.get_secret(), Err(Error::NoEntry)),
        "the keychain has let go of the key"
    );
    assert_eq!(Vault::keychain_name(&dir).unwrap(), None);
    let refusal = Vault::open(&dir, Unlock::Keychain).unwrap_err();
    assert!(
        matches!(refusal, VaultError::PassphraseNeeded),
        "{refusal:?}"
    );
    let vault = Vault::open(&dir, Unlock::Passphrase(&words)).unwrap();
    Registry::open(&dir, &vault).expect("the key is the same");

    vault.lock_with(&dir, Unlock::Keychain).unwrap();
    assert!(Vault::keychain_name(&dir).unwrap().is_some());
    let refusal = Vault::open(&dir, Unlock::Passphrase(&words)).unwrap_err();
    assert!(
        matches!(refusal, VaultError::SealedByKeychain),
        "{refusal:?}"
    );
    let vault = Vault::open(&dir, Unlock::Keychain).unwrap();
    Registry::open(&dir, &vault).unwrap();
}

#[test]
fn a_key_in_another_keychain_is_not_taken_for_lost() {
    let _turn = mock_keychain();
    let (folder, dir) = folder();
    Vault::open(&dir, Unlock::Keychain).unwrap();
    let here = Vault::keychain_name(&dir).unwrap().unwrap();
    let mut file = vault_json(folder.path());
    file["seal"]["name"] = "the wallet of another desktop".into();
    std::fs::write(folder.path().join("vault.json"), file.to_string()).unwrap();
    Vault::open(&dir, Unlock::Keychain).expect("the name alone keeps nobody out");
    entry(folder.path()).delete_credential().unwrap();
    let refusal = Vault::open(&dir, Unlock::Keychain).unwrap_err();
    assert!(
        matches!(&refusal, VaultError::OtherKeychain { here: found, .. } if *found == here),
        "{refusal:?}"
    );
    // A file of before names were written down.
    file["seal"] = serde_json::json!({ "kind": "keychain" });
    std::fs::write(folder.path().join("vault.json"), file.to_string()).unwrap();
    let refusal = Vault::open(&dir, Unlock::Keychain).unwrap_err();
    assert!(matches!(refusal, VaultError::KeyMissing), "{refusal:?}");
}
