//! The sandbox folder.

use super::*;

fn capture(folder: &std::path::Path) -> Route {
    let mut route = route(0, Security::None);
    route.kind = RouteKind::Capture;
    route.folder = Some(folder.to_owned());
    route
}

#[tokio::test]
async fn a_mail_is_kept_byte_for_byte_with_its_envelope() {
    let temporary = tempfile::tempdir().unwrap();
    let folder = temporary.path().join("made/when/needed");
    let mut connection = connect(&capture(&folder)).await.unwrap();
    let mut mail = Mail::to(&["a@b.example", "c@d.example"]);
    mail.body = b"Subject: x\r\n\r\n.hello \xff\r\n".to_vec();
    mail.piece = 5;
    let outcomes = mail.over(&mut *connection).await;
    assert!(
        outcomes
            .iter()
            .all(|outcome| matches!(outcome, Outcome::Delivered(_)))
    );

    let mut names: Vec<_> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    names.sort();
    let [eml, json] = names.as_slice() else {
        panic!("{names:?}");
    };
    assert_eq!(std::fs::read(eml).unwrap(), mail.body);
    let envelope: serde_json::Value =
        serde_json::from_slice(&std::fs::read(json).unwrap()).unwrap();
    assert_eq!(envelope["mail_from"], "scanner@acme.example");
    assert_eq!(
        envelope["rcpt_to"],
        serde_json::json!(["a@b.example", "c@d.example"])
    );
    assert_eq!(eml.with_extension("json"), *json);
}

#[tokio::test]
async fn a_folder_that_cannot_be_written_holds_the_lane() {
    let temporary = tempfile::tempdir().unwrap();
    let file = temporary.path().join("file");
    std::fs::write(&file, "").unwrap();
    let route = capture(&file.join("folder"));
    let setback = connect(&route).await.err().unwrap();
    assert_eq!(
        (setback.verdict, setback.reason),
        (Verdict::HoldCredentials, Reason::RouteMisconfigured)
    );
    let check = upstreams().check(&route).await;
    assert_eq!(check.setback, Some(setback));
    assert_eq!((check.steps[0].name, check.steps[0].ok), ("folder", false));
}

#[tokio::test]
async fn a_binary_mail_is_kept_as_it_is() {
    let temporary = tempfile::tempdir().unwrap();
    let mut connection = connect(&capture(temporary.path())).await.unwrap();
    let mut mail = Mail::to(&["a@b.example"]);
    mail.encoding = BodyEncoding::Binary;
    mail.body = b"Subject: x\r\n\r\n\n.\n\r\0\xff\r\n.\r\n".to_vec();
    let outcomes = mail.over(&mut *connection).await;
    assert!(matches!(outcomes.as_slice(), [Outcome::Delivered(_)]));
    let mut files = std::fs::read_dir(temporary.path()).unwrap();
    let kept = files.find_map(|file| {
        let path = file.unwrap().path();
        let is_mail = path.extension().is_some_and(|kind| kind == "eml");
        is_mail.then(|| std::fs::read(path).unwrap())
    });
    assert_eq!(kept, Some(mail.body));
}
