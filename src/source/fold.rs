//! Simple case folding: which characters are the same but for their case.

/// A text in which letters that differ only in case are the same, character by character as Unicode's simple case folding
/// has it (CaseFolding.txt, status C and S).
pub fn folded(text: &str) -> String {
    text.chars().map(fold).collect()
}

fn fold(c: char) -> char {
    // The dotless i is no small I without its dot; Unicode folds neither.
    if c == 'ı' {
        return c;
    }
    let upper = only(c.to_uppercase()).unwrap_or(c);
    only(upper.to_lowercase()).unwrap_or(c)
}

/// The one character of a mapping; none where it makes several of one.
fn only(mut mapping: impl Iterator<Item = char>) -> Option<char> {
    let first = mapping.next()?;
    mapping.next().is_none().then_some(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_that_differ_in_case_are_the_same() {
        for (a, b) in [
            ("Mail.Read", "mail.READ"),
            ("ΣΊΣΥΦΟΣ", "σίσυφος"),
            ("K", "\u{212a}"),
            ("s", "ſ"),
            ("ß", "ẞ"),
            ("Ä", "ä"),
            ("µ", "μ"),
        ] {
            assert_eq!(folded(a), folded(b), "{a} {b}");
        }
        for (a, b) in [("ß", "ss"), ("i", "ı"), ("I", "İ"), ("a", "ä"), ("ŉ", "ʼn")] {
            assert_ne!(folded(a), folded(b), "{a} {b}");
        }
    }

    #[test]
    fn folding_twice_changes_nothing_more() {
        for c in '\u{0}'..='\u{1ffff}' {
            let once = fold(c);
            assert_eq!(fold(once), once, "{c:?}");
            // Where a letter has one other case, both fold to the same.
            for other in [only(c.to_uppercase()), only(c.to_lowercase())]
                .into_iter()
                .flatten()
            {
                let exceptions = ['ı', 'İ'];
                if !exceptions.contains(&c) && !exceptions.contains(&other) {
                    assert_eq!(fold(other), once, "{c:?} {other:?}");
                }
            }
        }
    }
}
