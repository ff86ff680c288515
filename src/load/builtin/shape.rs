// What the index of the built-in catalogs holds of a name and of a path: a number. The build script makes the index with
// the same functions, so this file uses nothing but the standard library.

/// The number of a name, whatever the case of its letters.
pub(crate) fn name(text: &str) -> u32 {
    let mut hash = Hash::default();
    hash.add(text);
    hash.0
}

/// The number of the path of an endpoint; the names of its parameters and the case of its letters make no difference.
#[cfg_attr(
    not(test),
    allow(dead_code, reason = "only the build script makes the index")
)]
pub(crate) fn path(text: &str) -> u32 {
    let mut hash = Hash::default();
    for segment in segments(text) {
        hash.step(if is_rest(segment) { REST } else { segment });
    }
    hash.0
}

/// The numbers of all paths of endpoints that a request may reach: each segment may be a literal or a parameter, and what
/// stands in front may be a part of an address. `None` where these are too many.
pub(crate) fn reachable(path: &str) -> Option<Vec<u32>> {
    let segments: Vec<&str> = segments(path).collect();
    if segments.len() > MOST_SEGMENTS {
        return None;
    }
    let mut found = Vec::new();
    for start in 0..=segments.len() {
        let mut open = vec![Hash::default()];
        for segment in &segments[start..] {
            // From here on, the path may be anything.
            found.extend(open.iter().map(|hash| hash.then(REST).0));
            let parameters = open.iter().map(|hash| hash.then(PARAMETER));
            let literals = open.iter().map(|hash| hash.then(segment));
            open = if is_open(segment) {
                parameters.collect()
            } else {
                literals.chain(parameters).collect()
            };
        }
        found.extend(open.iter().map(|hash| hash.0));
    }
    Some(found)
}

/// A path of more segments may be that of any catalog.
const MOST_SEGMENTS: usize = 14;
const PARAMETER: &str = "{}";
const REST: &str = "{...}";

fn segments(path: &str) -> impl Iterator<Item = &str> {
    let end = path.find(['?', '#']).unwrap_or(path.len());
    path[..end].split('/').filter(|segment| !segment.is_empty())
}

fn is_open(segment: &str) -> bool {
    segment.contains('{') || segment.starts_with(':')
}

#[cfg_attr(
    not(test),
    allow(dead_code, reason = "only the build script makes the index")
)]
fn is_rest(segment: &str) -> bool {
    segment.starts_with('{') && segment.ends_with("...}")
}

/// FNV-1a of 32 bits.
#[derive(Clone, Copy)]
struct Hash(u32);

impl Default for Hash {
    fn default() -> Self {
        Self(0x811c_9dc5)
    }
}

impl Hash {
    /// Adds a text, whatever the case of its letters.
    fn add(&mut self, text: &str) {
        let folded = text
            .chars()
            .flat_map(char::to_uppercase)
            .flat_map(char::to_lowercase);
        let mut bytes = [0; 4];
        for c in folded {
            for byte in c.encode_utf8(&mut bytes).bytes() {
                self.0 = (self.0 ^ u32::from(byte)).wrapping_mul(0x0100_0193);
            }
        }
    }

    /// Adds a segment.
    fn step(&mut self, segment: &str) {
        self.add("/");
        let is_parameter = is_open(segment) && segment != REST;
        self.add(if is_parameter { PARAMETER } else { segment });
    }

    fn then(mut self, segment: &str) -> Self {
        self.step(segment);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_reaches_the_paths_that_it_fits() {
        let reaches = |request: &str, template: &str| {
            reachable(request).is_some_and(|numbers| numbers.contains(&path(template)))
        };
        for (request, template) in [
            ("/users/42", "/users/{id}"),
            ("/users/42/", "/users/{id}"),
            ("/USERS/42", "/users/:id"),
            ("/users/{x}?a=b#c", "/users/{id}"),
            ("/api/v1/users/42", "/users/{id}"),
            ("/a/x:run", "/a/{name}:run"),
            ("/files/a/b/c", "/files/{path...}"),
            ("/files/a", "/files/{path...}"),
            ("/", "/"),
        ] {
            assert!(reaches(request, template), "{request} {template}");
        }
        for (request, template) in [
            ("/users", "/users/{id}"),
            ("/users/42/keys", "/users/{id}"),
            ("/groups/42", "/users/{id}"),
            ("/users/{id}", "/users/me"),
            ("/files", "/files/{path...}"),
        ] {
            assert!(!reaches(request, template), "{request} {template}");
        }
        assert!(reachable(&"/a".repeat(15)).is_none());
    }

    #[test]
    fn the_case_of_letters_makes_no_difference() {
        for (a, b) in [
            ("Mail.Read", "mail.READ"),
            ("\u{17f}", "S"),
            ("\u{212a}", "k"),
            ("\u{3c2}", "\u{3a3}"),
        ] {
            assert_eq!(name(a), name(b), "{a} {b}");
        }
        assert_ne!(name("a"), name("b"));
    }
}
