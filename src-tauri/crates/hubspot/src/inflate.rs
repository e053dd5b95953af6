//! Answers that travelled compressed. Pure: bytes in, bytes out, bounded.

use std::io::Read;

use flate2::read::MultiGzDecoder;

/// Why there is nothing to read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unreadable {
    /// Unpacked it is longer than allowed; no more than that was unpacked.
    TooLarge,
    /// It is not gzip, or ends before its end.
    Broken,
}

/// Unpacks gzip to at most `most` bytes, whatever the bytes promise.
pub(crate) fn gunzip(packed: &[u8], most: usize) -> Result<Vec<u8>, Unreadable> {
    let bound = u64::try_from(most).unwrap_or(u64::MAX).saturating_add(1);
    let mut body = Vec::new();
    MultiGzDecoder::new(packed)
        .take(bound)
        .read_to_end(&mut body)
        .map_err(|_| Unreadable::Broken)?;
    if body.len() > most {
        return Err(Unreadable::TooLarge);
    }
    Ok(body)
}

#[cfg(test)]
pub(crate) fn gzip(body: &[u8]) -> Vec<u8> {
    use std::io::Write;
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    packed.write_all(body).unwrap();
    packed.finish().unwrap()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_bomb_is_put_out_at_the_bound() {
        let bomb = gzip(&vec![0; 1 << 24]);
        assert!(
            bomb.len() < 1 << 15,
            "a thousand times smaller than what it becomes"
        );
        assert_eq!(gunzip(&bomb, 1 << 20), Err(Unreadable::TooLarge));
        assert_eq!(gunzip(&bomb, (1 << 24) - 1), Err(Unreadable::TooLarge));
        assert_eq!(gunzip(&bomb, 1 << 24).map(|body| body.len()), Ok(1 << 24));
        let twice = [gzip(b"one"), gzip(b"two")].concat();
        assert_eq!(gunzip(&twice, 5), Err(Unreadable::TooLarge));
        assert_eq!(gunzip(&twice, 6).as_deref(), Ok(&b"onetwo"[..]));
    }

    #[test]
    fn what_is_cut_or_no_gzip_is_nothing() {
        let whole = gzip(b"a page of records");
        for length in 0..whole.len() {
            assert_eq!(
                gunzip(&whole[..length], 99),
                Err(Unreadable::Broken),
                "{length}"
            );
        }
        assert_eq!(gunzip(b"{\"results\":[]}", 99), Err(Unreadable::Broken));
    }

    proptest! {
        #[test]
        fn nothing_panics_and_nothing_is_longer(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            if let Ok(body) = gunzip(&bytes, 50) {
                prop_assert!(body.len() <= 50);
            }
            prop_assert_eq!(gunzip(&gzip(&bytes), 200), Ok(bytes));
        }
    }
}
