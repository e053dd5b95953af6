//! The last page of a snapshot: what the passphrase opens, and what binds it to all the rest.

use chacha20poly1305::XNonce;
use chacha20poly1305::aead::{Aead, Payload};
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::{PAGE, SnapshotError, SnapshotHead};
use crate::error::{StoreError, VaultError};
use crate::key::SecretKey;
use crate::passphrase::{SALT_BYTES, TODAYS_WORK, Work};

/// The first bytes of the file up to the number of its format.
const FRONT: &[u8; 15] = b"Plumbline\0snap\0";
const BACK: &[u8; 8] = b"PLUMSEAL";
const FORMAT: u8 = 1;

const NONCE_BYTES: usize = 24;
const DIGEST_BYTES: usize = 32;
/// The fields in clear: magic, format, three numbers of work, salt, nonce, the database's length and
/// the length of what is encrypted.
const CLEAR: usize = 8 + 4 + 3 * 4 + SALT_BYTES + NONCE_BYTES + 8 + 4;
/// What the page has room for, with a digest of the page at its end.
const MOST_SEALED: usize = PAGE - CLEAR - DIGEST_BYTES;

/// The first sixteen bytes of every snapshot of this format.
pub(super) fn front() -> [u8; 16] {
    let mut front = [FORMAT; 16];
    front[..15].copy_from_slice(FRONT);
    front
}

/// What the passphrase gave back.
pub(super) struct Opened {
    pub(super) key: SecretKey,
    pub(super) digest: [u8; DIGEST_BYTES],
    pub(super) head: SnapshotHead,
}

/// Makes the seal of a database of `length` bytes.
pub(super) fn close(
    passphrase: &SecretString,
    key: &SecretKey,
    digest: [u8; DIGEST_BYTES],
    head: &SnapshotHead,
    length: u64,
) -> Result<Vec<u8>, StoreError> {
    if passphrase.expose_secret().is_empty() {
        return Err(SnapshotError::EmptyPassphrase.into());
    }
    let described = serde_json::to_vec(head).map_err(|_| StoreError::BadValue("snapshot"))?;
    let inside = Zeroizing::new([&key.bytes()[..], &digest, &described].concat());
    // Poly1305 adds sixteen bytes.
    if inside.len() + 16 > MOST_SEALED {
        return Err(SnapshotError::NameTooLong.into());
    }
    let sealed_length = u32::try_from(inside.len() + 16).unwrap_or(u32::MAX);
    let mut random = [0; SALT_BYTES + NONCE_BYTES];
    getrandom::fill(&mut random).map_err(|_| VaultError::NoRandomness)?;
    let mut page = Vec::with_capacity(PAGE);
    page.extend_from_slice(BACK);
    page.extend_from_slice(&u32::from(FORMAT).to_le_bytes());
    for number in [
        TODAYS_WORK.memory_kib,
        TODAYS_WORK.passes,
        TODAYS_WORK.lanes,
    ] {
        page.extend_from_slice(&number.to_le_bytes());
    }
    page.extend_from_slice(&random);
    page.extend_from_slice(&length.to_le_bytes());
    page.extend_from_slice(&sealed_length.to_le_bytes());
    let Some(clear) = Clear::of(&page) else {
        return Err(StoreError::BadValue("snapshot"));
    };
    let payload = Payload {
        msg: inside.as_slice(),
        aad: &page,
    };
    let sealed = clear
        .work
        .cipher(passphrase, &clear.salt)
        .ok_or(StoreError::BadValue("snapshot"))?
        .encrypt(&XNonce::from(clear.nonce), payload)
        .map_err(|_| StoreError::BadValue("snapshot"))?;
    page.extend_from_slice(&sealed);
    page.resize(PAGE - DIGEST_BYTES, 0);
    let digest = Sha256::digest(&page);
    page.extend_from_slice(&digest);
    Ok(page)
}

/// Looks at both ends of a file of `length` bytes, without a passphrase. The answer is the length of
/// the database.
///
/// # Errors
/// One for each way in which a file can be no whole snapshot of this format.
pub(super) fn look(front: &[u8; 16], page: &[u8], length: u64) -> Result<u64, SnapshotError> {
    let (begins, ends) = (front.starts_with(FRONT), page.starts_with(BACK));
    match (begins, ends) {
        (false, false) => return Err(SnapshotError::NotASnapshot),
        (false, true) => return Err(SnapshotError::Damaged("its beginning")),
        (true, _) if front[15] > FORMAT => return Err(SnapshotError::Newer),
        (true, _) if front[15] != FORMAT => return Err(SnapshotError::Damaged("its beginning")),
        (true, false) => return Err(SnapshotError::CutOff),
        (true, true) => {}
    }
    // Not a proof, since everybody can compute it: it tells an accident from a wrong passphrase.
    let (body, digest) = page
        .split_at_checked(PAGE - DIGEST_BYTES)
        .ok_or(SnapshotError::CutOff)?;
    if Sha256::digest(body).as_slice() != digest {
        return Err(SnapshotError::Damaged("its seal"));
    }
    let clear = Clear::of(body).ok_or(SnapshotError::Damaged("its seal"))?;
    if clear.format > u32::from(FORMAT) {
        return Err(SnapshotError::Newer);
    }
    if clear.length.checked_add(PAGE as u64) != Some(length) {
        return Err(SnapshotError::Damaged("its length"));
    }
    Ok(clear.length)
}

/// Opens a seal that [`look`] found whole.
pub(super) fn open(page: &[u8], passphrase: &SecretString) -> Result<Opened, SnapshotError> {
    const DAMAGED: SnapshotError = SnapshotError::Damaged("its seal");
    let clear = Clear::of(page).ok_or(DAMAGED)?;
    let sealed_length = usize::try_from(clear.sealed_length).map_err(|_| DAMAGED)?;
    let sealed = page
        .get(CLEAR..PAGE - DIGEST_BYTES)
        .and_then(|room| room.split_at_checked(sealed_length));
    let Some((sealed, padding)) = sealed else {
        return Err(DAMAGED);
    };
    if padding.iter().any(|byte| *byte != 0) {
        return Err(DAMAGED);
    }
    let payload = Payload {
        msg: sealed,
        aad: page.get(..CLEAR).ok_or(DAMAGED)?,
    };
    let inside = clear
        .work
        .cipher(passphrase, &clear.salt)
        .ok_or(DAMAGED)?
        .decrypt(&XNonce::from(clear.nonce), payload)
        .map(Zeroizing::new)
        .map_err(|_| SnapshotError::WrongPassphrase)?;
    let (key, rest) = inside.split_first_chunk().ok_or(DAMAGED)?;
    let (digest, described) = rest.split_first_chunk().ok_or(DAMAGED)?;
    Ok(Opened {
        key: SecretKey::from_bytes(*key),
        digest: *digest,
        head: serde_json::from_slice(described).map_err(|_| DAMAGED)?,
    })
}

/// The fields of a seal that are in clear.
struct Clear {
    format: u32,
    work: Work,
    salt: [u8; SALT_BYTES],
    nonce: [u8; NONCE_BYTES],
    length: u64,
    sealed_length: u32,
}

impl Clear {
    fn of(page: &[u8]) -> Option<Self> {
        let rest = page.strip_prefix(BACK)?;
        let (format, rest) = rest.split_first_chunk()?;
        let (memory_kib, rest) = rest.split_first_chunk()?;
        let (passes, rest) = rest.split_first_chunk()?;
        let (lanes, rest) = rest.split_first_chunk()?;
        let (salt, rest) = rest.split_first_chunk()?;
        let (nonce, rest) = rest.split_first_chunk()?;
        let (length, rest) = rest.split_first_chunk()?;
        let (sealed_length, _) = rest.split_first_chunk()?;
        Some(Self {
            format: u32::from_le_bytes(*format),
            work: Work {
                memory_kib: u32::from_le_bytes(*memory_kib),
                passes: u32::from_le_bytes(*passes),
                lanes: u32::from_le_bytes(*lanes),
            },
            salt: *salt,
            nonce: *nonce,
            length: u64::from_le_bytes(*length),
            sealed_length: u32::from_le_bytes(*sealed_length),
        })
    }
}
