//! relayctl, the command line of relayd.

use std::process::ExitCode;

fn main() -> ExitCode {
    relayctl::main()
}
