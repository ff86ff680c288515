//! Logs: read line by line, so that the size of one costs no memory.

use std::collections::{BTreeMap, HashSet};
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use anyhow::Context;

use super::files::shown;
use super::refusal::Refusal;
use crate::load::{LogFormat, read_har, shape};
use crate::model::{Catalog, Mask, Request};
use crate::render::Traffic;

/// Distinct shapes of requests that match nothing, beyond which new ones are only counted.
const MOST_SHAPES: usize = 1000;
/// As many of them are shown, the most frequent first.
const MOST_SHOWN: usize = 20;
/// How much of a log is looked at to tell how it is written.
const BEGINNING: u64 = 64 * 1024;

/// The requests of logs, as endpoints of a catalog, each once, in the order of the catalog.
#[derive(Debug, Default)]
pub(super) struct Observed {
    pub(super) endpoints: Vec<usize>,
    /// Those of them that some request got although nothing decided on a mode.
    pub(super) open_modes: HashSet<usize>,
    pub(super) traffic: Traffic,
}

struct Counter<'a> {
    catalog: &'a Catalog,
    seen: Vec<bool>,
    open_modes: HashSet<usize>,
    unmatched: BTreeMap<String, u64>,
    traffic: Traffic,
}

/// Reads logs. Fails where one cannot be read, or holds no request in any known form.
pub(super) fn observe(paths: &[std::path::PathBuf], catalog: &Catalog) -> anyhow::Result<Observed> {
    let mut counter = Counter {
        catalog,
        seen: vec![false; catalog.endpoints.len()],
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
    let seen = counter.seen.iter().enumerate().filter(|(_, seen)| **seen);
    Ok(Observed {
        endpoints: seen.map(|(index, _)| index).collect(),
        open_modes: counter.open_modes,
        traffic,
    })
}

fn no_request(name: &str) -> Refusal {
    Refusal::new(format!("`{name}` holds no request that can be read"))
        .help("known are Common and Combined Log Format, JSON lines, HTTP archives, and `METHOD path` lines")
}

impl Counter<'_> {
    /// How many requests were read so far.
    fn requests(&self) -> u64 {
        self.traffic.matched + self.traffic.unmatched_total
    }

    fn read(&mut self, path: &Path) -> anyhow::Result<()> {
        let name = shown(path);
        let open = || -> anyhow::Result<Box<dyn Read>> {
            if path == Path::new("-") {
                return Ok(Box::new(std::io::stdin()));
            }
            if path.is_dir() {
                return Err(Refusal::new(format!("`{name}` is a folder, not a log")).into());
            }
            Ok(Box::new(File::open(path).map_err(|error| {
                Refusal::new(format!("cannot read `{name}`: {error}"))
            })?))
        };
        // What was looked at to tell the form is read again from memory: a pipe has no beginning to go back to.
        let mut rest = open()?;
        let mut beginning = Vec::new();
        rest.by_ref()
            .take(BEGINNING)
            .read_to_end(&mut beginning)
            .with_context(|| format!("cannot read `{name}`"))?;
        let text = String::from_utf8_lossy(&beginning).into_owned();
        let Some(format) = LogFormat::detect(&text) else {
            let help = "known are Common and Combined Log Format, JSON lines, HTTP archives, and `METHOD path` lines";
            return Err(
                Refusal::new(format!("`{name}` holds no request that can be read"))
                    .help(help)
                    .into(),
            );
        };
        self.traffic.files.push((name.clone(), format.name()));
        let whole = BufReader::with_capacity(1 << 16, std::io::Cursor::new(beginning).chain(rest));
        match format {
            LogFormat::Har => {
                let mut deserializer = serde_json::Deserializer::from_reader(whole);
                read_har(&mut deserializer, &mut |request| self.count(request)).map_err(
                    |error| Refusal::new(format!("`{name}` is no HTTP archive: {error}")),
                )?;
                Ok(())
            }
            _ => self
                .lines(format, whole)
                .with_context(|| format!("cannot read `{name}`")),
        }
    }

    /// The host of a URL, where it is none of the catalog's.
    fn foreign_host<'b>(&self, target: &'b str) -> &'b str {
        let is_foreign = self
            .catalog
            .environments_of(target)
            .is_some_and(Mask::is_empty);
        let host = target.split_once("://").map_or("", |(_, rest)| rest);
        let end = host.find(['/', '?', '#']).unwrap_or(host.len());
        if is_foreign { &host[..end] } else { "" }
    }

    fn lines(&mut self, format: LogFormat, mut whole: impl BufRead) -> std::io::Result<()> {
        let mut line = Vec::new();
        loop {
            line.clear();
            if whole.read_until(b'\n', &mut line)? == 0 {
                return Ok(());
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
        // A HEAD is answered where a GET is.
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
        let host = self.foreign_host(&request.target);
        let shape = format!("{:<7} {host}{}", request.method, shape(&request.target));
        if self.unmatched.len() < MOST_SHAPES || self.unmatched.contains_key(&shape) {
            *self.unmatched.entry(shape).or_default() += 1;
        } else {
            *self
                .unmatched
                .entry("other    requests of other shapes".to_owned())
                .or_default() += 1;
        }
    }
}
