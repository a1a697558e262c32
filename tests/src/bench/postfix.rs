//! Postfix from Debian's packages, in a folder of its own, on loopback ports of its own.
//!
//! STARTTLS and SASL PLAIN on both sides, the sender bound to its login, everything else as
//! Debian ships it: durable queue, its default concurrency, a TLS session for each delivery.

use std::{
    fs,
    net::{Ipv4Addr, SocketAddr, TcpListener},
    path::Path,
};

use anyhow::Result;

use super::{Relay, SENDER, UPSTREAM_CONNECTIONS, Upstream, process::Tree};
use crate::{
    postfix::{self, Instance},
    tls::Authority,
};

const HOST: &str = "relay.bench.example";
const USER: &str = "scanner";
const PASSWORD: &str = "Gf3eYW-nWHF8L-iPX434-CbrGut";

/// A running Postfix that takes mail. Dropping it stops it.
pub struct Postfix {
    _instance: Instance,
    /// How to reach it.
    pub relay: Relay,
}

impl Postfix {
    /// Starts Postfix in `folder`, handing all mail over to `upstream`. Needs root.
    pub fn start(folder: &Path, upstream: &Upstream) -> Result<Self> {
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?
            .local_addr()?
            .port();
        let server = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        postfix::write_password(folder, (USER, HOST), PASSWORD, "PLAIN LOGIN")?;
        write_certificate(folder)?;
        let door = format!("{server} inet n - n - - smtpd\n");
        let instance = Instance::start(folder, &main_cf(folder, upstream), &door)?;
        instance.wait_for(server)?;
        Ok(Self {
            relay: Relay {
                name: "postfix",
                server,
                credentials: (format!("{USER}@{HOST}"), PASSWORD.to_owned()),
                tree: Tree::of(instance.master()?),
            },
            _instance: instance,
        })
    }
}

fn write_certificate(folder: &Path) -> Result<()> {
    let certificate = Authority::new("postfix bench authority")?.issue(&["localhost", HOST])?;
    let pem = certificate.key_pem + &certificate.certificate_pem;
    fs::write(folder.join("etc/chain.pem"), pem)?;
    Ok(())
}

fn main_cf(folder: &Path, upstream: &Upstream) -> String {
    let folder = folder.display();
    let port = upstream.address.port();
    let ca_file = upstream.ca_file.display();
    format!(
        "myhostname = {HOST}
mydestination =
local_recipient_maps =
alias_maps =
mynetworks =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
message_size_limit = 52428800
mailbox_size_limit = 0

smtpd_tls_security_level = encrypt
smtpd_tls_chain_files = {folder}/etc/chain.pem
smtpd_tls_auth_only = yes
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = cyrus
smtpd_sasl_path = smtpd
cyrus_sasl_config_path = {folder}/etc/sasl
smtpd_sender_login_maps = inline:{{ {SENDER}={USER}@{HOST} }}
smtpd_sender_restrictions = reject_sender_login_mismatch
smtpd_relay_restrictions = permit_sasl_authenticated, reject
smtpd_client_connection_count_limit = 0

relayhost = [localhost]:{port}
smtp_host_lookup = native
smtp_dns_support_level = disabled
default_destination_concurrency_limit = {UPSTREAM_CONNECTIONS}
smtp_tls_security_level = verify
smtp_tls_CAfile = {ca_file}
smtp_sasl_auth_enable = yes
smtp_sasl_security_options =
smtp_sasl_password_maps = inline:{{ {{ [localhost]:{port} = relay@bench.example:secret }} }}
"
    )
}
