//! HTTP only: routes, extractors, views, problem+json, OpenAPI. Must not know SQL.
