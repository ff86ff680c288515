//! Secrets that are recognized by their context: URLs, headers, options, fields.

use std::ops::Range;

use super::Grade;
use super::find::{Hit, LONGEST_NAME, Scan, position};
use super::shapes::Alphabet;
use super::strength::{Strength, is_placeholder, strength};

/// The most bytes of a value that are looked at.
const LONGEST_VALUE: usize = 128;

/// A value and the name before it.
struct Assignment {
    /// Letters and digits of the name, in lower case.
    name: Vec<u8>,
    name_start: usize,
    value: Range<usize>,
    /// Whether it is a parameter of a URL.
    is_parameter: bool,
    /// Whether the name is too generic, so that it only counts as a URL parameter.
    is_vague: bool,
}

impl Assignment {
    fn is_called(&self, words: &[&str]) -> bool {
        words
            .iter()
            .any(|word| position(&self.name, word.as_bytes()).is_some())
    }

    fn is_password(&self) -> bool {
        let ends = ["password", "passwd", "passphrase", "pwd"];
        ends.iter().any(|end| self.name.ends_with(end.as_bytes()))
    }

    /// Whether the name is only about a secret and not its name, such as an index or a property of it.
    fn is_of_no_secret(&self) -> bool {
        let ends = [
            "id", "name", "url", "uri", "type", "endpoint", "path", "arn", "ref",
        ];
        self.is_called(&["page", "next", "continuation", "sync", "cursor", "version"])
            || ends.iter().any(|end| self.name.ends_with(end.as_bytes()))
    }
}

impl Scan<'_> {
    /// The password before the `@` of a URL; without a password, the user name if it does not look like a name.
    pub(super) fn user_info(&mut self, from: usize) -> Option<Range<usize>> {
        let end = self.run(Alphabet::Address, from);
        if !self.last_at.0.contains(&from) {
            let at = self.bytes[from..end].iter().rposition(|byte| *byte == b'@');
            self.last_at = (from..end, at.map(|at| from + at));
        }
        let last = self.last_at.1.filter(|at| *at >= from)?;
        let ends_host = |byte: &u8| matches!(byte, b'/' | b'?' | b'#');
        let authority = self.bytes[from..end].iter().position(ends_host);
        let authority = from + authority.unwrap_or(end - from);
        let colon = self.bytes[from..authority]
            .iter()
            .position(|byte| *byte == b':');
        let colon = colon.map(|at| from + at);
        let host = self.bytes[from..authority]
            .iter()
            .rposition(|byte| *byte == b'@');
        let end = match (host, colon) {
            (Some(at), _) => from + at,
            // A password may contain an unencoded slash; digits after the colon are a port instead.
            (None, Some(colon))
                if !self.bytes[colon + 1..authority]
                    .iter()
                    .all(u8::is_ascii_digit)
                    && self.bytes[from] != b'[' =>
            {
                last
            }
            _ => return None,
        };
        let (material, needed) = match colon.filter(|colon| *colon < end) {
            Some(colon) => (colon + 1..end, Strength::Weak),
            None => (from..end, Strength::Medium),
        };
        let password = &self.bytes[material.clone()];
        let is_named = password
            .first()
            .is_none_or(|byte| b"$<{*%[(".contains(byte));
        let is_secret = !is_named && !is_placeholder(password);
        let is_token =
            needed == Strength::Weak || (password.len() >= 16 && strength(password) >= needed);
        (is_secret && is_token).then_some(material)
    }

    /// What follows the name of a scheme of the header `Authorization`.
    pub(super) fn behind_scheme(&mut self, start: usize, end: usize) -> Option<Range<usize>> {
        if self.before(start).is_ascii_alphanumeric() {
            return None;
        }
        let is_between = |byte: &&u8| b" \t:=+\"'".contains(byte);
        let between = self.bytes[end..].iter().take(8);
        let between = between.take_while(is_between).count();
        let from = end + between;
        let to = self.value_end(from);
        let value = &self.bytes[from..to];
        if between == 0 || value.len() < 8 || is_placeholder(value) {
            return None;
        }
        if self.bytes[start..end].eq_ignore_ascii_case(b"basic") {
            return is_basic(value).then_some(from..to);
        }
        let context = &self.bytes[start.saturating_sub(32)..start];
        let is_header = context
            .windows(12)
            .any(|word| word.eq_ignore_ascii_case(b"uthorization"))
            || context
                .to_ascii_lowercase()
                .windows(12)
                .any(|word| word == b"uthorization");
        let needed = match is_header {
            true if value.len() >= 20 => Strength::Weak,
            true => Strength::Medium,
            false => Strength::Strong,
        };
        (strength(value) >= needed).then_some(from..to)
    }

    /// Where a value ends that is written without quotes; what ends a sentence or a name is no part of it.
    fn value_end(&mut self, from: usize) -> usize {
        let end = self.run(Alphabet::Value, from);
        let is_trailing = |byte: &&u8| matches!(byte, b'.' | b':' | b'!' | b'?');
        let trailing = self.bytes[from..end].iter().rev().take(3);
        end - trailing.take_while(is_trailing).count()
    }

    /// The password of `-u name:password`.
    pub(super) fn login(&mut self, start: usize, end: usize) -> Option<Range<usize>> {
        let quotes = usize::from(matches!(self.bytes.get(end), Some(b'"' | b'\'')));
        let from = end + quotes;
        let to = self.value_end(from);
        let value = &self.bytes[from..to];
        let colon = value
            .iter()
            .take(LONGEST_NAME)
            .position(|byte| *byte == b':')?;
        let password = &value[colon + 1..];
        let is_secret = self.before(start).is_ascii_whitespace()
            && password.len() >= 4
            && !password.starts_with(b"//")
            && !password.iter().all(u8::is_ascii_digit)
            && !password[0].eq(&b'$')
            && !is_placeholder(password);
        is_secret.then_some(from + colon + 1..to)
    }

    /// The value of a field or a parameter whose name is that of a secret.
    pub(super) fn assigned(&mut self, start: usize, end: usize) -> Option<Hit> {
        let found = self.assignment(start, end)?;
        let value = self.looked_at(&found.value);
        let least = if found.is_password() { 6 } else { 8 };
        let is_address = position(value, b"://").is_some();
        let is_none = is_placeholder(value) || is_address || found.is_of_no_secret();
        if value.len() < least || is_none {
            return None;
        }
        let (what, grade) = self.of_value(&found)?;
        if grade == Grade::Possible && (found.is_vague || (self.is_known)(value) || is_uuid(value))
        {
            return None;
        }
        Some(Hit {
            start: found.value.start,
            material: found.value,
            what: what.into(),
            grade,
        })
    }

    /// The beginning of a value, which is enough to classify it.
    fn looked_at(&self, value: &Range<usize>) -> &[u8] {
        &self.bytes[value.start..value.end.min(value.start + LONGEST_VALUE)]
    }

    /// What the value behind a name is, where it is a secret.
    fn of_value(&self, found: &Assignment) -> Option<(&'static str, Grade)> {
        let value = self.looked_at(&found.value);
        let strength = strength(value);
        let is_strong = strength == Strength::Strong;
        let is_hex = value.iter().all(u8::is_ascii_hexdigit);
        let is_base64 = value.iter().all(|byte| Alphabet::Base64.has(*byte));
        let is_path = value.contains(&b'/');
        let is_mixed =
            value.iter().any(u8::is_ascii_digit) && value.iter().any(u8::is_ascii_alphabetic);
        let is_parameter = found.is_parameter
            && (is_strong
                || !found.is_vague && (strength == Strength::Medium || value.len() >= 20));
        // Whatever follows, such as the rest of a URL, does not matter.
        let is_key = value.get(..40).is_some_and(|key| {
            key.iter().all(|byte| Alphabet::Base64.has(*byte))
                && !key.iter().all(u8::is_ascii_hexdigit)
        });
        if is_key && found.is_called(&["secret"]) && self.is_of_aws(found) {
            Some(("an AWS secret key", Grade::Certain))
        } else if value.len() >= 40
            && is_base64
            && found.is_called(&["accountkey", "sharedaccesskey"])
        {
            Some(("an Azure key", Grade::Certain))
        } else if is_parameter {
            Some(("a secret in a URL", Grade::Certain))
        } else if found.is_called(&["authorization"])
            && strength > Strength::Weak
            && value.len() >= 12
        {
            Some(("a credential of a request", Grade::Certain))
        } else if found.is_password() && is_mixed && !is_path {
            Some(("a password", Grade::Possible))
        } else if is_hex && value.len() >= 32 && strength > Strength::Weak
            || is_strong && value.len() >= 16 && is_base64 && !is_path
        {
            Some(("a long random string", Grade::Possible))
        } else {
            None
        }
    }

    /// Whether a name, or what stands shortly before it, is about AWS.
    fn is_of_aws(&self, found: &Assignment) -> bool {
        let near = found.name_start.saturating_sub(200)..found.value.start;
        let near = self.bytes[near].to_ascii_lowercase();
        position(&near, b"aws").is_some() || position(&near, b"akia").is_some()
    }

    /// The name around an anchor, and the value behind it.
    fn assignment(&mut self, start: usize, end: usize) -> Option<Assignment> {
        let bytes = self.bytes;
        let is_name = |byte: &&u8| byte.is_ascii_alphanumeric() || b"_-.".contains(byte);
        let is_vague = bytes[end - 1] == b'=';
        let rest = bytes[end..].iter().take(LONGEST_NAME);
        let name_end = if is_vague {
            end - 1
        } else {
            end + rest.take_while(is_name).count()
        };
        let before = bytes[..start].iter().rev().take(LONGEST_NAME);
        let name_start = start - before.take_while(is_name).count();
        let skip = |at: usize, among: &[u8], most: usize| {
            let rest = bytes[at..].iter().take(most);
            at + rest.take_while(|byte| among.contains(byte)).count()
        };
        let at = skip(skip(name_end, b"\"'`]", 2), b" \t", 8);
        let opens = self.before(name_start);
        let is_parameter = bytes.get(at) == Some(&b'=') && b"?&;#".contains(&opens);
        if (is_vague && !is_parameter) || !matches!(bytes.get(at), Some(b':' | b'=')) {
            return None;
        }
        let at = skip(at, b":=>", 3);
        let mut from = skip(skip(at, b" \t\r\n", 64), b"\"'`", 3);
        let mut to = self.value_end(from);
        let schemes = ["bearer", "basic", "token", "apikey", "key", "bot"];
        let first = &bytes[from..to.min(from + 20)];
        if schemes
            .iter()
            .any(|name| first.eq_ignore_ascii_case(name.as_bytes()))
        {
            from = skip(to, b" \t", 8);
            to = self.value_end(from);
        }
        let name = bytes[name_start..name_end].to_ascii_lowercase();
        Some(Assignment {
            name: name.into_iter().filter(u8::is_ascii_alphanumeric).collect(),
            name_start,
            value: from..to,
            is_parameter,
            is_vague,
        })
    }
}

/// Groups of hexadecimal digits of 8, 4, 4, 4 and 12.
fn is_uuid(value: &[u8]) -> bool {
    value.len() == 36
        && value.iter().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => *byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

/// Whether a value is a name and a password in Base64, as `Basic` has them.
fn is_basic(value: &[u8]) -> bool {
    let mut bits = 0_u32;
    let mut count = 0;
    let mut has_colon = false;
    for byte in value.iter().take(512).filter(|byte| **byte != b'=') {
        let six = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            _ => return false,
        };
        bits = (bits << 6 | u32::from(six)) & 0xffff;
        count += 6;
        if count >= 8 {
            count -= 8;
            match u8::try_from(bits >> count & 0xff).unwrap_or_default() {
                b':' => has_colon = true,
                byte if byte.is_ascii_control() => return false,
                _ => {}
            }
        }
    }
    has_colon
}
