//! Types of the admin API of relayd, shared by server and client. No I/O.
//!
//! Each operation is a type that implements [`Endpoint`]: method, path, and the types of what goes
//! in and comes out. The server routes by it and the client calls by it, so a difference between
//! them does not compile. JSON is `snake_case`; times are RFC 3339 in UTC, sizes are bytes and
//! durations are seconds, both integers. Fields are added, never renamed or removed.

mod account;
mod audit;
mod auth;
mod ban;
mod bounds;
mod configuration;
mod credential;
mod doctor;
mod domain;
mod endpoint;
mod event_kind;
mod explain;
mod export;
mod invitation;
mod limits;
mod log;
mod log_event;
mod openapi;
mod page;
mod plan;
mod problem;
mod queue;
mod reasons;
mod registration;
mod relay_user;
mod route;
mod route_settings;
mod route_sign_in;
mod second_factor;
mod service;
mod size;
mod stats;
mod subscription;
mod system;
mod test_mail;
mod token;
mod webhook;
mod words;

pub use account::*;
pub use audit::*;
pub use auth::*;
pub use ban::*;
pub use bounds::{PAGE, beyond_bounds};
pub use configuration::*;
pub use credential::*;
pub use doctor::*;
pub use domain::*;
pub use endpoint::{
    Access, Endpoint, HEARTBEAT, IDEMPOTENCY_KEY, IDEMPOTENCY_REPLAYED, LAST_EVENT_ID, Method,
    Nothing, PathError, etag, parse_etag, path_of,
};
pub use event_kind::*;
pub use explain::*;
pub use export::*;
pub use invitation::*;
pub use limits::*;
pub use log::*;
pub use log_event::*;
pub use openapi::{EndpointInfo, document, endpoints};
pub use page::{Page, PageQuery};
pub use plan::*;
pub use problem::{Awaited, FieldError, Problem};
pub use queue::*;
pub use reasons::reasons;
pub use registration::*;
pub use relay_user::*;
pub use route::*;
pub use route_settings::*;
pub use route_sign_in::*;
pub use second_factor::*;
pub use service::*;
pub use size::{ByteSize, NoSize};
pub use stats::*;
pub use subscription::*;
pub use system::*;
pub use test_mail::*;
pub use token::*;
pub use webhook::*;
pub use words::UnknownWord;
