//! Looks at an open connection more closely than a probe does: the certificate of the server, what
//! it offers, its clock, and whether it takes mail from each sender. Nothing is sent.

use jiff::{Timestamp, fmt::rfc2822};
use tokio::time::{Duration, Instant};
use x509_parser::{certificate::X509Certificate, extensions::GeneralName, prelude::FromDer};

use super::{SmtpConnection, awaited, is_positive};
use crate::{
    model::{Address, FindingLevel, RemoteReply},
    upstream::{
        Setback,
        capabilities::Capabilities,
        classify::{self, Stage},
        examine::Remark,
    },
};

/// How long before its end the certificate of a server is worth a word. Most live for 90 days at
/// least, and are renewed a month before.
const ENDS_SOON: i64 = 7 * 24;
/// Tokens, signatures and dates go wrong by as much.
const SKEW: i64 = 120;

impl SmtpConnection {
    /// What a closer look finds, and whether the server takes mail from these senders.
    pub(in crate::upstream) async fn examine(
        &mut self,
        greeting: &str,
        senders: &[Address],
        now: Timestamp,
    ) -> Vec<Remark> {
        let mut remarks = Vec::new();
        if let Some(certificate) = self.wire.certificate() {
            remarks.push(judge_certificate(&certificate, now));
        }
        remarks.push(offers(&self.capabilities));
        remarks.push(judge_clock(greeting, now));
        for sender in senders {
            let begin = Instant::now();
            let asked = self.ask(sender).await;
            let is_broken = self.broken;
            remarks.push(judge_sender(sender, asked, begin.elapsed()));
            if is_broken {
                break;
            }
        }
        remarks
    }

    /// MAIL FROM, and RSET when it was taken. An error is a refusal, or the end of the connection.
    async fn ask(&mut self, sender: &Address) -> Result<String, Setback> {
        let smtputf8 = match sender.is_international() {
            true if !self.capabilities.smtputf8 => {
                return Ok("not asked: the server does not offer SMTPUTF8".to_owned());
            }
            true => " SMTPUTF8",
            false => "",
        };
        let command = format!("MAIL FROM:<{sender}>{smtputf8}\r\n");
        let reply = self.say(command).await?;
        if !is_positive(&reply) {
            self.broken |= reply.code == 421;
            return Err(classify::judge(Stage::Mail, reply));
        }
        let told = reply.to_string();
        let reset = self.say("RSET\r\n".to_owned()).await?;
        // What follows an open transaction would be judged as part of it.
        self.broken |= !is_positive(&reset);
        Ok(told)
    }

    async fn say(&mut self, command: String) -> Result<RemoteReply, Setback> {
        let deadline = self.settings.command.min(PATIENCE);
        let answered = awaited(Stage::Mail, deadline, self.smtp.command(command)).await;
        self.broken |= answered.is_err();
        answered
    }
}

/// For each reply: a person waits.
const PATIENCE: Duration = Duration::from_secs(20);

fn judge_sender(sender: &Address, asked: Result<String, Setback>, elapsed: Duration) -> Remark {
    let name = format!("MAIL FROM {sender}");
    match asked {
        Ok(reply) => Remark::ok(name, reply).after(elapsed),
        Err(setback) => Remark::failed(name, &setback).after(elapsed),
    }
}

/// What EHLO offers that matters.
fn offers(capabilities: &Capabilities) -> Remark {
    let size = capabilities.size_limit.map(|size| format!("SIZE {size}"));
    let flags = [
        (capabilities.pipelining, "PIPELINING"),
        (capabilities.eight_bit_mime, "8BITMIME"),
        (capabilities.smtputf8, "SMTPUTF8"),
        (capabilities.dsn, "DSN"),
        (capabilities.chunking, "CHUNKING"),
        (capabilities.binary_mime, "BINARYMIME"),
    ];
    let flags = flags.iter().filter(|(is_offered, _)| *is_offered);
    let auth = Some(capabilities.auth_offer.clone()).filter(|offer| !offer.is_empty());
    let words: Vec<_> = size
        .into_iter()
        .chain(auth)
        .chain(flags.map(|(_, keyword)| (*keyword).to_owned()))
        .collect();
    if words.is_empty() {
        return Remark::ok("EHLO", "offers no extension");
    }
    Remark::ok("EHLO", words.join(", "))
}

/// Until when the certificate of the server is good, and for which names.
fn judge_certificate(der: &[u8], now: Timestamp) -> Remark {
    const NAME: &str = "certificate";
    let Ok((_, certificate)) = X509Certificate::from_der(der) else {
        return Remark::warning(NAME, "it cannot be read", "");
    };
    let end = certificate.validity().not_after.timestamp();
    let end = Timestamp::from_second(end).unwrap_or(Timestamp::MAX);
    let names = certificate.subject_alternative_name().ok().flatten();
    let mut names: Vec<_> = names
        .iter()
        .flat_map(|names| &names.value.general_names)
        .filter_map(|name| match name {
            GeneralName::DNSName(name) => Some((*name).to_owned()),
            _ => None,
        })
        .collect();
    let more = names.len().saturating_sub(3);
    names.truncate(3);
    let more = match more {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let hours = end.duration_since(now).as_hours();
    let told = format!(
        "verified, for {}{more}, good until {}",
        names.join(", "),
        end.strftime("%Y-%m-%d")
    );
    if hours < ENDS_SOON {
        let told = format!("{told}: it ends in {} h", hours.max(0));
        let remedy = "whoever runs the server renews it; when it ends, mail waits";
        return Remark::warning(NAME, told, remedy);
    }
    Remark::ok(NAME, told)
}

/// The clock of this machine against that of the server, where its greeting tells the time, as that
/// of Exchange does: `… Microsoft ESMTP MAIL Service ready at Sun, 22 Nov 2026 09:00:00 +0000 […]`.
fn judge_clock(greeting: &str, now: Timestamp) -> Remark {
    const NAME: &str = "clock";
    let Some(theirs) = time_of(greeting) else {
        return Remark::ok(NAME, "not compared: the greeting tells no time");
    };
    let apart = now.duration_since(theirs).as_secs();
    let told = format!(
        "this machine is {} s {} the server",
        apart.abs(),
        side(apart)
    );
    if apart.abs() >= SKEW {
        let remedy = "set the clock of the relayd machine by NTP: timedatectl";
        return Remark::warning(NAME, told, remedy);
    }
    Remark::ok(NAME, told)
}

const fn side(apart: i64) -> &'static str {
    if apart < 0 { "behind" } else { "ahead of" }
}

/// A date of RFC 5322 in the greeting.
fn time_of(greeting: &str) -> Option<Timestamp> {
    let (_, rest) = greeting.split_once(" at ")?;
    let date = rest.split(['[', '(']).next().unwrap_or(rest).trim();
    let zoned = rfc2822::DateTimeParser::new().parse_zoned(date).ok()?;
    Some(zoned.timestamp())
}

impl Remark {
    /// A refusal with its literal reply, and what stands behind it.
    pub(in crate::upstream) fn failed(name: impl Into<String>, setback: &Setback) -> Self {
        let advice = setback.advice.as_deref();
        let cause = advice.map(|advice| format!(": {}", advice.cause));
        Self {
            detail: format!("{setback}{}", cause.unwrap_or_default()),
            remedy: advice.map_or_else(
                || setback.reason.remedy().to_owned(),
                |advice| advice.remedy.clone(),
            ),
            reason: Some(setback.reason),
            level: FindingLevel::Error,
            ..Self::ok(name, "")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_greeting_of_exchange_tells_the_time() {
        let now: Timestamp = "2026-11-22T09:00:10Z".parse().unwrap();
        for (greeting, level, told) in [
            (
                "220 AM9PR10.outlook.office365.com Microsoft ESMTP MAIL Service ready at Sun, 22 \
                 Nov 2026 09:00:00 +0000 [08DE2A5]",
                FindingLevel::Ok,
                "this machine is 10 s ahead of the server",
            ),
            (
                "220 host ESMTP ready at Sun, 22 Nov 2026 10:05:10 +0100",
                FindingLevel::Warning,
                "this machine is 300 s behind the server",
            ),
            (
                "220 mail.example.com ESMTP Postfix",
                FindingLevel::Ok,
                "not compared: the greeting tells no time",
            ),
            (
                "220 host at your service",
                FindingLevel::Ok,
                "not compared: the greeting tells no time",
            ),
        ] {
            let remark = judge_clock(greeting, now);
            assert_eq!((remark.level, remark.detail.as_str()), (level, told));
        }
    }

    #[test]
    fn certificates_that_end_soon_are_told() {
        let key = rcgen::KeyPair::generate().unwrap();
        let mut parameters = rcgen::CertificateParams::new(vec!["smtp.example.com".to_owned()]);
        let parameters = parameters.as_mut().unwrap();
        parameters.not_after = rcgen::date_time_ymd(2027, 1, 10);
        let certificate = parameters.self_signed(&key).unwrap();
        for (now, level) in [
            ("2026-11-22T09:00:00Z", FindingLevel::Ok),
            ("2027-01-05T09:00:00Z", FindingLevel::Warning),
        ] {
            let remark = judge_certificate(certificate.der(), now.parse().unwrap());
            assert_eq!(remark.level, level);
            let told = "verified, for smtp.example.com, good until 2027-01-10";
            assert!(remark.detail.starts_with(told), "{}", remark.detail);
        }
    }
}
