//! The base addresses of an environment, in which `{name}` stands for any text without a slash.

use std::fmt;

use super::lookup::split_url;
use super::route::{MalformedPath, fits, literals};
use crate::source::limits::{LONGEST_HOST, MOST_SEGMENTS};

/// The base URL of an environment's paths, or only their base path if the host is not known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Base {
    /// As the catalog writes it.
    pub text: String,
    /// The host in lower case, as literals around placeholders; `None` for a path alone.
    host: Option<Vec<String>>,
    /// The segments of the path, each as literals around placeholders.
    segments: Vec<Vec<String>>,
    ignore_case: bool,
    idle: Option<&'static str>,
}

/// How well a URL fits a base: one below its path before one on its host alone, then a host written out before
/// placeholders.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct BaseFit {
    is_below: bool,
    is_written_out: bool,
}

impl Base {
    /// Reads `https://{shop}.example.com/v1/{tenant}` or `/v1`; with `ignore_case`, its path matches in any case.
    pub fn parse(text: &str, ignore_case: bool) -> Result<Self, MalformedPath> {
        let (host, path) = split_url(text.trim_end_matches('/'));
        let segments = match path {
            "" => Vec::new(),
            path => path.strip_prefix('/').unwrap_or(path).split('/').collect(),
        };
        if segments.len() > MOST_SEGMENTS {
            return Err(MalformedPath("a base may have at most 256 segments"));
        }
        let folded = |text: &str| {
            if ignore_case {
                text.to_ascii_lowercase()
            } else {
                text.to_owned()
            }
        };
        let host = host.map(|host| placeholders(&host.to_ascii_lowercase()));
        let segments = segments.into_iter().map(|one| placeholders(&folded(one)));
        Ok(Self {
            text: text.to_owned(),
            host: host.transpose()?,
            segments: segments.collect::<Result<_, _>>()?,
            ignore_case,
            idle: idle(text),
        })
    }

    /// Why no URL and no path can be below it, if that is certain.
    pub fn matches_nothing(&self) -> Option<&'static str> {
        self.idle
    }

    /// The path with `{}` for each placeholder, such as `/v1/{}`; empty if there is none.
    pub fn path_shape(&self) -> String {
        self.segments.iter().fold(String::new(), |shape, literals| {
            shape + "/" + &literals.join("{}")
        })
    }

    /// What follows the base in a URL, or in a path alone, which may be on any host; `None` if the base is another.
    pub fn below<'a>(&self, target: &'a str) -> Option<&'a str> {
        let (host, path) = split_url(target);
        self.rest(host, path)
    }

    /// The same for a target that is split already.
    pub(super) fn rest<'a>(&self, host: Option<&str>, path: &'a str) -> Option<&'a str> {
        let is_same = match (host, &self.host) {
            (Some(host), Some(own)) => host_fits(own, host),
            (_, None) | (None, Some(_)) => true,
        };
        if !is_same || self.idle.is_some() {
            return None;
        }
        let mut rest = path;
        for literals in &self.segments {
            rest = rest.strip_prefix('/')?;
            let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
            let segment = &rest[..end];
            let is_fit = if self.ignore_case {
                fits_all(literals, &segment.to_ascii_lowercase())
            } else {
                fits_all(literals, segment)
            };
            if !is_fit {
                return None;
            }
            rest = &rest[end..];
        }
        let is_end = rest.is_empty() || rest.starts_with(['/', '?', '#']);
        is_end.then_some(if rest.is_empty() { "/" } else { rest })
    }

    /// How well a URL with this host and path fits; `None` on another host.
    pub(super) fn fit(&self, host: &str, path: &str) -> Option<BaseFit> {
        let own = self.host.as_ref()?;
        host_fits(own, host).then(|| BaseFit {
            is_below: self.rest(Some(host), path).is_some(),
            is_written_out: own.len() == 1,
        })
    }
}

impl fmt::Display for Base {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// The literals around the placeholders of a segment, or of a host.
fn placeholders(text: &str) -> Result<Vec<String>, MalformedPath> {
    let (literals, is_rest) = literals(text)?;
    if is_rest {
        return Err(MalformedPath("a base cannot contain `{name...}`"));
    }
    Ok(literals)
}

/// Whether a text fits literals around placeholders, each of which takes at least a character.
fn fits_all(literals: &[String], text: &str) -> bool {
    match literals {
        [one] => one == text,
        several => fits(several, text),
    }
}

/// Whether a host fits. What a placeholder takes has no character that would end a host, or begin one after a user or
/// before a port: there must be no more of these than the base itself has.
fn host_fits(own: &[String], host: &str) -> bool {
    const RESERVED: [char; 6] = ['@', ':', '/', '\\', '?', '#'];
    match own {
        [one] => one.eq_ignore_ascii_case(host),
        _ if host.len() > LONGEST_HOST => false,
        several => {
            let reserved = |text: &str| text.matches(RESERVED).count();
            let written: usize = several.iter().map(|text| reserved(text)).sum();
            reserved(host) == written && fits(several, &host.to_ascii_lowercase())
        }
    }
}

/// Why a base can have nothing below it.
fn idle(text: &str) -> Option<&'static str> {
    let (host, path) = split_url(text);
    if text.contains(['?', '#']) {
        Some("it has a query or a fragment")
    } else if text.contains('*') {
        Some("`*` is literal text in a base")
    } else if host == Some("") {
        Some("it has no host")
    } else if host.is_none() && (!path.starts_with('/') || path.starts_with("//")) {
        Some("it is neither `scheme://host` nor a path that begins with `/`")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rest<'a>(base: &str, target: &'a str) -> Option<&'a str> {
        Base::parse(base, false).expect("a base").below(target)
    }

    #[test]
    fn placeholders_take_text_without_a_slash() {
        let shop = "https://{shop}.myshopify.com/admin";
        let fits = |target| rest(shop, target);
        assert_eq!(
            fits("https://A-1.MyShopify.com/admin/x?y=/z"),
            Some("/x?y=/z")
        );
        assert_eq!(fits("https://a.myshopify.com/admin"), Some("/"));
        assert_eq!(fits("https://{shop}.myshopify.com/admin/x"), Some("/x"));
        assert_eq!(fits("/admin/x"), Some("/x"));
        assert_eq!(fits("https://a.myshopify.com/administer"), None);
        assert_eq!(fits("https://.myshopify.com/admin"), None);
        let jira = "https://api.atlassian.com/ex/{product}/{cloudId}/v{n}/";
        assert_eq!(
            rest(jira, "https://api.atlassian.com/ex/jira/12/v3/rest/a"),
            Some("/rest/a")
        );
        assert_eq!(rest(jira, "https://api.atlassian.com/ex/jira//v3/a"), None);
        assert_eq!(rest(jira, "https://api.atlassian.com/ex/jira/12/v/a"), None);
        assert_eq!(rest("http://{h}:{port}/", "http://a:80/b"), Some("/b"));
    }

    #[test]
    fn a_placeholder_stays_within_the_host() {
        for base in [
            "https://{shop}.myshopify.com",
            "https://{a}{b}.myshopify.com/",
        ] {
            for target in [
                "https://evil.com/?.myshopify.com",
                "https://evil.com/.myshopify.com",
                "https://evil.com#.myshopify.com",
                "https://evil.com?.myshopify.com/",
                "https://evil.com\\.myshopify.com/",
                "https://evil.com:80.myshopify.com/",
                "https://me@shop.myshopify.com/",
                "https://shop.myshopify.com:80/",
                "https://shop.myshopify.com.evil.com/",
                "https://shopmyshopify.com/",
            ] {
                assert_eq!(rest(base, target), None, "{target}");
            }
            let long = format!("https://{}.myshopify.com/", "a".repeat(300));
            assert_eq!(rest(base, &long), None);
        }
    }

    #[test]
    fn malformed_bases_say_why() {
        let why = |text: &str| {
            Base::parse(text, false)
                .map(|_| ())
                .map_err(|error| error.0)
        };
        assert_eq!(why("https://{shop.x.com/a"), Err("unclosed `{`"));
        assert_eq!(why("https://{}.x.com"), Err("a parameter must have a name"));
        assert_eq!(why("https://shop}.x.com"), Err("unmatched `}`"));
        assert_eq!(why("/v1/{a"), Err("unclosed `{`"));
        assert_eq!(why("/v1/{a...}"), Err("a base cannot contain `{name...}`"));
        assert!(why("/v1/x{a...}").is_err());
        assert_eq!(
            why(&"/a".repeat(300)),
            Err("a base may have at most 256 segments")
        );
        for text in ["", "/", "/v1", "https://x.com:{p}", "/{a}/{a}{b}.c"] {
            assert_eq!(why(text), Ok(()), "{text}");
        }
    }

    #[test]
    fn what_can_have_nothing_below_it() {
        let is_idle = |text: &str| {
            let base = Base::parse(text, false).expect("a base");
            base.matches_nothing().is_some()
        };
        for text in [
            "api.example.com/v1",
            "https://*.example.com",
            "/v1/*",
            "https://example.com/?v=1",
            "https://example.com/#v1",
            "https:///v1",
            "//example.com",
            "v1",
        ] {
            assert!(is_idle(text), "{text}");
            assert_eq!(rest(text, &format!("{text}/a")), None, "{text}");
        }
        for text in ["/", "/v1", "https://example.com", "http://{x}/v1"] {
            assert!(!is_idle(text), "{text}");
        }
    }
}
