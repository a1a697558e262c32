//! The clouds that Microsoft runs: each preset leads to the hosts that Microsoft documents.

use std::{fs, path::Path};

use relay_tests::{
    harness::{eventually, finding_here},
    sim::{
        entra::{self, Application},
        graph::{self, Graph},
    },
};
use relayd::model::Cloud;

use crate::world::{PATIENCE, World};

const CLIENT_ID: &str = "4b1d7c20-0000-4000-8000-000000000000";
const MAILBOX: &str = "relay@acme.example";

/// Cloud, authority, SMTP host, what an application asks for to submit, Graph. As Microsoft and
/// those who connect to the national clouds document them.
const CLOUDS: &[(&str, &str, &str, &str, &str)] = &[
    (
        "world",
        "login.microsoftonline.com",
        "smtp.office365.com",
        "outlook.office365.com",
        "graph.microsoft.com",
    ),
    (
        "gcc",
        "login.microsoftonline.com",
        "smtp.office365.com",
        "outlook.office365.com",
        "graph.microsoft.com",
    ),
    (
        "gcc-high",
        "login.microsoftonline.us",
        "smtp.office365.us",
        "outlook.office365.us",
        "graph.microsoft.us",
    ),
    (
        "dod",
        "login.microsoftonline.us",
        "outlook-dod.office365.us",
        "outlook.office365.us",
        "dod-graph.microsoft.us",
    ),
    (
        "21vianet",
        "login.partner.microsoftonline.cn",
        "smtp.partner.outlook.cn",
        "partner.outlook.cn",
        "microsoftgraph.chinacloudapi.cn",
    ),
];

#[test]
fn each_cloud_has_the_hosts_that_microsoft_documents() {
    assert_eq!(Cloud::ALL.len(), CLOUDS.len());
    for (name, authority, submission, resource, graph) in CLOUDS {
        let cloud: Cloud = name.parse().unwrap();
        assert_eq!(cloud.authority(), format!("https://{authority}"), "{name}");
        assert_eq!(cloud.submission_host(), *submission, "{name}");
        assert_eq!(cloud.outlook_resource(), format!("https://{resource}"));
        assert_eq!(cloud.graph_host(), *graph, "{name}");
    }
}

/// All hosts of the clouds stand on this machine for one relayd, which looks them up by name and
/// finds their names in the certificates: where a preset leads elsewhere, nothing arrives.
#[tokio::test(flavor = "multi_thread")]
async fn mail_goes_to_the_hosts_of_each_cloud_by_their_names() {
    let folder = tempfile::tempdir().unwrap();
    let world = in_a_world_of_its_own(folder.path()).await;
    let entra = world.simulator.entra().unwrap().clone();
    let settings = graph::Settings {
        bearer: std::sync::Arc::new({
            let entra = entra.clone();
            move |token: &str| entra.permissions(token, "graph")
        }),
        names: hosts(),
        ..graph::Settings::in_folder(folder.path().join("graph"))
    };
    let graph = Graph::start(settings, world.simulator.authority());
    let graph = graph.await.unwrap();
    let (mut by_smtp, mut by_graph) = (0, 0);
    for (cloud, authority, ..) in CLOUDS {
        for (kind, port) in [
            ("smtp-oauth", world.simulator.address().port()),
            ("graph", graph.address().port()),
        ] {
            let token_port = entra.authority().rsplit(':').next().unwrap().to_owned();
            let set = format!(
                "route set --kind {kind} --cloud {cloud} --port {port} --mailbox {MAILBOX} \
                 --authority https://{authority}:{token_port} --tenant acme.example \
                 --client-id {CLIENT_ID} --client-secret-file {} --server-ca {} --yes",
                folder.path().join("client.secret").display(),
                world.simulator.ca_file().display(),
            );
            world.ctl.ok(&set).unwrap();
            world.submit(&format!("{cloud}-{kind}")).await;
            if kind == "graph" {
                by_graph += 1;
                let arrived = || Ok((graph.mails().len() == by_graph).then_some(()));
                eventually("mail at Graph", arrived).unwrap();
            } else {
                by_smtp += 1;
                world.simulator.wait_for(by_smtp, PATIENCE).await.unwrap();
            }
        }
    }
}

/// Every host of the table.
fn hosts() -> Vec<String> {
    let all = CLOUDS.iter().flat_map(|it| [it.1, it.2, it.4]);
    all.map(str::to_owned).collect()
}

/// A relayd that finds all hosts of the clouds on this machine, and nobody else does.
async fn in_a_world_of_its_own(folder: &Path) -> World {
    fs::write(folder.join("client.secret"), "the-value").unwrap();
    let wrapper = finding_here(&hosts(), folder).unwrap();
    let application = Application {
        tenant: "acme.example".to_owned(),
        client_id: CLIENT_ID.to_owned(),
        secrets: vec!["the-value".to_owned()],
        roles: vec!["SMTP.SendAsApp".to_owned(), "Mail.Send".to_owned()],
        mailboxes: vec![MAILBOX.to_owned()],
        ..Application::default()
    };
    World::builder()
        .under(&wrapper.iter().map(String::as_str).collect::<Vec<_>>())
        .sim(|settings| {
            settings.names = hosts();
            settings.entra = Some(entra::Settings {
                names: hosts(),
                ..entra::Settings::of(vec![application])
            });
        })
        .build()
        .await
}
