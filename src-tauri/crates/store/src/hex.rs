//! Bytes as lower-case hexadecimal text, for key files and for SQLCipher's raw key.

use zeroize::Zeroizing;

/// The text is wiped when dropped, because some of it is key material.
pub(crate) fn encode(bytes: &[u8]) -> Zeroizing<String> {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut text = Zeroizing::new(String::with_capacity(bytes.len() * 2));
    for byte in bytes {
        text.push(char::from(DIGITS[usize::from(byte >> 4)]));
        text.push(char::from(DIGITS[usize::from(byte & 0x0f)]));
    }
    text
}

/// Reads exactly `N` bytes; anything else is `None`.
pub(crate) fn decode<const N: usize>(text: &str) -> Option<[u8; N]> {
    decode_vec(text)?.try_into().ok()
}

/// Reads any whole number of bytes.
pub(crate) fn decode_vec(text: &str) -> Option<Vec<u8>> {
    if !text.len().is_multiple_of(2) {
        return None;
    }
    text.as_bytes()
        .chunks_exact(2)
        .map(|pair| Some(digit(pair[0])? << 4 | digit(pair[1])?))
        .collect()
}

fn digit(byte: u8) -> Option<u8> {
    match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_was_written_is_read(bytes: [u8; 5]) {
            let text = encode(&bytes);
            prop_assert_eq!(decode::<5>(&text), Some(bytes));
            prop_assert_eq!(decode::<4>(&text), None);
        }

        #[test]
        fn no_text_panics(text in ".*") {
            let _ = decode_vec(&text);
        }
    }

    #[test]
    fn only_whole_lower_case_pairs_are_read() {
        assert_eq!(decode_vec("00ff"), Some(vec![0, 255]));
        for text in ["0", "0g", "FF", "é1", " 00"] {
            assert_eq!(decode_vec(text), None, "{text:?}");
        }
    }
}
