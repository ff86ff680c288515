//! Observed traffic: what a line of a log says was requested.
//!
//! Four formats are recognized by their first lines: Common and Combined Log Format, JSON lines, HTTP archives (HAR),
//! and plain `METHOD path`. Nothing is kept but the method and the target.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

use crate::model::{Request, split_url};

/// How a log is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// Common or Combined Log Format: the request stands in quotes.
    Common,
    /// A JSON object on each line.
    JsonLines,
    /// One JSON document with `log.entries`.
    Har,
    /// `METHOD path` on each line.
    Plain,
}

impl LogFormat {
    /// The name that people use for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Common => "Common Log Format",
            Self::JsonLines => "JSON lines",
            Self::Har => "an HTTP archive",
            Self::Plain => "`METHOD path` lines",
        }
    }

    /// The form of a log, by how it begins; `None` where no line of it is a request.
    pub fn detect(beginning: &str) -> Option<Self> {
        let mut lines = beginning
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty());
        let first = lines.clone().next()?;
        if first.starts_with('{') {
            let is_object = |line: &str| serde_json::from_str::<IgnoredAny>(line).is_ok();
            let is_line = is_object(first) && !first.contains("\"entries\"");
            return Some(if is_line { Self::JsonLines } else { Self::Har });
        }
        lines.find_map(|line| {
            if Request::parse(line).is_some() {
                Some(Self::Plain)
            } else {
                Self::Common.request(line).map(|_| Self::Common)
            }
        })
    }

    /// The request that a line is about; `None` where it is about none. An archive has no lines.
    pub fn request(self, line: &str) -> Option<Request> {
        match self {
            Self::Common => {
                let quoted = line.split('"').nth(1)?;
                of_request_line(quoted)
            }
            Self::Plain => of_request_line(line),
            Self::JsonLines => of_object(&serde_json::from_str(line).ok()?),
            Self::Har => None,
        }
    }
}

/// `METHOD target`, with a protocol behind it or not.
fn of_request_line(line: &str) -> Option<Request> {
    let mut words = line.split_whitespace();
    let (method, target) = (words.next()?, words.next()?);
    let mode = words
        .next()
        .filter(|word| word.starts_with("mode="))
        .unwrap_or_default();
    Request::parse(&format!("{method} {target} {mode}"))
}

/// Names under which logs keep the method.
const METHODS: [&str; 8] = [
    "method",
    "http_method",
    "httpMethod",
    "request_method",
    "requestMethod",
    "verb",
    "http.method",
    "http.request.method",
];
/// Names under which logs keep the path or the URL.
const TARGETS: [&str; 15] = [
    "path",
    "url",
    "uri",
    "request_uri",
    "requestUri",
    "request_url",
    "requestUrl",
    "request_path",
    "requestPath",
    "http_path",
    "target",
    "http.target",
    "http.url",
    "url.path",
    "url.full",
];
/// Names of objects that hold both, or of the request line.
const NESTED: [&str; 5] = ["request", "http", "httpRequest", "http_request", "req"];

fn of_object(value: &Value) -> Option<Request> {
    let object = value.as_object()?;
    let text = |names: &[&str]| names.iter().find_map(|name| object.get(*name)?.as_str());
    if let (Some(method), Some(target)) = (text(&METHODS), text(&TARGETS)) {
        return Request::parse(&format!("{method} {target}"));
    }
    NESTED
        .iter()
        .filter_map(|name| object.get(*name))
        .find_map(|nested| match nested {
            Value::String(line) => of_request_line(line),
            nested => of_object(nested),
        })
}

/// Reads an archive and passes on its requests one by one, keeping nothing else.
pub fn read_har<'de, D: Deserializer<'de>>(
    deserializer: D,
    each: &mut dyn FnMut(Option<Request>),
) -> Result<(), D::Error> {
    At {
        path: &["log", "entries"],
        each,
    }
    .deserialize(deserializer)
}

/// Goes down a path of fields to a list, and takes each of its items.
struct At<'a> {
    path: &'a [&'static str],
    each: &'a mut dyn FnMut(Option<Request>),
}

impl<'de> DeserializeSeed<'de> for At<'_> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        match self.path {
            [] => deserializer.deserialize_seq(self),
            _ => deserializer.deserialize_map(self),
        }
    }
}

impl<'de> Visitor<'de> for At<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.path {
            [] => f.write_str("a list of entries"),
            [name, ..] => write!(f, "an object with `{name}`"),
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let Some((wanted, rest)) = self.path.split_first() else {
            return Ok(());
        };
        while let Some(name) = map.next_key::<String>()? {
            if name == *wanted {
                map.next_value_seed(At {
                    path: rest,
                    each: self.each,
                })?;
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        #[derive(serde::Deserialize)]
        struct Entry {
            request: Option<Line>,
        }
        #[derive(serde::Deserialize)]
        struct Line {
            method: Option<String>,
            url: Option<String>,
        }
        while let Some(entry) = seq.next_element::<Option<Entry>>()? {
            let line = entry.and_then(|entry| entry.request);
            let request =
                line.and_then(|line| Request::parse(&format!("{} {}", line.method?, line.url?)));
            (self.each)(request);
        }
        Ok(())
    }
}

/// A target without the parts that differ from request to request: numbers, identifiers, long random words.
pub fn shape(target: &str) -> String {
    let (_, path) = split_url(target);
    let path = match path.split(['?', '#']).next() {
        None | Some("") => "/",
        Some(path) => path,
    };
    let segments = path.split('/').map(|segment| {
        if is_identifier(segment) {
            "{}"
        } else {
            segment
        }
    });
    segments.collect::<Vec<_>>().join("/")
}

fn is_identifier(segment: &str) -> bool {
    let digits = segment.chars().filter(char::is_ascii_digit).count();
    let is_version = segment.starts_with('v') && segment.len() <= 4;
    let is_date = segment.len() == 10 && segment.matches('-').count() == 2 && digits == 8;
    !is_version
        && !is_date
        && (digits > 0 && digits == segment.len() || digits >= 3 || segment.len() > 32)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> (Option<LogFormat>, Option<String>) {
        let format = LogFormat::detect(line);
        (
            format,
            format
                .and_then(|format| format.request(line))
                .map(|request| request.to_string()),
        )
    }

    #[test]
    fn each_form_is_told_by_its_first_line() {
        let common = r#"10.0.0.1 - - [10/Oct/2026:13:55:36 +0000] "GET /profiles/7?x=1 HTTP/1.1" 200 2326 "-" "curl""#;
        assert_eq!(
            read(common),
            (
                Some(LogFormat::Common),
                Some("GET /profiles/7?x=1".to_owned())
            )
        );
        assert_eq!(
            read("post /profiles"),
            (Some(LogFormat::Plain), Some("POST /profiles".to_owned()))
        );
        for line in [
            r#"{"method":"GET","path":"/a","status":200}"#,
            r#"{"level":"info","http_method":"get","request_uri":"/a"}"#,
            r#"{"httpRequest":{"requestMethod":"GET","requestUrl":"/a"}}"#,
            r#"{"request":"GET /a HTTP/2.0"}"#,
            r#"{"req":{"method":"GET","url":"/a"}}"#,
        ] {
            assert_eq!(
                read(line),
                (Some(LogFormat::JsonLines), Some("GET /a".to_owned())),
                "{line}"
            );
        }
        assert_eq!(read("nothing here"), (None, None));
    }

    #[test]
    fn an_archive_hands_out_its_requests_and_nothing_else() {
        let text = r#"{"log": {"version": "1.2", "creator": {"name": "x"}, "entries": [
            {"request": {"method": "GET", "url": "https://api.example.com/a", "headers": []}, "time": 5},
            {"response": {}}]}}"#;
        assert_eq!(LogFormat::detect(text), Some(LogFormat::Har));
        let mut seen = Vec::new();
        let mut deserializer = serde_json::Deserializer::from_str(text);
        read_har(&mut deserializer, &mut |request| {
            seen.push(request.map(|r| r.to_string()));
        })
        .expect("an archive");
        assert_eq!(
            seen,
            [Some("GET https://api.example.com/a".to_owned()), None]
        );
    }

    #[test]
    fn shapes_leave_out_what_differs() {
        assert_eq!(shape("https://x.test/v2/users/42?page=1"), "/v2/users/{}");
        assert_eq!(
            shape("/2022-06-09/orders/9c82ef99-aaaa-4444-8888-123456789012"),
            "/2022-06-09/orders/{}"
        );
        assert_eq!(shape("/health"), "/health");
    }
}
