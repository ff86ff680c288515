//! Reads logs line by line, so that memory use does not depend on their size.

use std::collections::{BTreeMap, HashSet};
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use anyhow::Context;

use super::files::{Origin, open, shown};
use super::progress::{Counted, Progress};
use super::user_error::UserError;
use crate::load::{LogFormat, hide_secrets, read_har, shape};
use crate::model::{Catalog, EndpointId, Indexed, Mask, Request};
use crate::render::recommendation::Traffic;
use crate::source::limits::{
    DEEPEST, LONGEST_ARCHIVE_TEXT, LONGEST_LOG_LINE, LONGEST_SKIPPED_LINE, MIB,
};

/// Distinct shapes of requests that match nothing, beyond which new ones are only counted.
const MOST_SHAPES: usize = 1000;
/// As many of them are shown, the most frequent first.
const MOST_SHOWN: usize = 20;
/// How much of a log is looked at to tell how it is written.
const BEGINNING: u64 = 64 * 1024;
/// A longer shape of a request is counted, and not kept.
const LONGEST_SHAPE: usize = 1000;

/// The requests of logs, as endpoints of a catalog, each once, in the order of the catalog.
#[derive(Debug, Default)]
pub(super) struct Observed {
    pub(super) endpoints: Vec<EndpointId>,
    /// Those of them that some request got although nothing decided on a mode.
    pub(super) open_modes: HashSet<EndpointId>,
    pub(super) traffic: Traffic,
}

struct Counter<'a> {
    catalog: &'a Catalog,
    /// How keys of the provider begin.
    prefixes: Vec<String>,
    seen: Indexed<EndpointId, bool>,
    open_modes: HashSet<EndpointId>,
    unmatched: BTreeMap<String, u64>,
    traffic: Traffic,
}

/// Reads logs. Fails where one cannot be read, or holds no request in any known form.
pub(super) fn observe(paths: &[std::path::PathBuf], catalog: &Catalog) -> anyhow::Result<Observed> {
    let mut counter = Counter {
        catalog,
        prefixes: catalog.prefixes(),
        seen: vec![false; catalog.endpoints.len()].into(),
        open_modes: HashSet::new(),
        unmatched: BTreeMap::new(),
        traffic: Traffic::default(),
    };
    for path in paths {
        let before = counter.requests();
        counter.read(path)?;
        if counter.requests() == before {
            return Err(no_request(&shown(path)).into());
        }
    }
    let mut unmatched: Vec<(String, u64)> = counter.unmatched.into_iter().collect();
    unmatched.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    unmatched.truncate(MOST_SHOWN);
    let mut traffic = counter.traffic;
    traffic.unmatched = unmatched;
    let seen = counter.seen.entries().filter(|(_, seen)| **seen);
    Ok(Observed {
        endpoints: seen.map(|(index, _)| index).collect(),
        open_modes: counter.open_modes,
        traffic,
    })
}

fn no_request(name: &str) -> UserError {
    UserError::new(format!("`{name}` contains no readable requests"))
        .help("supported are Common and Combined Log Format, JSON lines, HTTP archives, and `METHOD path` lines")
}

impl Counter<'_> {
    /// How many requests were read so far.
    fn requests(&self) -> u64 {
        self.traffic.matched + self.traffic.unmatched_total
    }

    fn read(&mut self, path: &Path) -> anyhow::Result<()> {
        let name = shown(path);
        let open = || -> anyhow::Result<(Box<dyn Read>, Option<u64>)> {
            if path == Path::new("-") {
                return Ok((Box::new(std::io::stdin()), None));
            }
            if path.is_dir() {
                return Err(UserError::new(format!("`{name}` is a folder, not a log")).into());
            }
            let (file, metadata) = open(path, Origin::Named)?;
            let size = metadata.is_file().then_some(metadata.len());
            Ok((Box::new(file), size))
        };
        // The beginning that was used to detect the format is read again from memory, because a pipe cannot be rewound.
        let (rest, size) = open()?;
        let progress = Progress::of_bytes(size);
        let mut rest = Counted {
            inner: rest,
            progress: &progress,
        };
        let mut beginning = Vec::new();
        rest.by_ref()
            .take(BEGINNING)
            .read_to_end(&mut beginning)
            .with_context(|| format!("cannot read `{name}`"))?;
        let text = String::from_utf8_lossy(&beginning).into_owned();
        let Some(format) = LogFormat::detect(&text) else {
            let help = "supported are Common and Combined Log Format, JSON lines, HTTP archives, and `METHOD path` lines";
            return Err(
                UserError::new(format!("`{name}` contains no readable requests"))
                    .help(help)
                    .into(),
            );
        };
        self.traffic.files.push((name.clone(), format.name()));
        let whole = BufReader::with_capacity(1 << 16, std::io::Cursor::new(beginning).chain(rest));
        match format {
            LogFormat::Har => {
                let mut deserializer =
                    serde_json::Deserializer::from_reader(BufReader::new(Archive::new(whole)));
                read_har(&mut deserializer, &mut |request| self.count(request)).map_err(
                    |error| UserError::new(format!("`{name}` is not an HTTP archive: {error}")),
                )?;
                Ok(())
            }
            _ => self.lines(format, whole, &name),
        }
    }

    /// The host of a URL, where it is none of the catalog's.
    fn foreign_host<'b>(&self, target: &'b str) -> &'b str {
        // User information in the URL is not part of the host.
        let is_foreign = self
            .catalog
            .environments_of(target)
            .is_some_and(Mask::is_empty);
        let host = target.split_once("://").map_or("", |(_, rest)| rest);
        let end = host.find(['/', '?', '#']).unwrap_or(host.len());
        let host = &host[..end];
        let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
        if is_foreign { host } else { "" }
    }

    fn lines(
        &mut self,
        format: LogFormat,
        mut whole: impl BufRead,
        name: &str,
    ) -> anyhow::Result<()> {
        let cannot_read = || format!("cannot read `{name}`");
        let mut line = Vec::new();
        loop {
            line.clear();
            let mut part = whole.by_ref().take(LONGEST_LOG_LINE + 1);
            if part
                .read_until(b'\n', &mut line)
                .with_context(cannot_read)?
                == 0
            {
                return Ok(());
            }
            if line.len() as u64 > LONGEST_LOG_LINE && !line.ends_with(b"\n") {
                if !skip_line(&mut whole).with_context(cannot_read)? {
                    let most = LONGEST_SKIPPED_LINE / MIB;
                    let message = format!(
                        "`{name}` is not a log: one of its lines is longer than {most} MiB"
                    );
                    return Err(UserError::new(message).into());
                }
                self.traffic.skipped += 1;
                self.traffic.too_long += 1;
                continue;
            }
            let text = String::from_utf8_lossy(&line);
            if !text.trim().is_empty() {
                self.count(format.request(text.trim()));
            }
        }
    }

    fn count(&mut self, request: Option<Request>) {
        let Some(mut request) = request else {
            self.traffic.skipped += 1;
            return;
        };
        let mut found = self.catalog.find(&request);
        // A HEAD request is treated as a GET if it has no endpoint of its own.
        if found.is_err() && request.method == "HEAD" {
            "GET".clone_into(&mut request.method);
            found = self.catalog.find(&request);
        }
        if let Ok(found) = found {
            self.seen[found.gets] = true;
            if found.takes_default() {
                self.open_modes.insert(found.gets);
            }
            self.traffic.matched += 1;
            return;
        }
        self.traffic.unmatched_total += 1;
        let target = hide_secrets(&request.target, &self.prefixes);
        let host = self.foreign_host(&target);
        let method = hide_secrets(&request.method, &self.prefixes);
        let shape = format!("{method} {host}{}", shape(&target));
        let is_kept = shape.len() <= LONGEST_SHAPE && self.unmatched.len() < MOST_SHAPES;
        if is_kept || self.unmatched.contains_key(&shape) {
            *self.unmatched.entry(shape).or_default() += 1;
        } else {
            *self
                .unmatched
                .entry("other requests".to_owned())
                .or_default() += 1;
        }
    }
}

/// Goes to the end of a line without keeping it; whether it has an end within what a log may have.
fn skip_line(whole: &mut impl BufRead) -> std::io::Result<bool> {
    let mut piece = Vec::new();
    let mut skipped = 0;
    while skipped <= LONGEST_SKIPPED_LINE {
        piece.clear();
        let read = whole
            .by_ref()
            .take(BEGINNING)
            .read_until(b'\n', &mut piece)?;
        if read == 0 || piece.ends_with(b"\n") {
            return Ok(true);
        }
        skipped += read as u64;
    }
    Ok(false)
}

/// An HTTP archive as it is read, which fails where a text of it is too long or its nesting too deep to be kept in memory.
struct Archive<R> {
    inner: R,
    /// How much there is of the text that is being read; `None` outside of one.
    text: Option<u64>,
    is_escaped: bool,
    depth: usize,
}

impl<R> Archive<R> {
    fn new(inner: R) -> Self {
        Self {
            inner,
            text: None,
            is_escaped: false,
            depth: 0,
        }
    }
}

impl<R: Read> Read for Archive<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let read = self.inner.read(buffer)?;
        for byte in &buffer[..read] {
            match (&mut self.text, *byte) {
                (Some(_), _) if self.is_escaped => self.is_escaped = false,
                (Some(_), b'\\') => self.is_escaped = true,
                (Some(_), b'"') => self.text = None,
                (None, b'"') => self.text = Some(0),
                (None, b'[' | b'{') => self.depth += 1,
                (None, b']' | b'}') => self.depth = self.depth.saturating_sub(1),
                _ => {}
            }
            if let Some(length) = &mut self.text {
                *length += 1;
            }
            if self.text > Some(LONGEST_ARCHIVE_TEXT) {
                let most = LONGEST_ARCHIVE_TEXT / MIB;
                let message = format!("a string in it is longer than {most} MiB");
                return Err(std::io::Error::other(message));
            }
            if self.depth > DEEPEST {
                let message = format!("it is nested deeper than {DEEPEST} levels");
                return Err(std::io::Error::other(message));
            }
        }
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::Archive;
    use crate::source::limits::{DEEPEST, LONGEST_ARCHIVE_TEXT};

    fn length(text: impl Read) -> std::io::Result<u64> {
        std::io::copy(&mut Archive::new(text), &mut std::io::sink())
    }

    #[test]
    fn an_archive_has_bounded_texts_and_depth() {
        let text = |bytes: u64| {
            let long = std::io::repeat(b'x').take(bytes);
            (&br#"{"a\\\"b":""#[..])
                .chain(long)
                .chain(&br#"","c":"d"}"#[..])
        };
        assert!(length(text(LONGEST_ARCHIVE_TEXT - 1)).is_ok());
        assert!(length(text(LONGEST_ARCHIVE_TEXT + 1)).is_err());
        let deep = |levels: usize| format!("{}\"[[[{{\"", "[".repeat(levels));
        assert!(length(deep(DEEPEST).as_bytes()).is_ok());
        assert!(length(deep(DEEPEST + 1).as_bytes()).is_err());
        // Closed brackets do not add to the depth.
        assert!(length("[]".repeat(1000).as_bytes()).is_ok());
    }
}
