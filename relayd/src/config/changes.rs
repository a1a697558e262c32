//! What differs between two configurations, in the words of the file.

use super::Config;

impl Config {
    /// The keys and sections of the file in which `other` differs.
    pub fn differences(&self, other: &Self) -> Vec<&'static str> {
        let parts = [
            ("hostname", self.hostname == other.hostname),
            ("state_dir", self.state_dir == other.state_dir),
            (
                "[store]",
                self.store_url == other.store_url && self.key_file == other.key_file,
            ),
            ("[[listener]]", self.listeners == other.listeners),
            ("[api]", self.api == other.api),
            ("[queue]", self.queue == other.queue),
            ("[limits]", self.limits == other.limits),
            (
                "[accounts]",
                self.registration == other.registration && self.domain_proof == other.domain_proof,
            ),
            ("[dns]", self.dns == other.dns),
            ("[notifications]", self.notifications == other.notifications),
            (
                "[webhooks]",
                self.webhook_networks == other.webhook_networks,
            ),
            ("[log]", self.log == other.log),
        ];
        let changed = parts.into_iter().filter(|(_, is_same)| !is_same);
        changed.map(|(part, _)| part).collect()
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn what_changed_is_named_as_in_the_file() {
        let parse = |text| Config::parse(text, "relayd.toml", Path::new("/etc/relayd")).unwrap();
        let plain = parse("hostname = \"relay.example.com\"");
        for (text, changed) in [
            ("hostname = \"relay.example.com\"", &[][..]),
            ("hostname = \"mail.example.com\"", &["hostname"]),
            (
                "hostname = \"relay.example.com\"\n[log]\nlevel = \"debug\"\n[queue]\nlifetime = \"1d\"",
                &["[queue]", "[log]"],
            ),
            (
                "hostname = \"relay.example.com\"\n[accounts]\ndomain_proof = \"waived\"\n\
                 [dns]\nservers = [\"192.0.2.53\"]",
                &["[accounts]", "[dns]"],
            ),
            (
                "hostname = \"relay.example.com\"\n[[listener]]\nname = \"a\"\n\
                 address = \"127.0.0.1:0\"\ntls = \"starttls\"",
                &["[[listener]]"],
            ),
        ] {
            assert_eq!(plain.differences(&parse(text)), changed, "{text}");
        }
    }
}
