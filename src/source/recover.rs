//! Recovers what it can from a text that cannot be parsed, such as a truncated file or a line with a tab.

use std::ops::Range;

use super::tree::Node;
use super::{Problem, Source, Syntax};

/// After this many faults the rest of the text is given up.
const MOST_FAULTS: usize = 50;

/// What could be read of a text.
#[derive(Debug)]
pub struct Recovered {
    /// Its tree without what cannot be parsed; `None` where nothing is left. Places are those of the text.
    pub tree: Option<Node>,
    /// Each fault once.
    pub problems: Vec<Problem>,
    /// The bytes that were left out.
    pub lost: Vec<Range<usize>>,
}

/// Reads what can be read of a text.
pub(super) fn recovered(source: &Source) -> Recovered {
    let mut problems: Vec<Problem> = Vec::new();
    let mut lost: Vec<Range<usize>> = Vec::new();
    let mut text = source.text.clone();
    loop {
        let current = Source {
            name: String::new(),
            text: text.clone(),
            syntax: source.syntax,
        };
        match current.tree() {
            Ok(mut tree) => {
                if problems.is_empty() {
                    problems = tree.remove_duplicates();
                }
                return Recovered {
                    tree: Some(tree).filter(|tree| !tree.is_null()),
                    problems,
                    lost,
                };
            }
            Err(problem) => {
                let at = match &problem.place {
                    super::Place::At(span) => span.start,
                    super::Place::Path(..) => 0,
                };
                problems.push(problem);
                let next = match source.syntax {
                    Syntax::Json => closed(&text),
                    Syntax::Yaml | Syntax::Toml => without_line(&text, at),
                };
                match next.filter(|_| problems.len() < MOST_FAULTS) {
                    Some((next, range)) => {
                        text = next;
                        lost.push(range);
                    }
                    None => {
                        return Recovered {
                            tree: None,
                            problems,
                            lost,
                        };
                    }
                }
            }
        }
    }
}

/// JSON up to its last complete value, with the open brackets closed. `None` if no bracket is open: then the fault is
/// not a truncated file.
fn closed(text: &str) -> Option<(String, Range<usize>)> {
    let mut open: Vec<char> = Vec::new();
    let (mut in_string, mut escaped) = (false, false);
    // The last position before which everything is complete. The brackets open there are still open at the end, because
    // every bracket also moves this position.
    let mut whole: Option<usize> = None;
    for (at, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' if in_string => escaped = true,
            '"' => in_string = !in_string,
            _ if in_string => {}
            '{' | '[' => {
                open.push(if c == '{' { '}' } else { ']' });
                whole = Some(at + 1);
            }
            '}' | ']' => {
                if open.pop() != Some(c) {
                    return None;
                }
                whole = Some(at + 1);
            }
            ',' => whole = Some(at),
            _ => {}
        }
    }
    let end = whole.filter(|_| !open.is_empty())?;
    let closing: String = open.into_iter().rev().collect();
    Some((
        format!("{}{closing}", &text[..end]),
        end..text.len().max(end + closing.len()),
    ))
}

/// The text with the line at a byte blanked out, or the nearest non-blank line above it, where the fault must have
/// begun. `None` if nothing is left to blank out.
fn without_line(text: &str, at: usize) -> Option<(String, Range<usize>)> {
    let mut end = text[at.min(text.len())..]
        .find('\n')
        .map_or(text.len(), |newline| at + newline);
    loop {
        let start = text[..end].rfind('\n').map_or(0, |newline| newline + 1);
        let line = &text[start..end];
        if !line.trim().is_empty() {
            let blank = " ".repeat(line.len());
            return Some((
                format!("{}{blank}{}", &text[..start], &text[end..]),
                start..end,
            ));
        }
        end = start.checked_sub(1)?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(text: &str, syntax: Syntax) -> (Vec<String>, usize) {
        let source = Source {
            name: String::new(),
            text: text.to_owned(),
            syntax,
        };
        let Recovered { tree, problems, .. } = source.recovered();
        (
            tree.map(|tree| tree.field_names()).unwrap_or_default(),
            problems.len(),
        )
    }

    #[test]
    fn json_that_ends_too_early_is_read_up_to_there() {
        let whole = "{\"a\": [1, {\"b\": \"x, y\"}], \"c\": 2}";
        assert_eq!(
            fields(whole, Syntax::Json),
            (vec!["a".to_owned(), "c".to_owned()], 0)
        );
        for end in 10..whole.len() {
            let (names, problems) = fields(&whole[..end], Syntax::Json);
            assert_eq!((names[0].as_str(), problems), ("a", 1), "{}", &whole[..end]);
        }
        assert_eq!(fields("{\"a\": 1 \"b\": 2}", Syntax::Json).1, 1);
    }

    #[test]
    fn yaml_is_read_without_the_lines_at_fault() {
        let (names, problems) = fields("a: 1\n\tb: 2\nc: [1\nd: 4\n", Syntax::Yaml);
        assert_eq!((names, problems), (vec!["a".to_owned()], 3));
        let (names, problems) = fields("a: 1\nb: x: y\nc: 3\n", Syntax::Yaml);
        assert_eq!((names, problems), (vec!["a".to_owned(), "c".to_owned()], 1));
    }
}
