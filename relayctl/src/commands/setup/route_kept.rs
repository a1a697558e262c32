//! What is kept of a route, or of the try before, when its values are asked for anew.

use relay_proto::{Route, RouteGrant, RouteSettings};

/// What is there of a route to be taken by Enter, or kept without a question.
pub(super) fn known(route: &Route) -> RouteSettings {
    let given = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    let oauth = route.oauth.as_ref();
    RouteSettings {
        // A server that was looked up is none to ask for again.
        server: given(&route.server).filter(|_| route.mx_of.is_none()),
        port: Some(route.port),
        mailbox: given(&route.mailbox),
        tenant: oauth.map(|oauth| oauth.tenant.clone()),
        client_id: oauth.map(|oauth| oauth.client_id.clone()),
        grant: oauth.map(|oauth| oauth.grant),
        cloud: oauth.map(|oauth| oauth.cloud),
        authority: oauth.and_then(|oauth| oauth.authority.clone()),
        scope: oauth.and_then(|oauth| oauth.scope.clone()),
        mx_of: route.mx_of.clone(),
        ..RouteSettings::new(route.kind)
    }
}

/// What is not asked for stays as it was, as far as it belongs to the same server, cloud and way to
/// sign in.
pub(super) fn keep_unasked(settings: &mut RouteSettings, last: &RouteSettings) {
    settings.cloud = settings.cloud.or(last.cloud);
    let in_cloud = settings.cloud == last.cloud;
    let is_there = (&settings.server, &settings.mx_of) == (&last.server, &last.mx_of);
    if in_cloud && is_there && settings.ca_pem.is_none() {
        settings.ca_pem.clone_from(&last.ca_pem);
    }
    if in_cloud && settings.authority.is_none() {
        settings.authority.clone_from(&last.authority);
    }
    let by_person = |it: &RouteSettings| it.grant == Some(RouteGrant::DeviceCode);
    if by_person(settings) == by_person(last) && settings.scope.is_none() {
        settings.scope.clone_from(&last.scope);
    }
}

#[cfg(test)]
mod tests {
    use relay_proto::{Cloud, RouteKind};

    use super::*;

    #[test]
    fn what_is_not_asked_for_stays_with_what_it_belongs_to() {
        let last = RouteSettings {
            ca_pem: Some("ca".to_owned()),
            cloud: Some(Cloud::World),
            authority: Some("https://login.example".to_owned()),
            scope: Some("scope".to_owned()),
            ..RouteSettings::new(RouteKind::SmtpOauth)
        };
        let new = || RouteSettings::new(RouteKind::SmtpOauth);
        let all = [true; 3];
        for (settings, kept) in [
            (new(), all),
            (
                RouteSettings {
                    cloud: Some(Cloud::World),
                    ..new()
                },
                all,
            ),
            (
                RouteSettings {
                    cloud: Some(Cloud::China),
                    ..new()
                },
                [false, false, true],
            ),
            (
                RouteSettings {
                    server: Some("localhost".to_owned()),
                    ..new()
                },
                [false, true, true],
            ),
            (
                RouteSettings {
                    grant: Some(RouteGrant::DeviceCode),
                    ..new()
                },
                [true, true, false],
            ),
        ] {
            let mut found = settings.clone();
            keep_unasked(&mut found, &last);
            let found = [
                found.ca_pem == last.ca_pem,
                found.authority == last.authority,
                found.scope == last.scope,
            ];
            assert_eq!(found, kept, "{settings:?}");
        }
        let own = RouteSettings {
            ca_pem: Some("own".to_owned()),
            ..new()
        };
        let mut found = own.clone();
        keep_unasked(&mut found, &last);
        assert_eq!((found.ca_pem, found.cloud), (own.ca_pem, last.cloud));
    }
}
