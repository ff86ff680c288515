#![no_main]

#[path = "../laws/mod.rs"]
mod laws;

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    laws::fix::holds(data, &|arguments| {
        i32::from(scopes::cli::main(arguments.iter().map(Into::into)))
    });
});
