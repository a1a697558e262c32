//! The pages that are about no single command; `help TOPIC` and the man pages of section 7.

/// A page.
#[derive(Debug)]
pub(crate) struct Topic {
    pub(crate) name: &'static str,
    pub(crate) title: &'static str,
    pub(crate) text: &'static str,
}

/// All pages.
pub(crate) static TOPICS: [Topic; 3] = [
    Topic {
        name: "exit-codes",
        title: "exit codes of relayctl",
        text: include_str!("topics/exit-codes.txt"),
    },
    Topic {
        name: "environment",
        title: "environment variables and files of relayctl",
        text: include_str!("topics/environment.txt"),
    },
    Topic {
        name: "scripting",
        title: "relayctl in scripts",
        text: include_str!("topics/scripting.txt"),
    },
];

/// The page of this name.
pub(crate) fn find(name: &str) -> Option<&'static Topic> {
    TOPICS.iter().find(|topic| topic.name == name)
}

/// Codes of failures that relayctl finds itself: code, meaning, remedy. Those of relayd are in
/// the table of relay-proto.
pub(crate) const OWN_CODES: &[(&str, &str, &str)] = &[
    (
        "usage",
        "The command was not called as it must be",
        "relayctl help COMMAND",
    ),
    (
        "needs-terminal",
        "A dialogue needs a terminal",
        "the commands that it names do the same",
    ),
    (
        "missing-values",
        "Values are missing, and no question may be asked",
        "give every flag that is named",
    ),
    (
        "confirmation-missing",
        "What affects live mail or cannot be undone was not confirmed",
        "--yes, or --confirm NAME|COUNT",
    ),
    (
        "confirmation-wrong",
        "The confirmation does not name what is at stake",
        "--confirm with the name or count that is asked for",
    ),
    (
        "unreachable",
        "relayd does not answer at its socket or address",
        "check that it runs; name another by --socket or --url",
    ),
    (
        "certificate-refused",
        "The certificate of relayd cannot be trusted",
        "the cause says why; --ca-file names an authority to trust",
    ),
    (
        "no-answer",
        "relayd did not answer in time",
        "repeat the command, or allow more by --timeout",
    ),
    (
        "socket-forbidden",
        "The socket of relayd may not be opened by this user",
        "use sudo, or join the group that owns it",
    ),
    (
        "token-file-open",
        "The file of the token may be read by others",
        "chmod 600 it, and revoke the token if in doubt",
    ),
    (
        "unknown-answer",
        "The answer of relayd is not understood",
        "compare the versions: relayctl version",
    ),
    (
        "bad-config",
        "The configuration file is not valid",
        "correct it at the place that is named, or name another by RELAYCTL_CONFIG",
    ),
    (
        "no-topic",
        "There is no such command, topic or code",
        "relayctl --help, or relayctl help error",
    ),
    (
        "no-context",
        "There is no context of this name",
        "relayctl context list",
    ),
    (
        "no-account",
        "There is no account yet",
        "relayctl account create",
    ),
    (
        "no-plan",
        "There is no plan to choose yet",
        "relayctl plan create NAME, by the operator",
    ),
    (
        "no-user",
        "The account has no relay user yet",
        "relayctl user create NAME --sender ADDRESS --generate",
    ),
    (
        "still-waiting",
        "What was waited for did not happen in the time that --timeout gives",
        "wait again, or longer",
    ),
    (
        "never-reached",
        "What was waited for will not happen any more",
        "the cause says how it stands instead",
    ),
    (
        "not-in-queue",
        "None of the messages is in the queue in a fitting state",
        "relayctl queue list",
    ),
    (
        "too-many-messages",
        "The selection holds more messages than --max allows",
        "narrow the selection, or allow more by --max",
    ),
    (
        "partly-done",
        "A bulk action skipped some of what it was given",
        "relayctl log trace ID",
    ),
    (
        "password-not-shown",
        "The password was set, but could not be shown",
        "relayctl user rotate-password NAME",
    ),
    (
        "token-not-shown",
        "The token was made, but could not be shown",
        "relayctl token revoke NAME, then create it again",
    ),
    (
        "tls-failed",
        "The connection to a door cannot be encrypted, or its certificate is not trusted",
        "--ca-file names the authority; relayctl doctor tls says what relayd shows",
    ),
    (
        "check-failed",
        "A check found an obstacle",
        "the first failed step names it",
    ),
    (
        "reply-missed",
        "The connection broke before the answer came",
        "look whether it was done before you repeat it",
    ),
    (
        "keyring-closed",
        "A keyring does not keep the token, or does not give it",
        "unlock it, or relayctl auth login --store file",
    ),
    (
        "secret-not-shown",
        "The webhook was made, but its secret could not be shown",
        "relayctl webhook delete NAME, then create it again",
    ),
    (
        "sign-in-pending",
        "Nobody signed in while the code was good",
        "relayctl route authorize",
    ),
    (
        "webhook-failed",
        "The address of the webhook did not take what was sent",
        "relayctl webhook deliveries NAME",
    ),
    (
        "audit-broken",
        "The audit log was changed after it was written",
        "keep the database as it is, and find out who could write to it",
    ),
    (
        "no-page",
        "There is no man page of this name",
        "relayctl --help lists the commands",
    ),
    (
        "fault",
        "relayctl has a fault of its own",
        "report the message that it printed",
    ),
    (
        "local-failure",
        "A file or the terminal of this machine failed",
        "mend what the cause names, and repeat the command",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Exit;

    #[test]
    fn every_exit_code_is_explained() {
        let text = find("exit-codes").unwrap().text;
        for exit in [
            Exit::Done,
            Exit::Unexpected,
            Exit::Usage,
            Exit::NotFound,
            Exit::Forbidden,
            Exit::Conflict,
            Exit::Unavailable,
            Exit::Rejected,
            Exit::Pending,
            Exit::CheckFailed,
            Exit::Partly,
            Exit::HungUp,
            Exit::Interrupted,
            Exit::Quit,
            Exit::Terminated,
        ] {
            assert!(
                text.lines()
                    .any(|line| line.trim_start().starts_with(&format!("{exit} "))),
                "{exit}"
            );
        }
    }

    #[test]
    fn no_code_means_two_things() {
        for (code, _, _) in OWN_CODES {
            let reasons = relay_proto::reasons();
            assert!(!reasons.iter().any(|it| it.code == *code), "{code}");
        }
    }

    #[test]
    fn pages_fit_80_columns() {
        for topic in &TOPICS {
            for line in topic.text.lines() {
                assert!(line.len() <= 80, "{}: {line}", topic.name);
            }
        }
    }
}
