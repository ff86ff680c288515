//! Digests of texts, to tell later whether a text has changed.

use std::fmt;

use sha2::{Digest as _, Sha256};

/// The SHA-256 of one or more texts, as `sha256:` and 64 hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Digest(String);

impl Digest {
    /// The digest of several texts, separated by NUL bytes, which no text contains. Bytes are hashed as they are,
    /// including line endings; a byte order mark is not part of a text.
    pub fn of<'a>(texts: impl IntoIterator<Item = &'a str>) -> Self {
        let mut hash = Sha256::new();
        for (index, text) in texts.into_iter().enumerate() {
            if index > 0 {
                hash.update([0]);
            }
            hash.update(text);
        }
        let mut digest = "sha256:".to_owned();
        for byte in hash.finalize() {
            for half in [byte >> 4, byte & 15] {
                digest.extend(char::from_digit(half.into(), 16));
            }
        }
        Self(digest)
    }

    /// The digest of a text, as it was written down.
    pub(crate) fn known(digest: &str) -> Self {
        Self(digest.to_owned())
    }

    /// The whole digest.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Its first 12 digits, for people.
impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0[.."sha256:".len() + 12])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_is_that_of_sha256sum() {
        let digest = Digest::of(["abc"]);
        assert_eq!(
            digest.as_str(),
            "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
        assert_eq!(digest.to_string(), "sha256:ba7816bf8f01");
        assert_ne!(Digest::of(["a", "bc"]), Digest::of(["ab", "c"]));
    }
}
