#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| relayd::fuzzing::upstream_dots(data));
