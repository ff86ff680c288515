//! Path templates in the spellings that documents use, as a catalog writes them.

/// What a path of a document is in a catalog.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum ReadPath {
    /// This template, which matches the same paths.
    As(String),
    /// This template, which matches other paths as well or fewer, for a reason.
    Doubtful(String, String),
    /// No template says it, for a reason.
    Refused(String),
}

/// A path as a catalog writes it: `{name=projects/*}` and `{proxy+}` are spelled otherwise there.
pub(super) fn readable(path: &str) -> ReadPath {
    let mut written = String::with_capacity(path.len());
    let mut doubt: Option<String> = None;
    let mut rest = path;
    while let Some(open) = rest.find('{') {
        let (before, from) = rest.split_at(open);
        let Some(close) = closing(from) else {
            // The catalog's own check says what is wrong.
            break;
        };
        let (inside, behind) = (&from[1..close], &from[close + 1..]);
        written.push_str(before);
        let is_last = behind.is_empty() || behind == "/";
        let is_whole = is_last && (written.is_empty() || written.ends_with('/'));
        match parameter(inside, is_whole) {
            Ok(Parameter { text, why }) => {
                let text = match text.strip_prefix('/') {
                    Some(bare) if written.ends_with('/') => bare,
                    _ => &text,
                };
                written.push_str(text);
                doubt = doubt.or(why);
            }
            Err(why) => return ReadPath::Refused(why),
        }
        rest = behind;
    }
    written.push_str(rest);
    let stars = stars(&written);
    match (stars, doubt) {
        (Some((path, why)), _) => ReadPath::Doubtful(path, why),
        (None, Some(why)) => ReadPath::Doubtful(written, why),
        (None, None) => ReadPath::As(written),
    }
}

/// Where the brace that a text begins with is closed: a regular expression inside may have braces of its own.
fn closing(text: &str) -> Option<usize> {
    let first = text.find('}')?;
    let is_regex = text[..first].contains([':', '<']);
    if !is_regex {
        return Some(first);
    }
    let mut depth = 0_usize;
    for (at, c) in text.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => {
                depth -= 1;
                if depth == 0 {
                    return Some(at);
                }
            }
            _ => {}
        }
    }
    Some(first)
}

/// The name of a parameter as a catalog can write it. Names make no difference.
fn named(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join("-")
}

struct Parameter {
    text: String,
    /// Why the text does not say all of it.
    why: Option<String>,
}

/// What stands between braces, as a catalog writes it.
fn parameter(inside: &str, is_whole: bool) -> Result<Parameter, String> {
    let plain = |text: String| Ok(Parameter { text, why: None });
    // A regular expression says which values one segment may have.
    if let Some((name, pattern)) = inside.split_once(':')
        && !name.trim().is_empty()
        && !name.contains(['=', '*', '+', '/'])
    {
        let name = named(name);
        let takes_several = matches!(pattern.trim(), ".*" | ".+" | "path");
        return plain(if takes_several && is_whole {
            format!("{{{name}...}}")
        } else {
            format!("{{{name}}}")
        });
    }
    if inside.contains(char::is_whitespace) && !inside.contains(['=', ',', '/']) {
        return parameter(&named(inside), is_whole);
    }
    if let Some((name, pattern)) = inside.split_once('=') {
        return of_pattern(name, pattern, is_whole).and_then(plain);
    }
    if let Some(name) = inside.strip_prefix('/') {
        // RFC 6570: a slash and the value, or nothing.
        let names: Vec<String> = name.split(',').map(|one| format!("/{{{one}}}")).collect();
        return Ok(Parameter {
            text: names.concat(),
            why: Some(format!("has an optional part, `{{{inside}}}`")),
        });
    }
    if let Some(name) = inside.strip_suffix('?') {
        return Ok(Parameter {
            text: format!("{{{name}}}"),
            why: Some(format!("has an optional part, `{{{inside}}}`")),
        });
    }
    let greedy = inside
        .strip_suffix(['+', '*'])
        .or_else(|| inside.strip_prefix(['+', '*']))
        .map(|name| name.trim_start_matches('*'));
    match greedy {
        Some(name) if is_whole && !name.is_empty() => plain(format!("{{{name}...}}")),
        Some(name) if !name.is_empty() => Ok(Parameter {
            text: format!("{{{name}}}"),
            why: Some(format!(
                "takes several segments for `{{{inside}}}`, which a catalog can only say at its end"
            )),
        }),
        _ => plain(format!("{{{inside}}}")),
    }
}

/// `{name=projects/*}`: the pattern with a parameter for each of its stars.
fn of_pattern(name: &str, pattern: &str, is_whole: bool) -> Result<String, String> {
    let stars = pattern.split('/').filter(|part| part.contains('*')).count();
    let mut number = 0;
    let mut parts = Vec::new();
    let mut segments = pattern.split('/').peekable();
    while let Some(segment) = segments.next() {
        let mut own = || {
            number += 1;
            if stars > 1 {
                format!("{name}{number}")
            } else {
                name.to_owned()
            }
        };
        parts.push(match segment {
            "*" => format!("{{{}}}", own()),
            "**" if is_whole && segments.peek().is_none() => format!("{{{}...}}", own()),
            "**" => {
                return Err(format!(
                    "takes several segments for `{{{name}={pattern}}}`, which a catalog can only say at its end"
                ));
            }
            literal if literal.contains('*') => {
                return Err(format!("has a pattern that is not whole segments: `{pattern}`"));
            }
            literal => literal.to_owned(),
        });
    }
    Ok(parts.join("/"))
}

/// A path with segments `*` and `**` as parameters.
fn stars(path: &str) -> Option<(String, String)> {
    let mut is_any = false;
    let parts: Vec<&str> = path.split('/').collect();
    let last = parts.len() - 1;
    let read: Vec<&str> = parts
        .iter()
        .enumerate()
        .map(|(at, part)| match *part {
            "**" if at == last => {
                is_any = true;
                "{rest...}"
            }
            "*" | "**" => {
                is_any = true;
                "{any}"
            }
            part => part,
        })
        .collect();
    is_any.then(|| (read.join("/"), "has a `*` for a segment".to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_of_a_parameter() {
        let read = |path: &str| match readable(path) {
            ReadPath::As(path) => path,
            ReadPath::Doubtful(path, why) => format!("{path} ({why})"),
            ReadPath::Refused(why) => why,
        };
        for (written, right) in [
            ("/a/{b}", "/a/{b}"),
            ("/v1/{name=projects/*}:run", "/v1/projects/{name}:run"),
            (
                "/v1/{name=projects/*/jobs/*}",
                "/v1/projects/{name1}/jobs/{name2}",
            ),
            ("/v1/{name=**}", "/v1/{name...}"),
            ("/v1/{name=files/**}", "/v1/files/{name...}"),
            (
                "/v1/{name=**}:run",
                "takes several segments for `{name=**}`, which a catalog can only say at its end",
            ),
            ("/items{/id}", "/items/{id} (has an optional part, `{/id}`)"),
            ("/opt/{id?}", "/opt/{id} (has an optional part, `{id?}`)"),
            ("/p/{proxy+}", "/p/{proxy...}"),
            ("/p/{path*}", "/p/{path...}"),
            ("/p/{*path}", "/p/{path...}"),
            ("/p/{+path}", "/p/{path...}"),
            (
                "/p/{+path}/end",
                "/p/{path}/end (takes several segments for `{+path}`, which a catalog can only say at its end)",
            ),
            ("/star/**", "/star/{rest...} (has a `*` for a segment)"),
            ("/*", "/{any} (has a `*` for a segment)"),
            ("/c/{x", "/c/{x"),
            ("/users/{id:[0-9]+}", "/users/{id}"),
            ("/users/{id:[0-9]{2,3}}/x", "/users/{id}/x"),
            ("/users/{id:[^/]+}", "/users/{id}"),
            ("/files/{name:.*}", "/files/{name...}"),
            ("/c/{creative ID}/x", "/c/{creative-ID}/x"),
            ("/{ id }", "/{id}"),
        ] {
            assert_eq!(read(written), right, "{written}");
        }
    }
}
