//! Every chapter of the end-to-end tests, in one program: they share what they link, and one DynamoDB Local.

mod put;
