//! The whole way: relayctl sets the route, a device submits, relayd hands over.

use relay_tests::{
    dns::DnsServer,
    sim::{
        Connector, Settings, Simulator,
        entra::{self, Application},
    },
    tls::Authority,
};

use super::setup::{APPLICATION, MAILBOX};
use crate::world::{PATIENCE, World};

const MX: &str = "acme-example.mail.protection.outlook.com";

#[tokio::test(flavor = "multi_thread")]
async fn mail_goes_out_by_token() {
    let application = Application {
        tenant: "acme.example".to_owned(),
        client_id: APPLICATION.to_owned(),
        secrets: vec!["the-value".to_owned()],
        roles: vec!["SMTP.SendAsApp".to_owned()],
        mailboxes: vec![MAILBOX.to_owned()],
        ..Application::default()
    };
    let world = World::builder()
        .sim(|settings| settings.entra = Some(entra::Settings::of(vec![application])))
        .build()
        .await;
    let secret = world.folder.path().join("client.secret");
    std::fs::write(&secret, "the-value").unwrap();
    let entra = world.simulator.entra().unwrap();
    let set = format!(
        "route set --kind smtp-oauth --server localhost --port {} --mailbox {MAILBOX} \
         --tenant acme.example --client-id {APPLICATION} --client-secret-file {} --authority {} \
         --server-ca {} --yes",
        world.simulator.address().port(),
        secret.display(),
        entra.authority(),
        world.simulator.ca_file().display(),
    );
    world.ctl.ok(&set).unwrap();
    let mut mails = Vec::new();
    for name in ["one", "two", "three"] {
        mails.push(world.submit(name).await);
    }
    let entries = world.arrived(&mails).await;
    assert!(
        entries.iter().all(|entry| entry.mechanism == "XOAUTH2"),
        "{entries:#?}"
    );
    // The probe and all connections share one.
    assert_eq!(entra.asked().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn mail_goes_out_to_the_mx_of_the_tenant_by_certificate() {
    let dns = DnsServer::start().unwrap();
    let address = dns.address();
    let world = World::builder()
        .config(move |config| config.dns(address))
        .build()
        .await;
    let root = Authority::new("public root").unwrap();
    let own = root.issue(&["relay.acme.example"]).unwrap();
    let folder = world.folder.path();
    let (certificate, key) = (folder.join("own.pem"), folder.join("own.key"));
    std::fs::write(
        &certificate,
        format!("{}{}", own.certificate_pem, root.pem()),
    )
    .unwrap();
    std::fs::write(&key, &own.key_pem).unwrap();
    let mut settings = Settings::in_folder(folder.join("connector"));
    settings.names = vec![MX.to_owned()];
    settings.connector = Some(Connector {
        certificate_name: "relay.acme.example".to_owned(),
        authorities: root.pem().to_owned(),
    });
    let tenant = Simulator::start(settings).await.unwrap();
    dns.publish_mx("acme.example", &[(0, MX)]).unwrap();
    dns.publish_address(MX, std::net::Ipv4Addr::LOCALHOST);
    let set = format!(
        "route set --kind connector --mx-of acme.example --port {} --certificate {} --key {} \
         --server-ca {} --yes",
        tenant.address().port(),
        certificate.display(),
        key.display(),
        tenant.ca_file().display(),
    );
    world.ctl.ok(&set).unwrap();
    let mail = world.submit("one").await;
    let entries = tenant.wait_for(1, PATIENCE).await.unwrap();
    assert_eq!(entries[0].content_sha256, mail.sha256);
    assert_eq!(entries[0].mechanism, "CERTIFICATE");
    let delivered = world.logged("delivered");
    // Not the domain that it was looked up by: the host that took it.
    world.traced(delivered["id"].as_str().unwrap(), MX);
}
