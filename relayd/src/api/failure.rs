//! Failures become problems (RFC 9457). The one place that translates to HTTP.

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use relay_proto::{CheckStep, FieldError, Problem};

use crate::{
    accounts::{AdminError, Awaited, Objection, ProbeStep, WrongField},
    model::{Reason, Refusal},
    store::StoreError,
};

/// Why a request failed, before it is known which request it was.
#[derive(Debug)]
pub(super) struct Failure {
    status: StatusCode,
    refusal: Refusal,
    /// Apart, so that a result is small where nothing failed.
    more: Box<More>,
}

#[derive(Debug, Default)]
struct More {
    cause: Option<String>,
    /// Instead of that of the reason.
    remedy: Option<String>,
    errors: Vec<FieldError>,
    steps: Vec<CheckStep>,
    setup: Vec<String>,
    awaits: Vec<relay_proto::Awaited>,
    /// What went wrong inside; for the log only.
    inside: Option<String>,
}

impl Failure {
    /// A failure with the status of its reason.
    pub(super) fn new(refusal: impl Into<Refusal>) -> Self {
        let refusal = refusal.into();
        let status = refusal
            .reason
            .http()
            .and_then(|code| StatusCode::from_u16(code).ok())
            .unwrap_or_else(|| status_of_mail(refusal.reason));
        Self {
            status,
            refusal,
            more: Box::default(),
        }
    }

    fn with(refusal: impl Into<Refusal>, more: More) -> Self {
        Self {
            more: Box::new(more),
            ..Self::new(refusal)
        }
    }

    /// A failure with a status and a remedy of its own.
    pub(super) fn with_status(
        status: StatusCode,
        reason: Reason,
        detail: &str,
        remedy: &'static str,
    ) -> Self {
        let more = More {
            remedy: Some(remedy.to_owned()),
            ..More::default()
        };
        Self {
            status,
            ..Self::with(Refusal::new(reason, detail), more)
        }
    }

    /// One wrong field.
    pub(super) fn field(field: &str, message: impl Into<String>) -> Self {
        Self::fields(vec![FieldError {
            field: field.to_owned(),
            message: message.into(),
        }])
    }

    /// Wrong fields.
    pub(super) fn fields(errors: Vec<FieldError>) -> Self {
        let more = More {
            errors,
            ..More::default()
        };
        Self::with(Reason::InvalidValue, more)
    }

    /// The request took longer than any may.
    pub(super) fn timeout() -> Self {
        Self::with_status(
            StatusCode::GATEWAY_TIMEOUT,
            Reason::Timeout,
            "the request took too long; part of it may have been done",
            "look at what was done before you repeat it",
        )
    }

    /// A fault of relayd. What it was is for the log, not for the client.
    pub(super) fn internal(inside: impl Into<String>) -> Self {
        Self::inside(Reason::Internal, inside.into())
    }

    fn inside(reason: Reason, inside: String) -> Self {
        Self::with(
            reason,
            More {
                inside: Some(inside),
                ..More::default()
            },
        )
    }

    /// The reply, which names the request.
    pub(super) fn into_response(self, request_id: &str) -> Response {
        let more = *self.more;
        if let Some(inside) = &more.inside {
            tracing::error!(error = %inside, "request failed");
        }
        let reason = self.refusal.reason;
        let problem = Problem {
            r#type: format!("about:reason/{}", reason.code()),
            title: reason.sentence().to_owned(),
            status: self.status.as_u16(),
            code: reason.code().to_owned(),
            detail: Some(self.refusal.detail).filter(|detail| !detail.is_empty()),
            cause: more.cause,
            remedy: more.remedy.unwrap_or_else(|| reason.remedy().to_owned()),
            errors: more.errors,
            steps: more.steps,
            setup: more.setup,
            awaits: more.awaits,
            request_id: request_id.to_owned(),
        };
        let mut response = (self.status, axum::Json(problem)).into_response();
        let headers = response.headers_mut();
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static(Problem::MEDIA_TYPE),
        );
        if self.status == StatusCode::UNAUTHORIZED {
            headers.insert(
                header::WWW_AUTHENTICATE,
                HeaderValue::from_static("Bearer realm=\"relayd\""),
            );
        }
        response
    }
}

impl From<AdminError> for Failure {
    fn from(error: AdminError) -> Self {
        match error {
            AdminError::Invalid(wrong) => {
                Self::fields(wrong.into_iter().map(field_error).collect())
            }
            AdminError::Objections(objections) => objected(objections),
            AdminError::NotFound { kind, name } => {
                Self::new(Refusal::new(Reason::NotFound, format!("{kind} {name}")))
            }
            AdminError::Refused(refusal) => Self::new(refusal),
            AdminError::NotActive { refusal, awaits } => {
                let more = More {
                    awaits: awaits.iter().map(|it| awaited(*it)).collect(),
                    ..More::default()
                };
                Self::with(refusal, more)
            }
            AdminError::CheckFailed {
                refusal,
                cause,
                steps,
                setup,
            } => {
                let reason = refusal.reason;
                let mut remedies = steps.iter().map(|step| &step.remedy);
                let more = More {
                    remedy: remedies.rfind(|it| !it.is_empty()).cloned(),
                    cause: Some(cause).filter(|cause| !cause.is_empty()),
                    steps: steps.into_iter().map(|s| check_step(s, reason)).collect(),
                    setup,
                    ..More::default()
                };
                Self::with(refusal, more)
            }
            AdminError::Store(error) => error.into(),
            AdminError::Internal(inside) => Self::internal(inside),
        }
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        let inside = error.to_string();
        match error {
            StoreError::Unavailable(_) => Self::inside(Reason::StoreUnavailable, inside),
            StoreError::Full => Self::inside(Reason::DiskFull, inside),
            StoreError::NotFound => Self::new(Reason::NotFound),
            // It ended after its state was looked at.
            StoreError::Ended(_) => Self::new(Refusal::new(Reason::StateConflict, inside)),
            StoreError::Conflict(_) | StoreError::Corrupt { .. } | StoreError::Newer { .. } => {
                Self::internal(inside)
            }
        }
    }
}

/// The status of a reason that devices meet, where a mail is judged without one: what is for good
/// is the fault of the request.
fn status_of_mail(reason: Reason) -> StatusCode {
    match reason.smtp().map(|code| code.basic / 100) {
        Some(5) => StatusCode::UNPROCESSABLE_ENTITY,
        Some(_) => StatusCode::SERVICE_UNAVAILABLE,
        None => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// Has the reason that all of them share, or else the general one.
fn objected(objections: Vec<Objection>) -> Failure {
    let mut reasons = objections.iter().map(|it| it.reason);
    let first = reasons.next().unwrap_or(Reason::InvalidValue);
    let is_shared = reasons.all(|reason| reason == first);
    let reason = if is_shared {
        first
    } else {
        Reason::InvalidValue
    };
    let errors = objections.into_iter().map(|it| FieldError {
        field: it.field,
        message: it.message,
    });
    let more = More {
        errors: errors.collect(),
        ..More::default()
    };
    Failure::with(reason, more)
}

fn awaited(awaited: Awaited) -> relay_proto::Awaited {
    match awaited {
        Awaited::EmailCode => relay_proto::Awaited::EmailCode,
        Awaited::Operator => relay_proto::Awaited::Operator,
    }
}

fn field_error(wrong: WrongField) -> FieldError {
    FieldError {
        field: wrong.field.to_owned(),
        message: wrong.message,
    }
}

/// A step for the wire; a failed one carries the reason of the whole probe.
pub(super) fn check_step(step: ProbeStep, reason: Reason) -> CheckStep {
    CheckStep {
        reason: (!step.ok).then(|| reason.code().to_owned()),
        remedy: (!step.ok).then(|| {
            Some(step.remedy)
                .filter(|remedy| !remedy.is_empty())
                .unwrap_or_else(|| reason.remedy().to_owned())
        }),
        name: step.name,
        ok: step.ok,
        warning: false,
        detail: step.detail,
        ms: u64::try_from(step.elapsed.as_millis()).unwrap_or(u64::MAX),
    }
}
