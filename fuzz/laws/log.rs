//! A log of requests, and what of it may be a secret.

use scopes::load::{LogFormat, read_har, shape};
use scopes::model::{Request, parse_query};

/// Each line is a request or none; what a request says of itself reads as that request.
pub(crate) fn holds(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    if let Some(format) = LogFormat::detect(&text) {
        for line in text.lines() {
            let Some(request) = format.request(line) else {
                continue;
            };
            let folded = shape(&request.target);
            assert!(
                folded.lines().count() <= 1,
                "{folded:?} is more than a line"
            );
            // An address inside a path or a query makes no URL of it.
            if request.target.starts_with('/') {
                let path = request.target.split(['?', '#']).next().unwrap_or("/");
                let count = |text: &str| text.matches('/').count();
                assert_eq!(count(&folded), count(path), "{:?}", request.target);
            }
        }
    }
    for line in text.lines() {
        if let Some(request) = Request::parse(line) {
            assert_eq!(Request::parse(&request.to_string()), Some(request));
        }
        let _ = parse_query(line);
    }
    let mut from = serde_json::Deserializer::from_str(&text);
    let _ = read_har(&mut from, &mut |_| ());
}
