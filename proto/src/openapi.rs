//! The `OpenAPI` document, made from the endpoints themselves.

use utoipa::{
    ToSchema,
    openapi::{
        Components, Content, HttpMethod, Info, License, OpenApi, OpenApiBuilder, PathsBuilder, Ref,
        RefOr, Required, Response, Schema,
        extensions::Extensions,
        path::{Operation, OperationBuilder, Parameter, ParameterBuilder, ParameterIn, PathItem},
        request_body::RequestBodyBuilder,
        schema::{ObjectBuilder, Type},
        security::{Http, HttpAuthScheme, SecurityRequirement, SecurityScheme},
    },
};

use crate::{Access, Endpoint, LAST_EVENT_ID, Method, Problem, bounds};

/// What the document and the router's own tests know of an endpoint.
#[derive(Clone)]
pub struct EndpointInfo {
    /// Name of the operation.
    pub name: &'static str,
    /// Who may call it.
    pub access: Access,
    /// The method.
    pub method: Method,
    /// The path, with `{placeholders}`.
    pub path: &'static str,
    /// Whether a request with an `Idempotency-Key` is done once, however often it comes.
    pub takes_key: bool,
    /// Whether it may change anything: what only tells something, a read-only token may call.
    pub changes_something: bool,
    /// Whether the reply is a stream of server-sent events.
    pub is_stream: bool,
    operation: Operation,
    schemas: Vec<(String, RefOr<Schema>)>,
    /// Which of them are part of a request.
    inputs: Vec<String>,
}

/// What the reply of a stream is.
const STREAM: &str = "A stream of server-sent events, until the client hangs up, its token ends or \
    relayd stops. Each event has an id, its kind as type, and a JSON object of this form as data; \
    a comment comes every 15 seconds.";

impl EndpointInfo {
    pub(crate) fn of<E: Endpoint>() -> Self {
        let mut schemas = Vec::new();
        let mut inputs = Vec::new();
        let mut operation = OperationBuilder::new()
            .operation_id(Some(E::NAME))
            .summary(Some(E::SUMMARY.trim()))
            .tag(tag_of(E::PATH))
            .parameters(Some(path_parameters(E::PATH)))
            .parameters(Some(query_parameters::<E::Query>(&mut schemas)));
        if E::has_body() {
            let mut of_body = Vec::new();
            let content = Content::new(Some(reference::<E::Body>(&mut of_body)));
            let body = RequestBodyBuilder::new()
                .required(Some(Required::True))
                .content("application/json", content)
                .build();
            operation = operation.request_body(Some(body));
            inputs = of_body.iter().map(|(name, _)| name.clone()).collect();
            schemas.append(&mut of_body);
        }
        let mut reply = Response::builder().description("Done.");
        if E::has_reply() {
            let content = Content::new(Some(reference::<E::Reply>(&mut schemas)));
            let kind = if E::is_stream() {
                "text/event-stream"
            } else {
                "application/json"
            };
            reply = reply.content(kind, content);
        }
        if E::is_stream() {
            reply = reply.description(STREAM);
            operation = operation.parameter(last_event_id());
        }
        let problem = Content::new(Some(reference::<Problem>(&mut schemas)));
        let problem = Response::builder()
            .description("Refused or failed.")
            .content(Problem::MEDIA_TYPE, problem);
        if E::ACCESS == Access::Anyone {
            // No token, or one that is valid.
            operation = operation.securities(Some([
                SecurityRequirement::default(),
                SecurityRequirement::new::<_, [&str; 0], &str>("token", []),
            ]));
        }
        let access = Extensions::builder().add("x-access", E::ACCESS.as_str());
        Self {
            name: E::NAME,
            access: E::ACCESS,
            method: E::METHOD,
            path: E::PATH,
            takes_key: E::takes_key(),
            changes_something: E::changes_something(),
            is_stream: E::is_stream(),
            operation: operation
                .extensions(Some(access.build()))
                .response(E::STATUS.to_string(), reply)
                .response("default", problem)
                .build(),
            schemas,
            inputs,
        }
    }
}

/// Every endpoint of the API.
pub fn endpoints() -> Vec<EndpointInfo> {
    [
        crate::service::list(),
        crate::doctor::list(),
        crate::plan::list(),
        crate::subscription::list(),
        crate::registration::list(),
        crate::account::list(),
        crate::invitation::list(),
        crate::auth::list(),
        crate::second_factor::list(),
        crate::route::list(),
        crate::route_sign_in::list(),
        crate::relay_user::list(),
        crate::credential::list(),
        crate::system::list(),
        crate::test_mail::list(),
        crate::explain::list(),
        crate::domain::list(),
        crate::configuration::list(),
        crate::limits::list(),
        crate::stats::list(),
        crate::log::list(),
        crate::log_event::list(),
        crate::queue::list(),
        crate::ban::list(),
        crate::token::list(),
        crate::webhook::list(),
        crate::audit::list(),
        crate::export::list(),
    ]
    .concat()
}

/// The `OpenAPI` 3.1 document of the API.
pub fn document(version: &str) -> OpenApi {
    let mut paths = PathsBuilder::new();
    let mut inputs = Vec::new();
    let mut components = Components::builder().security_scheme(
        "token",
        SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer)),
    );
    for endpoint in endpoints() {
        let item = PathItem::new(http_method(endpoint.method), endpoint.operation);
        paths = paths.path(endpoint.path, item);
        components = components.schemas_from_iter(endpoint.schemas);
        inputs.extend(endpoint.inputs);
    }
    let mut components = components.build();
    for name in inputs {
        if let Some(schema) = components.schemas.get_mut(&name) {
            bounds::say("", schema);
        }
    }
    let mut info = Info::new("relayd", version);
    info.description = Some(
        "Administration of relayd, an SMTP submission relay for Exchange Online. Fields are \
         added, never renamed or removed."
            .to_owned(),
    );
    info.license = Some(License::new("MIT OR Apache-2.0"));
    OpenApiBuilder::new()
        .info(info)
        .paths(paths)
        .components(Some(components))
        .security(Some([SecurityRequirement::new::<_, [&str; 0], &str>(
            "token",
            [],
        )]))
        .build()
}

fn http_method(method: Method) -> HttpMethod {
    match method {
        Method::Get => HttpMethod::Get,
        Method::Post => HttpMethod::Post,
        Method::Put => HttpMethod::Put,
        Method::Patch => HttpMethod::Patch,
        Method::Delete => HttpMethod::Delete,
    }
}

/// The last fixed segment before the verbs: `/v1/accounts/{account}/users/{user}/suspend` is about
/// users.
fn tag_of(path: &'static str) -> &'static str {
    let segments: Vec<_> = path.split('/').skip(2).collect();
    let nested = match segments.as_slice() {
        ["accounts", "{account}", noun, ..] => Some(*noun),
        _ => None,
    };
    nested
        .filter(|noun| ["users", "systems", "limits", "route", "subscription"].contains(noun))
        .or_else(|| segments.first().copied())
        .unwrap_or_default()
}

fn path_parameters(path: &str) -> Vec<Parameter> {
    path.split('/')
        .filter_map(|segment| segment.strip_prefix('{')?.strip_suffix('}'))
        .map(|name| {
            let text = ObjectBuilder::new().schema_type(Type::String);
            let mut schema = RefOr::T(text.min_length(Some(1)).into());
            bounds::say(name, &mut schema);
            ParameterBuilder::new()
                .name(name)
                .parameter_in(ParameterIn::Path)
                .required(Required::True)
                .schema(Some(schema))
                .build()
        })
        .collect()
}

/// The header that a client of server-sent events sends when it comes back.
fn last_event_id() -> Parameter {
    let text = ObjectBuilder::new().schema_type(Type::String);
    let mut schema = RefOr::T(text.into());
    bounds::say(LAST_EVENT_ID, &mut schema);
    ParameterBuilder::new()
        .name("Last-Event-ID")
        .parameter_in(ParameterIn::Header)
        .description(Some("Go on behind the event of this id."))
        .schema(Some(schema))
        .build()
}

/// The fields of a query type are the parameters; `Option` is expressed by not being required.
fn query_parameters<Q: ToSchema>(schemas: &mut Vec<(String, RefOr<Schema>)>) -> Vec<Parameter> {
    Q::schemas(schemas);
    let RefOr::T(Schema::Object(object)) = Q::schema() else {
        return Vec::new();
    };
    let required = object.required;
    object
        .properties
        .into_iter()
        .map(|(name, schema)| {
            let (description, mut schema) = without_null(schema);
            bounds::say(&name, &mut schema);
            ParameterBuilder::new()
                .parameter_in(ParameterIn::Query)
                .required(if required.contains(&name) {
                    Required::True
                } else {
                    Required::False
                })
                .name(name)
                .description(description)
                .schema(Some(schema))
                .build()
        })
        .collect()
}

/// A query cannot say `null`: what is optional is left out.
fn without_null(schema: RefOr<Schema>) -> (Option<String>, RefOr<Schema>) {
    use utoipa::openapi::schema::SchemaType;
    match schema {
        RefOr::T(Schema::Object(mut object)) => {
            if let SchemaType::Array(types) = &object.schema_type
                && let Some(known) = types.iter().find(|known| **known != Type::Null)
            {
                object.schema_type = SchemaType::Type(known.clone());
            }
            let description = object.description.take();
            (description, RefOr::T(Schema::Object(object)))
        }
        RefOr::T(Schema::OneOf(one_of)) => {
            let named = one_of
                .items
                .into_iter()
                .find(|item| matches!(item, RefOr::Ref(_)));
            (
                one_of.description,
                named.unwrap_or_else(|| RefOr::T(utoipa::openapi::schema::empty())),
            )
        }
        other => (None, other),
    }
}

/// A reference to the type, which is added to the components with all that it refers to.
fn reference<T: ToSchema>(schemas: &mut Vec<(String, RefOr<Schema>)>) -> RefOr<Schema> {
    T::schemas(schemas);
    let name = T::name().into_owned();
    schemas.push((name.clone(), T::schema()));
    RefOr::Ref(Ref::from_schema_name(name))
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use serde_json::Value;

    use super::*;

    #[test]
    fn names_and_routes_are_unique() {
        let all = endpoints();
        let names: HashSet<_> = all.iter().map(|endpoint| endpoint.name).collect();
        let routes: HashSet<_> = all.iter().map(|e| (e.method, e.path)).collect();
        assert_eq!((names.len(), routes.len()), (all.len(), all.len()));
    }

    #[test]
    fn every_reference_is_defined() {
        let text = serde_json::to_string(&document("0")).unwrap();
        let json: Value = serde_json::from_str(&text).unwrap();
        let known = json["components"]["schemas"].as_object().unwrap();
        for piece in text.split("#/components/schemas/").skip(1) {
            let name = piece.split('"').next().unwrap();
            assert!(known.contains_key(name), "{name}");
        }
    }

    /// Parts of the schema of an input that have no limit.
    fn unlimited<'a>(schema: &'a Value, document: &'a Value, found: &mut Vec<&'a Value>) {
        if let Some(reference) = schema["$ref"].as_str() {
            let name = reference.rsplit('/').next().unwrap();
            return unlimited(&document["components"]["schemas"][name], document, found);
        }
        let is = |kind: &str| {
            let given = &schema["type"];
            given == kind
                || given
                    .as_array()
                    .is_some_and(|all| all.contains(&kind.into()))
        };
        let has = |rule: &str| !schema[rule].is_null();
        let is_limited = (!is("string") || has("maxLength") || has("format") || has("enum"))
            && (!is("integer") || has("maximum"))
            && (!is("array") || has("maxItems"))
            && !schema["additionalProperties"].is_object();
        if !is_limited {
            found.push(schema);
        }
        let fields = schema["properties"].as_object().into_iter().flatten();
        fields.for_each(|(_, field)| unlimited(field, document, found));
        unlimited_items(schema, document, found);
    }

    fn unlimited_items<'a>(schema: &'a Value, document: &'a Value, found: &mut Vec<&'a Value>) {
        for list in ["oneOf", "allOf", "anyOf"] {
            let items = schema[list].as_array().into_iter().flatten();
            items.for_each(|item| unlimited(item, document, found));
        }
        if schema["items"].is_object() {
            unlimited(&schema["items"], document, found);
        }
    }

    #[test]
    fn each_input_has_a_limit() {
        let document = serde_json::to_value(document("0")).unwrap();
        let mut found = Vec::new();
        for operation in document["paths"]
            .as_object()
            .unwrap()
            .values()
            .flat_map(|item| item.as_object().unwrap().values())
        {
            let parameters = operation["parameters"].as_array().into_iter().flatten();
            let body = &operation["requestBody"]["content"]["application/json"];
            for input in parameters.chain([body]) {
                unlimited(&input["schema"], &document, &mut found);
            }
        }
        assert_eq!(found, Vec::<&Value>::new());
    }

    #[test]
    fn words_are_those_of_the_wire() {
        let document = serde_json::to_value(document("0")).unwrap();
        let states = &document["components"]["schemas"]["AccountState"]["enum"];
        assert_eq!(
            *states,
            serde_json::to_value(crate::AccountState::ALL).unwrap()
        );
    }

    #[test]
    fn queries_become_optional_parameters() {
        let json = serde_json::to_value(document("0")).unwrap();
        let parameters = json["paths"]["/v1/log/messages"]["get"]["parameters"]
            .as_array()
            .unwrap();
        let of = |name: &str| parameters.iter().find(|p| p["name"] == name).unwrap();
        assert_eq!(of("since")["required"], false);
        assert_eq!(of("since")["schema"]["format"], "date-time");
        assert_eq!(of("limit")["schema"]["type"], "integer");
        assert_eq!(
            of("status")["schema"]["$ref"],
            "#/components/schemas/MessageState"
        );
    }
}
