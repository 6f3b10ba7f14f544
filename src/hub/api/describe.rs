//! The OpenAPI description, made from the table of routes: paths, names in them and who may come from the table itself, bodies
//! and answers from the types that are read and written.

use std::sync::OnceLock;

use axum::{
    http::{Method, header},
    response::IntoResponse,
};
use serde_json::{Value, json};
use utoipa::{
    IntoParams, ToSchema,
    openapi::{
        ComponentsBuilder, ContentBuilder, HttpMethod, InfoBuilder, ObjectBuilder, OpenApi, OpenApiBuilder,
        PathsBuilder, Ref, RefOr, Required, ResponseBuilder, Schema, Type,
        path::{Operation, OperationBuilder, ParameterBuilder, ParameterIn},
        request_body::RequestBodyBuilder,
        security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme},
    },
};

use crate::hub::{
    routes::{self, Route, get},
    rule::Rule,
    who::COOKIE,
};

/// The routes of this file.
pub fn routes() -> Vec<Route> {
    vec![get("/api/openapi.json", Rule::Public, served).says("This description").gives::<Value>()]
}

/// What is said of a route.
#[derive(Default)]
pub struct Doc {
    summary: &'static str,
    query: Vec<utoipa::openapi::path::Parameter>,
    body: Option<(&'static str, RefOr<Schema>)>,
    answer: Option<(&'static str, RefOr<Schema>)>,
    schemas: Vec<(String, RefOr<Schema>)>,
}

impl Route {
    /// What it does, in a few English words. A route under /api without them fails a test.
    #[must_use]
    pub fn says(mut self, summary: &'static str) -> Self {
        self.doc.get_or_insert_default().summary = summary;
        self
    }

    /// It takes this JSON.
    #[must_use]
    pub fn takes<T: ToSchema + 'static>(mut self) -> Self {
        let doc = self.doc.get_or_insert_default();
        doc.body = Some(("application/json", named::<T>(&mut doc.schemas)));
        self
    }

    /// It takes bytes of this media type.
    #[must_use]
    pub fn takes_bytes(mut self, media: &'static str) -> Self {
        self.doc.get_or_insert_default().body = Some((media, bytes()));
        self
    }

    /// It takes this query.
    #[must_use]
    pub fn asks<T: IntoParams>(mut self) -> Self {
        self.doc.get_or_insert_default().query = T::into_params(|| Some(ParameterIn::Query));
        self
    }

    /// It gives this JSON.
    #[must_use]
    pub fn gives<T: ToSchema + 'static>(mut self) -> Self {
        let doc = self.doc.get_or_insert_default();
        doc.answer = Some(("application/json", named::<T>(&mut doc.schemas)));
        self
    }

    /// It gives bytes of this media type.
    #[must_use]
    pub fn gives_bytes(mut self, media: &'static str) -> Self {
        self.doc.get_or_insert_default().answer = Some((media, bytes()));
        self
    }
}

/// The type's schema as it stands in a body; all that it names goes to `schemas`. Two types that share a name say
/// `#[schema(as = …)]`, or a test fails.
fn named<T: ToSchema + 'static>(schemas: &mut Vec<(String, RefOr<Schema>)>) -> RefOr<Schema> {
    T::schemas(schemas);
    T::schema()
}

fn bytes() -> RefOr<Schema> {
    RefOr::T(Schema::Object(ObjectBuilder::new().schema_type(Type::String).build()))
}

/// Whether a route belongs to the API.
pub fn is_api(route: &Route) -> bool {
    route.path.starts_with("/api/")
}

/// The names in a path.
pub fn names(path: &str) -> impl Iterator<Item = &str> {
    path.split('/')
        .filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
        .map(|name| name.trim_start_matches('*'))
}

/// The description of `all`.
pub fn describe(all: &[Route]) -> OpenApi {
    let mut paths = PathsBuilder::new();
    let mut components = ComponentsBuilder::new()
        .security_scheme(
            "token",
            SecurityScheme::Http(HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build()),
        )
        .security_scheme("session", SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::new(COOKIE))))
        .schema("Error", error());
    for route in all.iter().filter(|route| is_api(route)) {
        let Some(doc) = &route.doc else { continue };
        for (name, schema) in &doc.schemas {
            components = components.schema(name.clone(), schema.clone());
        }
        let method = if route.method == Method::GET { HttpMethod::Get } else { HttpMethod::Post };
        // OpenAPI knows no rest of a path: it is a name like others there.
        let path = route.path.replace("{*", "{");
        paths = paths.path(path, utoipa::openapi::PathItem::new(method, operation(route, doc)));
    }
    OpenApiBuilder::new()
        .info(InfoBuilder::new().title("loaxa hub").version(env!("CARGO_PKG_VERSION")).build())
        .paths(paths.build())
        .components(Some(components.build()))
        .build()
}

fn operation(route: &Route, doc: &Doc) -> Operation {
    let mut operation =
        OperationBuilder::new().summary(Some(doc.summary)).description(Some(who_may(route.rule)));
    for name in names(route.path) {
        let text = ObjectBuilder::new().schema_type(Type::String).build();
        operation = operation.parameter(
            ParameterBuilder::new()
                .name(name)
                .parameter_in(ParameterIn::Path)
                .required(Required::True)
                .schema(Some(text)),
        );
    }
    for parameter in doc.query.clone() {
        operation = operation.parameter(parameter);
    }
    if let Some((media, schema)) = doc.body.clone() {
        let content = ContentBuilder::new().schema(Some(schema)).build();
        let body = RequestBodyBuilder::new().content(media, content).required(Some(Required::True)).build();
        operation = operation.request_body(Some(body));
    }
    let mut good = ResponseBuilder::new().description("Done");
    if let Some((media, schema)) = doc.answer.clone() {
        good = good.content(media, ContentBuilder::new().schema(Some(schema)).build());
    }
    operation = operation.response("200", good.build());
    for (status, why) in refusals(route.rule) {
        let content = ContentBuilder::new().schema(Some(Ref::from_schema_name("Error"))).build();
        operation = operation.response(
            status,
            ResponseBuilder::new().description(why).content("application/json", content).build(),
        );
    }
    if route.rule != Rule::Public {
        operation = operation.security(SecurityRequirement::new("session", Vec::<String>::new()));
        if route.rule != Rule::Person {
            operation = operation.security(SecurityRequirement::new("token", Vec::<String>::new()));
        }
    }
    operation.build()
}

fn refusals(rule: Rule) -> Vec<(&'static str, &'static str)> {
    let mut all = vec![
        ("404", "There is no such thing, or it is not yours"),
        ("422", "What was sent is wrong"),
        ("429", "Too fast"),
    ];
    if rule != Rule::Public {
        all.extend([("401", "Nobody is logged in"), ("403", "Not for this account")]);
    }
    all
}

fn who_may(rule: Rule) -> String {
    match rule {
        Rule::Public => "Anybody.".into(),
        Rule::Anyone => "Every account; what is shown is cut to its area.".into(),
        Rule::Person => "Every account, by a session only.".into(),
        Rule::Only(roles) => {
            format!("Roles {}.", roles.iter().map(|r| r.word()).collect::<Vec<_>>().join(", "))
        }
        Rule::Station => "A station that signs its request.".into(),
    }
}

fn error() -> Schema {
    let text = || ObjectBuilder::new().schema_type(Type::String);
    let both =
        ObjectBuilder::new().property("vi", text()).property("en", text()).required("vi").required("en");
    ObjectBuilder::new().property("error", both).required("error").into()
}

async fn served() -> impl IntoResponse {
    static MADE: OnceLock<String> = OnceLock::new();
    let made = MADE.get_or_init(|| {
        describe(&routes::all())
            .to_json()
            .unwrap_or_else(|error| json!({"error": error.to_string()}).to_string())
    });
    ([(header::CONTENT_TYPE, "application/json")], made.as_str())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn every_route_of_the_api_is_described() {
        for route in routes::all().iter().filter(|route| is_api(route)) {
            let said = route.doc.as_ref().is_some_and(|doc| !doc.summary.is_empty() && doc.answer.is_some());
            assert!(
                said,
                "{} {}: say what it does by .says(…) and .gives::<…>() where it stands in the table",
                route.method, route.path
            );
        }
    }

    #[test]
    fn what_the_description_names_is_there_once() {
        let all = routes::all();
        let mut named = BTreeMap::new();
        for (name, schema) in all.iter().filter_map(|r| r.doc.as_ref()).flat_map(|doc| &doc.schemas) {
            let schema = serde_json::to_value(schema).unwrap();
            let other = named.insert(name.clone(), schema.clone()).unwrap_or_else(|| schema.clone());
            assert_eq!(
                other, schema,
                "two types are called {name}: give one another name by #[schema(as = …)]"
            );
        }
        let made = describe(&all);
        let text = made.to_json().unwrap();
        for target in text.split("\"$ref\":\"").skip(1).filter_map(|rest| rest.split('"').next()) {
            let name = target.strip_prefix("#/components/schemas/").unwrap();
            assert!(made.components.as_ref().unwrap().schemas.contains_key(name), "{name} is not described");
        }
        for route in all.iter().filter(|route| is_api(route)) {
            let method = if route.method == Method::GET { HttpMethod::Get } else { HttpMethod::Post };
            assert!(
                made.paths.get_path_operation(route.path.replace("{*", "{"), method).is_some(),
                "{}",
                route.path
            );
        }
    }
}
