//! Every chapter of the end-to-end tests, in one program: they share what they link, and one DynamoDB Local.

mod conditions;
mod delete;
mod get;
mod index;
mod put;
mod query;
mod scan;
mod update;
