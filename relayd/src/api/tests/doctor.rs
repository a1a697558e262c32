//! What the doctor tells, and to whom.

use axum::{
    body::Body,
    http::{Request, StatusCode},
};
use relay_proto::{self as proto, FindingArea, FindingLevel};

use super::bench::{Bench, Sender};

#[tokio::test]
async fn findings_come_for_all_areas_or_one() {
    let bench = Bench::new().await;
    let examined = async |area| {
        let query = proto::DoctorQuery { area };
        let nothing = proto::Nothing {};
        let page = bench.call::<proto::Examine>(nothing, query, nothing).await;
        page.unwrap().items
    };
    let all = examined(None).await;
    let areas: Vec<_> = all.iter().map(|it| it.area).collect();
    let (tls, store) = (FindingArea::Tls, FindingArea::Store);
    assert_eq!(areas, [tls, tls, store, store]);
    let one = examined(Some(FindingArea::Store)).await;
    assert_eq!(one, all[2..]);
    assert_eq!(
        one[1],
        proto::Finding {
            area: FindingArea::Store,
            level: FindingLevel::Error,
            check: "second-check".to_owned(),
            sentence: "it is not".to_owned(),
            remedy: "mend it".to_owned(),
        }
    );
    assert_eq!(examined(Some(FindingArea::Clock)).await, []);
}

#[tokio::test]
async fn strangers_are_told_nothing_and_unknown_areas_are_refused() {
    let bench = Bench::new().await;
    let get = |uri: &str| Request::get(uri).body(Body::empty()).unwrap();
    let (status, _, _) = bench.send(get("/v1/doctor"), Sender::Tcp(None)).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
    let wrong = get("/v1/doctor?area=weather");
    let (status, _, _) = bench.send(wrong, Sender::Operator).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
}
