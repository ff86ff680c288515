//! Routes into a file, as people write them: `oauth_config.scopes.bot`, `keys[0].scopes`, `"a.b".c`.

/// A step of a route.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Into a field of a mapping.
    Field(String),
    /// Into one item of a list, from 0, or into each of them.
    Item(Option<usize>),
}

/// The steps of a route: fields between dots, a field with a dot in quotes, `[0]` or `[]` behind a field.
///
/// # Errors
///
/// A sentence, where the text is no route.
pub fn steps(text: &str) -> Result<Vec<Step>, String> {
    let mut steps = Vec::new();
    let mut rest = text;
    loop {
        rest = field(text, rest, &mut steps)?;
        while let Some(inside) = rest.strip_prefix('[') {
            let (number, behind) = inside.split_once(']').ok_or_else(|| no_field(text))?;
            steps.push(Step::Item(match number {
                "" => None,
                number => Some(number.parse().map_err(|_| {
                    format!("`{number}` is not the number of an item: expected [0] or []")
                })?),
            }));
            rest = behind;
        }
        if rest.is_empty() {
            return Ok(steps);
        }
        rest = rest.strip_prefix('.').ok_or_else(|| no_field(text))?;
    }
}

/// Reads a field of a route; returns what is behind it.
fn field<'t>(text: &str, rest: &'t str, steps: &mut Vec<Step>) -> Result<&'t str, String> {
    let quoted = |quote: char| rest.strip_prefix(quote)?.split_once(quote);
    let (name, behind) = match quoted('"').or_else(|| quoted('\'')) {
        Some(quoted) => quoted,
        None => rest.split_at(rest.find(['.', '[', ']']).unwrap_or(rest.len())),
    };
    if name.is_empty() {
        return Err(no_field(text));
    }
    steps.push(Step::Field(name.to_owned()));
    Ok(behind)
}

fn no_field(text: &str) -> String {
    format!("`{text}` is not a route: expected fields with dots between them, as in a.b[0].c")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_route_has_fields_and_items() {
        let field = |name: &str| Step::Field(name.to_owned());
        for (text, right) in [
            ("a", vec![field("a")]),
            ("a.b", vec![field("a"), field("b")]),
            ("a-b_c.d", vec![field("a-b_c"), field("d")]),
            (
                "a[0].b[][12]",
                vec![
                    field("a"),
                    Step::Item(Some(0)),
                    field("b"),
                    Step::Item(None),
                    Step::Item(Some(12)),
                ],
            ),
            (
                "a.\"b.c[0]\".'d'",
                vec![field("a"), field("b.c[0]"), field("d")],
            ),
        ] {
            assert_eq!(steps(text), Ok(right), "{text}");
        }
    }

    #[test]
    fn what_is_no_route_is_refused() {
        for text in [
            "", ".", ".a", "a.", "a..b", "a[", "a[b]", "a[0", "a]", "a[0]b", "[0]", "\"\"",
            "\"a\"b",
        ] {
            assert!(steps(text).is_err(), "{text}");
        }
    }
}
