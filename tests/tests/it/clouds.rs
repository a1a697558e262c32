//! The clouds that Microsoft runs: each preset leads to the hosts that Microsoft documents.

use relayd::model::Cloud;

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
