//! Patterns over endpoints and names, against a table filled cell by cell.

use scopes::model::{Pattern, Template, glob};

use super::Choices;

/// What is chosen by bytes is matched as the table says; what is any text is no fault.
pub(crate) fn holds(data: &[u8]) {
    let mut choices = Choices(data);
    if choices.below(4) == 0 {
        raw(&String::from_utf8_lossy(data.get(1..).unwrap_or_default()));
        return;
    }
    let words = ["*", "**", "a", "b", "ab", "a*", "*b", "a*b", "**"];
    let count = choices.below(40);
    let pattern: Vec<&str> = (0..count).map(|_| choices.of(&words)).collect();
    let plain = ["a", "b", "ab", "aab", "{id}", "c"];
    let count = choices.below(20);
    let mut path: Vec<&str> = (0..count).map(|_| choices.of(&plain)).collect();
    let is_rest = choices.below(3) == 0;
    if is_rest {
        path.push("{rest...}");
    }
    let parsed = Pattern::parse(&format!("GET /{}", pattern.join("/"))).expect("a pattern");
    let template = Template::parse(&format!("/{}", path.join("/"))).expect("a template");
    let is_open = pattern.iter().any(|word| word.contains('*'));
    let expected = if is_rest {
        // Some number of segments, none of which the pattern can refuse.
        let (_, fixed) = path.split_last().expect("a segment");
        let lengths = 1..=pattern.len().max(1);
        let mut paths = lengths.map(|more| [fixed, &vec!["?"; more][..]].concat());
        paths.any(|path| by_table(&pattern, &path, is_open))
    } else {
        by_table(&pattern, &path, is_open)
    };
    assert_eq!(
        parsed.matches("GET", &template, None),
        expected,
        "{pattern:?} {path:?}"
    );
    let (short, long) = (pattern.concat(), path.concat());
    assert_eq!(
        glob(&short, &long),
        letters(&short, &long),
        "{short} {long}"
    );
}

fn raw(text: &str) {
    let mut lines = text.lines();
    let (Some(pattern), Some(path)) = (lines.next(), lines.next()) else {
        return;
    };
    if let (Ok(pattern), Ok(template)) = (Pattern::parse(pattern), Template::parse(path)) {
        let _ = pattern.matches("GET", &template, None);
    }
    if pattern.len() < 300 && path.len() < 300 {
        assert_eq!(
            glob(pattern, path),
            letters(pattern, path),
            "{pattern:?} {path:?}"
        );
    }
}

fn by_table(pattern: &[&str], path: &[&str], is_open: bool) -> bool {
    // fits[j]: the pattern so far fits the first j segments.
    let mut fits = vec![false; path.len() + 1];
    fits[0] = true;
    for word in pattern {
        let mut next = vec![false; path.len() + 1];
        for at in 0..=path.len() {
            next[at] = match *word {
                "**" => fits[at] || (at > 0 && next[at - 1]),
                _ if at == 0 || !fits[at - 1] => false,
                "*" => true,
                _ if path[at - 1] == "?" => true,
                word if path[at - 1] == "{id}" => !is_open && !word.contains('*'),
                word => letters(word, path[at - 1]),
            };
        }
        fits = next;
    }
    fits[path.len()]
}

fn letters(pattern: &str, text: &str) -> bool {
    let text: Vec<char> = text.chars().collect();
    let mut fits = vec![false; text.len() + 1];
    fits[0] = true;
    for letter in pattern.chars() {
        let mut next = vec![false; text.len() + 1];
        for at in 0..=text.len() {
            next[at] = match letter {
                '*' => fits[at] || (at > 0 && next[at - 1]),
                letter => at > 0 && fits[at - 1] && text[at - 1] == letter,
            };
        }
        fits = next;
    }
    fits[text.len()]
}
