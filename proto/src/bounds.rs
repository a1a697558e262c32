//! What goes in has a limit, each value of it: said in the `OpenAPI` document, enforced by the
//! server. A field that has no limit of its own here gets that of its kind, so there is none
//! without.

use serde_json::Value;
use utoipa::openapi::{
    RefOr, Schema,
    schema::{ArrayItems, KnownFormat, Object, SchemaFormat, SchemaType, Type},
};

use crate::FieldError;

/// Longest text, in characters.
const TEXT: usize = 1000;
/// Longest name of a person, a company or a place.
const NAME: usize = 200;
/// Longest certificate chain.
const PEM: usize = 256 * 1024;
/// Longest list.
const ITEMS: usize = 1000;
/// Most systems of a configuration, and most relay users.
const SYSTEMS: usize = 5000;
const USERS: usize = 2000;
/// Most messages that one request may name.
const IDS: usize = 10_000;
/// Largest number that every program reads exactly (RFC 8259 §6), and far from what a store holds.
const NUMBER: u64 = (1 << 53) - 1;
/// Most objects of a page.
pub const PAGE: u32 = 1000;
/// What no store keeps in a text.
const NUL: char = '\0';

/// The longest text that a field may hold, in characters.
fn longest(field: &str) -> usize {
    match field {
        "company" | "vat_id" | "first_name" | "last_name" | "phone" | "street" | "postal_code"
        | "city" | "country" => NAME,
        _ if field.ends_with("_pem") => PEM,
        _ => TEXT,
    }
}

/// The longest list that a field may hold.
fn most(field: &str) -> usize {
    match field {
        "ids" => IDS,
        "systems" => SYSTEMS,
        "users" => USERS,
        _ => ITEMS,
    }
}

/// The largest number that a field may hold, where it is not that of its type.
fn largest(field: &str) -> Option<u64> {
    match field {
        "port" => Some(u16::MAX.into()),
        "limit" => Some(PAGE.into()),
        _ => None,
    }
}

/// The values of a request that go beyond their limits. What is given is a path, a query or a body.
pub fn beyond_bounds(values: &impl serde::Serialize) -> Vec<FieldError> {
    let mut wrong = Vec::new();
    // What cannot be written as JSON did not come as JSON.
    if let Ok(values) = serde_json::to_value(values) {
        examine("", &values, &mut wrong);
    }
    wrong
}

fn examine(field: &str, value: &Value, wrong: &mut Vec<FieldError>) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                examine(name, value, wrong);
            }
        }
        Value::Array(items) => {
            let most = most(field);
            if items.len() > most {
                wrong.push(refused(field, format!("at most {most}")));
            }
            for item in items {
                examine(field, item, wrong);
            }
        }
        Value::String(text) => {
            let longest = longest(field);
            if text.len() > longest && text.chars().count() > longest {
                wrong.push(refused(field, format!("at most {longest} characters")));
            }
            if text.contains(NUL) {
                wrong.push(refused(field, "the character U+0000 is not allowed"));
            }
        }
        Value::Number(number) => {
            let largest = largest(field).unwrap_or(NUMBER);
            if number.as_u64().is_some_and(|number| number > largest) {
                wrong.push(refused(field, format!("at most {largest}")));
            }
        }
        Value::Null | Value::Bool(_) => {}
    }
}

fn refused(field: &str, message: impl Into<String>) -> FieldError {
    FieldError {
        field: field.to_owned(),
        message: message.into(),
    }
}

/// Writes the limits into the schema of a field that is part of a request.
pub(crate) fn say(field: &str, schema: &mut RefOr<Schema>) {
    let RefOr::T(schema) = schema else { return };
    match schema {
        Schema::Object(object) => {
            say_of_value(field, object);
            for (name, schema) in &mut object.properties {
                say(name, schema);
            }
        }
        Schema::Array(array) => {
            array.max_items.get_or_insert(most(field));
            if let ArrayItems::RefOrSchema(items) = &mut array.items {
                say(field, items);
            }
        }
        Schema::OneOf(one_of) => one_of.items.iter_mut().for_each(|item| say(field, item)),
        Schema::AllOf(all_of) => all_of.items.iter_mut().for_each(|item| say(field, item)),
        Schema::AnyOf(any_of) => any_of.items.iter_mut().for_each(|item| say(field, item)),
        _ => {}
    }
}

fn say_of_value(field: &str, object: &mut Object) {
    let is = |wanted: &Type| match &object.schema_type {
        SchemaType::Type(given) => given == wanted,
        SchemaType::Array(given) => given.contains(wanted),
        SchemaType::AnyValue => false,
    };
    if is(&Type::String) && object.enum_values.is_none() && object.format.is_none() {
        object.max_length.get_or_insert(longest(field));
    }
    if is(&Type::Integer) && object.maximum.is_none() {
        let of_type = match &object.format {
            Some(SchemaFormat::KnownFormat(KnownFormat::Int32)) => u32::MAX.into(),
            _ => NUMBER,
        };
        let largest = largest(field).unwrap_or(of_type);
        object.maximum = usize::try_from(largest).ok().map(Into::into);
        if field == "limit" {
            object.minimum = Some(1_usize.into());
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn each_kind_of_value_has_a_limit() {
        let fits = json!({
            "city": "é".repeat(NAME), "reason": "x".repeat(TEXT), "ca_pem": "x".repeat(PEM),
            "ids": vec!["x"; IDS], "older_than": NUMBER, "port": 65535, "state": null,
        });
        assert_eq!(beyond_bounds(&fits), []);
        for (values, expected) in [
            (
                json!({"city": "é".repeat(NAME + 1)}),
                "at most 200 characters",
            ),
            (
                json!({"reason": "x".repeat(TEXT + 1)}),
                "at most 1000 characters",
            ),
            (
                json!({"ca_pem": "x".repeat(PEM + 1)}),
                "at most 262144 characters",
            ),
            (json!({"ids": vec![1; IDS + 1]}), "at most 10000"),
            (
                json!({"ids": ["a\0"]}),
                "the character U+0000 is not allowed",
            ),
            (
                json!({"deep": [{"older_than": NUMBER + 1}]}),
                "at most 9007199254740991",
            ),
            (json!({"port": 65536}), "at most 65535"),
        ] {
            let wrong = beyond_bounds(&values);
            let messages: Vec<_> = wrong.iter().map(|error| error.message.as_str()).collect();
            assert_eq!(messages, [expected]);
        }
    }
}
