//! The table of routes, against a look at every template.

use scopes::model::{NotAdded, Routes, Template};

use super::Choices;

/// How specific a segment is: a literal before a mixed one before a parameter before one that takes the rest.
fn rank(segment: &str) -> usize {
    match segment {
        "{x...}" => 3,
        "{x}" => 2,
        segment if segment.contains('{') => 1,
        _ => 0,
    }
}

fn fits(segment: &str, text: &str) -> bool {
    match segment.split_once("{x}") {
        None => segment == text,
        Some((before, after)) => {
            text.len() > before.len() + after.len()
                && text.starts_with(before)
                && text.ends_with(after)
        }
    }
}

/// A path finds a template where one fits, and none that another beats at the first segment in which they differ.
pub(crate) fn holds(data: &[u8]) {
    let mut choices = Choices(data);
    if choices.below(4) == 0 {
        raw(&String::from_utf8_lossy(data.get(1..).unwrap_or_default()));
        return;
    }
    let segments = ["a", "b", "ab", "{x}", "a{x}", "{x}:b", "a{x}b", "{x...}"];
    let mut routes = Routes::new(false);
    let mut templates: Vec<Vec<&str>> = Vec::new();
    for _ in 0..choices.below(24) {
        let length = choices.below(6);
        let parts: Vec<&str> = (0..length).map(|_| choices.of(&segments)).collect();
        let is_rest = |part: &&str| *part == "{x...}";
        let is_misplaced = parts.iter().rev().skip(1).any(is_rest);
        let template = Template::parse(&format!("/{}", parts.join("/")));
        assert_eq!(template.is_err(), is_misplaced, "{parts:?}");
        let Ok(template) = template else { continue };
        let known = templates.iter().position(|other| *other == parts);
        match routes.insert("GET", &template, templates.len()) {
            Ok(()) => {
                assert_eq!(known, None, "{parts:?} is there");
                templates.push(parts);
            }
            Err(refused) => {
                let other = known.map(NotAdded::Same);
                assert_eq!(Some(refused), other, "{parts:?} is not there");
            }
        }
    }
    let length = choices.below(6);
    let texts = ["a", "b", "ab", "x", "abb", "x:b", "aab", "a:b"];
    let path: Vec<&str> = (0..length).map(|_| choices.of(&texts)).collect();
    let is_fit = |parts: &Vec<&str>| {
        let (fixed, is_open) = match parts.split_last() {
            Some((&"{x...}", fixed)) => (fixed, true),
            _ => (&parts[..], false),
        };
        let is_as_long = if is_open {
            path.len() > fixed.len()
        } else {
            path.len() == fixed.len()
        };
        is_as_long && fixed.iter().zip(&path).all(|(part, text)| fits(part, text))
    };
    let fitting: Vec<usize> = (0..templates.len())
        .filter(|at| is_fit(&templates[*at]))
        .collect();
    let found = routes.find("GET", &format!("/{}", path.join("/")));
    let Some(found) = found else {
        assert!(
            fitting.is_empty(),
            "{path:?} fits {:?}",
            templates[fitting[0]]
        );
        return;
    };
    assert!(
        fitting.contains(&found),
        "{path:?} does not fit {:?}",
        templates[found]
    );
    for other in fitting {
        let pairs = templates[found].iter().zip(&templates[other]);
        let first = pairs.into_iter().find(|(one, other)| one != other);
        if let Some((one, two)) = first {
            assert!(
                rank(one) <= rank(two),
                "{path:?} found {:?}, and {:?} is more specific",
                templates[found],
                templates[other]
            );
        }
    }
    assert_eq!(routes.find("PUT", &format!("/{}", path.join("/"))), None);
}

fn raw(text: &str) {
    let mut routes = Routes::new(text.len().is_multiple_of(2));
    for (index, line) in text.lines().enumerate() {
        let Ok(template) = Template::parse(line) else {
            continue;
        };
        let shape = template.shape();
        let named = shape.replace("{}", "{name}").replace("{...}", "{name...}");
        let again = Template::parse(&named).map(|template| template.shape());
        assert_eq!(
            again.as_deref(),
            Ok(shape.as_str()),
            "a shape is the shape of what it stands for"
        );
        let _ = routes.insert("GET", &template, index);
        let _ = routes.find("GET", line);
        let _ = routes.all_that_fit("GET", &template);
    }
}
