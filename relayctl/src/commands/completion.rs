//! `relayctl completion`

use crate::complete::Shell;
use crate::error::Failure;
use crate::session::Session;

/// Print what makes a shell complete relayctl, names of objects included
///
/// Source it again after an upgrade. In the profile of PowerShell: relayctl completion powershell |
/// Out-String | Invoke-Expression
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  echo 'source <(relayctl completion bash)' >> ~/.bashrc
  echo 'source <(relayctl completion zsh)' >> ~/.zshrc
  relayctl completion fish > ~/.config/fish/completions/relayctl.fish")]
pub(crate) struct Args {
    /// The shell
    #[arg(value_enum, value_name = "SHELL")]
    shell: Shell,
}

impl Args {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        let (hook, install) = (self.shell.hook(), self.shell.install());
        // Zsh looks at the first line of a file in its path.
        let (head, rest) = hook.split_once('\n').unwrap_or((hook, ""));
        session
            .out
            .block(&format!("{head}\n# Install: {install}\n{rest}"))
    }
}
