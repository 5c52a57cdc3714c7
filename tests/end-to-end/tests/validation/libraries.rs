//! Generated models work wherever their library's trait does.

use dynamorm::Operations;
use std::collections::BTreeMap;

use serde_json::json;
use validator::{ValidationErrors, ValidationErrorsKind};

use crate::models::{ByGarde, ByValidator, GardeChoice, GardeLine, ValidatorChoice, ValidatorLine};

/// As a framework calls `garde`, of any type of its users.
fn report_of<T: garde::Validate<Context = ()>>(value: &T) -> BTreeMap<String, String> {
    let Err(report) = value.validate() else { return BTreeMap::new() };
    report.iter().map(|(path, error)| (path.to_string(), error.to_string())).collect()
}

/// As a framework calls `validator`, of any type of its users.
fn errors_of<T: validator::Validate>(value: &T) -> ValidationErrors {
    value.validate().err().unwrap_or_default()
}

/// The errors as a framework answers with them.
fn as_json(errors: &ValidationErrors) -> serde_json::Value {
    serde_json::to_value(errors).expect("errors are JSON")
}

#[test]
fn a_valid_model_passes_the_trait_of_its_library() {
    assert_eq!(report_of(&ByGarde::builder().id("1").build().unwrap()), BTreeMap::new());
    assert!(errors_of(&ByValidator::builder().id("1").build().unwrap()).is_empty());
}

#[test]
fn garde_reports_every_violation_by_path() {
    let item = ByGarde {
        count: 11,
        lines: vec![
            GardeLine { sku: "a".to_owned(), quantity: 1 },
            GardeLine { sku: String::new(), quantity: 0 },
        ],
        choice: Some(GardeChoice::Some { of: String::new(), raw: None }),
        raw_inner: vec!["a".to_owned()],
        ..ByGarde::builder().id("1").build().unwrap()
    };

    let expected = [
        ("choice.some.of", "length is lower than 1"),
        ("count", "greater than 10"),
        ("lines[1].S.K.U", "length is lower than 1"),
        ("lines[1].quantity", "lower than 1"),
        ("raw_inner[0]", "length is lower than 2"),
    ];
    assert_eq!(report_of(&item), expected.map(|(path, error)| (path.to_owned(), error.to_owned())).into());
}

#[test]
fn a_model_nests_in_a_type_that_derives_garde() {
    #[derive(garde::Validate)]
    struct Request {
        #[garde(dive)]
        item: ByGarde,
        #[garde(dive)]
        lines: Vec<GardeLine>,
    }

    let request = Request {
        item: ByGarde { count: 0, ..ByGarde::builder().id("1").build().unwrap() },
        lines: vec![GardeLine { sku: String::new(), quantity: 1 }],
    };

    let expected = [("item.count", "lower than 1"), ("lines[0].S.K.U", "length is lower than 1")];
    assert_eq!(report_of(&request), expected.map(|(path, error)| (path.to_owned(), error.to_owned())).into());
}

#[test]
fn garde_wraps_a_valid_model() {
    let item = ByGarde::builder().id("1").build().unwrap();

    let valid = garde::Unvalidated::new(item.clone()).validate().unwrap();

    assert_eq!(valid.into_inner(), item);
}

#[test]
fn validator_reports_code_message_and_parameters() {
    let item = ByValidator { count: 11, ..ByValidator::builder().id("1").build().unwrap() };

    assert_eq!(
        as_json(&errors_of(&item)),
        json!({ "count": [
            { "code": "range", "message": "greater than 10", "params": { "min": 1, "max": 10, "value": 11 } },
        ] })
    );
}

#[test]
fn what_validator_lacks_is_reported_as_its_own_errors() {
    let item = ByValidator {
        word: "three".to_owned(),
        prefix: "x".to_owned(),
        ..ByValidator::builder().id("1").build().unwrap()
    };

    assert_eq!(
        as_json(&errors_of(&item)),
        json!({
            "word": [
                { "code": "one_of", "message": "is not one of one, two", "params": { "allowed": ["one", "two"] } },
            ],
            "prefix": [{
                "code": "prefix",
                "message": "value does not begin with \"pre\"",
                "params": { "prefix": "pre", "value": "x" },
            }],
        })
    );
}

#[test]
fn validator_nests_errors_by_field_and_position() {
    let item = ByValidator {
        lines: vec![
            ValidatorLine { sku: "a".to_owned(), quantity: 1 },
            ValidatorLine { sku: "a".to_owned(), quantity: 0 },
        ],
        line: Some(ValidatorLine { sku: "a".to_owned(), quantity: 0 }),
        words: vec!["ab".to_owned(), "a".to_owned()],
        choice: Some(ValidatorChoice::Some { of: String::new(), raw: None }),
        ..ByValidator::builder().id("1").build().unwrap()
    };

    let range = json!([{ "code": "range", "message": "lower than 1", "params": { "min": 1, "value": 0 } }]);
    let length = |min| json!([{ "code": "length", "message": format!("length is lower than {min}"), "params": { "min": min } }]);
    assert_eq!(
        as_json(&errors_of(&item)),
        json!({
            "lines": { "1": { "quantity": range } },
            "line": { "quantity": range },
            "words": { "1": { "__all__": length(2) } },
            "choice": { "some": { "of": length(1) } },
        })
    );
}

#[test]
fn an_error_of_validators_own_keeps_its_code_and_parameters() {
    let item =
        ByValidator { library: 3, raw: "Abc".to_owned(), ..ByValidator::builder().id("1").build().unwrap() };

    let errors = errors_of(&item);

    let Some(ValidationErrorsKind::Field(library)) = errors.errors().get("library") else {
        panic!("{errors}")
    };
    assert_eq!((library[0].code.as_ref(), library[0].message.as_deref()), ("odd", Some("3 is odd")));
    assert_eq!(library[0].params["rest"], 1);
    let Some(ValidationErrorsKind::Field(raw)) = errors.errors().get("raw") else { panic!("{errors}") };
    assert_eq!((raw[0].code.as_ref(), &raw[0].params["value"]), ("high", &json!("Abc")));
}

#[test]
fn the_error_of_an_operation_becomes_that_of_a_library() {
    let line = GardeLine { sku: String::new(), quantity: 1 };
    let item = ByGarde { lines: vec![line], ..ByGarde::builder().id("1").build().unwrap() };
    let error = item.to_item().unwrap_err();

    assert_eq!(error.garde_report().to_string(), garde::Validate::validate(&item).unwrap_err().to_string());
    assert_eq!(as_json(&error.validator_errors())["lines"]["0"]["S.K.U"][0]["code"], "length");

    let error = ByValidator::builder().id("1").count(11).build().unwrap_err();
    let item = ByValidator { count: 11, ..ByValidator::builder().id("1").build().unwrap() };
    assert_eq!(error.validator_errors(), errors_of(&item));
}

#[test]
fn a_list_with_an_error_of_its_own_and_one_within_loses_neither() {
    let item = ByValidator {
        both: vec!["a".to_owned(), "ab".to_owned()],
        rows: vec![vec!["y".to_owned()]],
        ..ByValidator::builder().id("1").build().unwrap()
    };

    let errors = as_json(&errors_of(&item));

    assert_eq!(errors["rows"]["0"]["[]"]["0"]["__all__"][0]["code"], "prefix");
    assert_eq!(errors["both"]["0"]["__all__"][0]["code"], "length");
    let own = &errors["__all__"][0];
    assert_eq!((&own["code"], &own["params"]["field"]), (&json!("length"), &json!("both")));
}

#[test]
fn a_model_nests_in_a_type_that_derives_validator() {
    use validator::Validate;

    #[derive(Validate)]
    struct Request {
        #[validate(nested)]
        item: ByValidator,
        #[validate(nested)]
        lines: Vec<ValidatorLine>,
    }

    let request = Request {
        item: ByValidator { count: 0, ..ByValidator::builder().id("1").build().unwrap() },
        lines: vec![ValidatorLine { sku: String::new(), quantity: 1 }],
    };

    let errors = as_json(&errors_of(&request));
    assert_eq!(errors["item"]["count"][0]["code"], "range");
    assert_eq!(errors["lines"]["0"]["S.K.U"][0]["code"], "length");
}
