//! Random names that nobody can guess, and their hashes.

use sha2::{Digest, Sha256};

/// 256 random bits, hexadecimal.
///
/// # Panics
/// When the system has no randomness to give; nothing that is secret can be made then.
pub fn random() -> String {
    let mut bytes = [0_u8; 32];
    getrandom::fill(&mut bytes).expect("the system gives random bytes");
    hex(&bytes)
}

/// SHA-256 of a text, hexadecimal: how secrets are stored that are long and random themselves.
pub fn hash(secret: &str) -> String {
    hex(&Sha256::digest(secret.as_bytes()))
}

/// Whether two secrets are the same, in a time that does not tell where they differ.
pub fn same(a: &str, b: &str) -> bool {
    a.len() == b.len() && a.bytes().zip(b.bytes()).fold(0, |all, (a, b)| all | (a ^ b)) == 0
}

/// A password that can be read out and typed: five groups of four letters and digits, about 100 bits.
pub fn passphrase() -> String {
    // Without those that look alike, and 32 of them, so that every byte gives five even bits.
    const LETTERS: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz023456789";
    let random = random();
    let letter = |i: usize| {
        let byte = u8::from_str_radix(&random[2 * i..2 * i + 2], 16).expect("hexadecimal");
        char::from(LETTERS[usize::from(byte & 31)])
    };
    let groups: Vec<String> = (0..5).map(|g| (0..4).map(|i| letter(4 * g + i)).collect()).collect();
    groups.join("-")
}

/// Bytes as hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digits = bytes.iter().flat_map(|b| [DIGITS[usize::from(b >> 4)], DIGITS[usize::from(b & 15)]]);
    digits.map(char::from).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_long_and_differ() {
        let (a, b) = (random(), random());
        assert_eq!(a.len(), 64);
        assert_ne!(a, b);
        assert!(same(&a, &a.clone()) && !same(&a, &b) && !same(&a, &a[1..]));
        assert_eq!(hash("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }

    #[test]
    fn passphrases_are_five_groups() {
        let made = passphrase();
        assert_eq!(made.split('-').map(str::len).collect::<Vec<_>>(), [4; 5], "{made}");
        assert_ne!(made, passphrase());
    }
}
