#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| http_upgrade_fuzz::targets::differential::run(data));
