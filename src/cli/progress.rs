//! How far a long piece of work has come: a bar on standard error, after half a second, where somebody watches.

use std::io::{IsTerminal, Read};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Work that is done sooner shows nothing.
const PATIENCE: Duration = Duration::from_millis(500);

/// How far some work has come. Gone when it is dropped.
pub(super) struct Progress {
    /// `None` where nobody watches.
    watched: Option<Watched>,
    done: AtomicU64,
}

struct Watched {
    since: Instant,
    /// How much there is to do; `None` if that is not known.
    all: Option<u64>,
    /// How it is shown, in the words of indicatif.
    template: &'static str,
    bar: OnceLock<ProgressBar>,
}

impl Progress {
    /// Of a number of files.
    pub(super) fn of_files(all: usize) -> Self {
        Self::new(Some(all as u64), "{wide_bar} {pos} of {len} files")
    }

    /// Of the bytes of a file, where its size is known.
    pub(super) fn of_bytes(all: Option<u64>) -> Self {
        let template = match all {
            Some(_) => "{wide_bar} {binary_bytes} of {binary_total_bytes}",
            None => "{spinner} {binary_bytes}",
        };
        Self::new(all, template)
    }

    fn new(all: Option<u64>, template: &'static str) -> Self {
        // A bar in the middle of an answer that is piped on would be in its reader's way.
        let is_watched = std::io::stderr().is_terminal() && std::io::stdout().is_terminal();
        Self {
            watched: is_watched.then(|| Watched {
                since: Instant::now(),
                all,
                template,
                bar: OnceLock::new(),
            }),
            done: AtomicU64::new(0),
        }
    }

    /// Says that more is done.
    pub(super) fn advance(&self, by: u64) {
        let done = self.done.fetch_add(by, Ordering::Relaxed) + by;
        let Some(watched) = &self.watched else { return };
        if watched.since.elapsed() > PATIENCE {
            watched
                .bar
                .get_or_init(|| watched.begin())
                .set_position(done);
        }
    }
}

impl Watched {
    fn begin(&self) -> ProgressBar {
        let bar = ProgressBar::with_draw_target(self.all, ProgressDrawTarget::stderr());
        match ProgressStyle::with_template(self.template) {
            Ok(style) => bar.with_style(style.progress_chars("=> ")),
            Err(_) => bar,
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some(bar) = self.watched.as_ref().and_then(|watched| watched.bar.get()) {
            bar.finish_and_clear();
        }
    }
}

/// A stream that says how much of it was read.
pub(super) struct Counted<'a, R> {
    pub(super) inner: R,
    pub(super) progress: &'a Progress,
}

impl<R: Read> Read for Counted<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.progress.advance(read as u64);
        Ok(read)
    }
}
