//! Defers signals until what is begun is left in order: an interruption while a file is written would leave a temporary
//! file behind, and one in a list at a terminal would leave its cursor hidden.

/// Does something during which a signal to end does not end the program; one that came meanwhile ends it afterwards.
#[cfg(not(unix))]
pub(in crate::cli) fn deferred<T>(section: impl FnOnce() -> T) -> T {
    section()
}

#[cfg(unix)]
pub(in crate::cli) use unix::deferred;

#[cfg(unix)]
mod unix {
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::sync::{Arc, Mutex, OnceLock, PoisonError};

    use signal_hook::consts::{SIGHUP, SIGINT, SIGQUIT, SIGTERM};
    use signal_hook::flag;
    use signal_hook::low_level::emulate_default_handler;

    /// The signals by which people and other programs end this one.
    const ENDING: [i32; 4] = [SIGHUP, SIGINT, SIGQUIT, SIGTERM];

    /// The handlers of the signals, which stay for as long as the program runs.
    struct Handlers {
        /// Whether a signal does what it usually does.
        act_at_once: Arc<AtomicBool>,
        /// Each signal, and whether it came.
        came: Vec<(i32, Arc<AtomicBool>)>,
    }

    impl Handlers {
        fn new() -> Self {
            let act_at_once = Arc::new(AtomicBool::new(true));
            let ignored = ignored();
            let mut came = Vec::new();
            for signal in ENDING {
                // Signals that were ignored at start, as with `nohup`, stay ignored.
                if ignored & (1 << (signal - 1)) != 0 {
                    continue;
                }
                let here = Arc::new(AtomicBool::new(false));
                let acts = flag::register_conditional_default(signal, Arc::clone(&act_at_once));
                if acts.is_ok() && flag::register(signal, Arc::clone(&here)).is_ok() {
                    came.push((signal, here));
                }
            }
            Self { act_at_once, came }
        }
    }

    /// The signals that the program was started to ignore, a bit for each; none where the system does not say.
    fn ignored() -> u64 {
        let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
        let mut lines = status.lines();
        let mask = lines.find_map(|line| line.strip_prefix("SigIgn:"));
        mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok())
            .unwrap_or(0)
    }

    /// Does something during which a signal to end does not end the program; one that came meanwhile ends it afterwards.
    pub(in crate::cli) fn deferred<T>(section: impl FnOnce() -> T) -> T {
        static HANDLERS: OnceLock<Handlers> = OnceLock::new();
        static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
        let _one = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
        let handlers = HANDLERS.get_or_init(Handlers::new);
        handlers.act_at_once.store(false, Ordering::SeqCst);
        let result = section();
        handlers.act_at_once.store(true, Ordering::SeqCst);
        for (signal, came) in &handlers.came {
            if came.load(Ordering::SeqCst) {
                // Does not return.
                let _ = emulate_default_handler(*signal);
            }
        }
        result
    }
}
