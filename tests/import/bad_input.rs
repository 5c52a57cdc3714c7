//! What cannot be imported is told with its place, and nothing panics.

use dynamorm_generator::import::{Options, Source};

use crate::{Read, text};

fn refusal(read: Read, text: &str) -> String {
    match read("file", text) {
        Err(error) => error.to_string(),
        Ok(source) => match source.import(&Options::default()) {
            Err(error) => error.to_string(),
            Ok(imported) => panic!("imported\n{}", imported.text()),
        },
    }
}

#[test]
fn what_is_no_document_is_told_with_its_place() {
    assert_eq!(refusal(Source::cloudformation, ""), "file: the file is empty");
    assert!(refusal(Source::cloudformation, "a: [1\nb: 2\n").starts_with("file:2:"), "not YAML");
    assert!(refusal(Source::cloudformation, "{\"a\": 1,\n}").starts_with("file:2:1: not JSON"), "not JSON");
    assert!(
        refusal(Source::cloudformation, "{\"a\": 1, \"a\": 2}").contains("the key \"a\" is written twice")
    );
    assert!(refusal(Source::terraform, "not a plan").contains("no table"));
    assert!(refusal(Source::table_description, "[").starts_with("file:1:1: not JSON"));
}

#[test]
fn documents_that_grow_without_end_are_refused() {
    let deep = "[".repeat(5_000);
    assert!(refusal(Source::cloudformation, &deep).contains("not JSON"));
    let deep = format!("a: {}", "[".repeat(5_000));
    assert!(refusal(Source::cloudformation, &deep).starts_with("file:"));
    let mut laughs = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for level in 1..9 {
        let all = vec![format!("*a{}", level - 1); 10].join(", ");
        laughs.push_str(&format!("a{level}: &a{level} [{all}]\n"));
    }
    assert!(refusal(Source::cloudformation, &laughs).contains("aliases included"));
    let mut doubled = String::from("custom:\n  v0: xx\n");
    for level in 1..60 {
        doubled.push_str(&format!("  v{level}: ${{self:custom.v{0}}}${{self:custom.v{0}}}\n", level - 1));
    }
    doubled.push_str("resources:\n  Resources:\n    T:\n      Type: AWS::Serverless::SimpleTable\n      Properties: { TableName: '${self:custom.v59}' }\n");
    let imported =
        Source::cloudformation("serverless.yml", &doubled).unwrap().import(&Options::default()).unwrap();
    assert!(imported.text().contains("`TableName` is left out"), "{}", imported.text());
}

#[test]
fn a_template_without_tables_says_what_was_expected() {
    let message = refusal(Source::cloudformation, "Resources:\n  Topic:\n    Type: AWS::SNS::Topic\n");
    assert!(message.contains("AWS::DynamoDB::Table"), "{message}");
    let keyless = "Resources:\n  T:\n    Type: AWS::DynamoDB::Table\n    Properties: { TableName: things }\n";
    assert_eq!(
        refusal(Source::cloudformation, keyless),
        "file: no table: `T` is left out: its `KeySchema` is missing or not known."
    );
    let untyped = "Resources:\n  T:\n    Type: AWS::DynamoDB::Table\n    Properties:\n      KeySchema: [{ AttributeName: id, KeyType: HASH }]\n";
    assert!(refusal(Source::cloudformation, untyped).contains("`AttributeDefinitions` has no type for `id`"));
}

#[test]
fn functions_that_cannot_be_resolved_leave_their_setting_out() {
    let template = "\
Parameters:
  Name: { Type: String }
  Loop: { Type: String, Default: x }
Conditions:
  Unknown: !Equals [!Ref Name, x]
  Itself: !Condition Itself
Resources:
  T:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: !Join ['-', [!Ref AWS::StackName, t]]
      BillingMode: !If [Unknown, PAY_PER_REQUEST, PROVISIONED]
      TableClass: !If [Itself, STANDARD, STANDARD_INFREQUENT_ACCESS]
      StreamSpecification: !If [Unknown, { StreamViewType: KEYS_ONLY }, !Ref AWS::NoValue]
      TimeToLiveSpecification: !If [Unknown, { AttributeName: ttl, Enabled: true }, { AttributeName: ttl, Enabled: true }]
      AttributeDefinitions: [{ AttributeName: id, AttributeType: S }]
      KeySchema: [{ AttributeName: id, KeyType: HASH }]
      GlobalSecondaryIndexes:
        - IndexName: !Ref Name
          KeySchema: [{ AttributeName: id, KeyType: HASH }]
          Projection: { ProjectionType: ALL }
";
    let imported = Source::cloudformation("t.yaml", template).unwrap().import(&Options::default()).unwrap();
    let text = imported.text();
    for left_out in ["`TableName`", "`BillingMode`", "`TableClass`", "`StreamSpecification`"] {
        assert!(text.contains(&format!("# {left_out} is left out")), "{left_out}\n{text}");
    }
    assert!(text.contains("is left out: its name is not known"), "{text}");
    assert!(text.contains("ttl = \"ttl\""), "{text}");
    assert!(text.contains("name = \"T-table\" # a guess"), "{text}");
}

#[test]
fn a_key_that_is_written_twice_counts_the_last_time() {
    let template = "Resources:\n  Pets:\n    Type: AWS::Serverless::SimpleTable\n    Properties:\n      TableName: first\n      TableName: last\n";
    let imported = Source::cloudformation("t.yaml", template).unwrap().import(&Options::default()).unwrap();
    assert!(imported.text().contains("name = \"last\""), "{}", imported.text());
    assert_eq!(imported.notes(), ["Line 6 writes the key \"TableName\" again, and counts."]);
}

#[test]
fn a_table_that_no_rule_allows_is_left_out_beside_others() {
    let long = "a".repeat(300);
    let keyed = |name: &str| {
        format!(
            "Properties:\n      AttributeDefinitions: [{{ AttributeName: {name}, AttributeType: S }}]\n      KeySchema: [{{ AttributeName: {name}, KeyType: HASH }}]\n"
        )
    };
    let bad = format!("Resources:\n  Bad:\n    Type: AWS::DynamoDB::Table\n    {}", keyed(&long));
    assert!(refusal(Source::cloudformation, &bad).contains("the limit for this purpose is 255"));
    let both = format!("{bad}  Good:\n    Type: AWS::DynamoDB::Table\n    {}", keyed("id"));
    let imported = Source::cloudformation("t.yaml", &both).unwrap().import(&Options::default()).unwrap();
    assert!(imported.notes()[0].starts_with("`Bad` is left out: "), "{:?}", imported.notes());
    assert!(
        imported.text().contains("[table.good]") && !imported.text().contains("[table.bad]"),
        "{}",
        imported.text()
    );
}

#[test]
fn keys_and_projections_are_declared_whole_or_not_at_all() {
    let template = "\
Parameters:
  Name: { Type: String }
Conditions:
  Sorted: !Equals [!Ref Name, x]
Resources:
  Keyed:
    Type: AWS::DynamoDB::Table
    Properties:
      BillingMode: PAY_PER_REQUEST
      AttributeDefinitions: [{ AttributeName: id, AttributeType: S }]
      KeySchema: [{ AttributeName: id, KeyType: HASH }]
      GlobalSecondaryIndexes:
        - IndexName: by-id
          KeySchema: [{ AttributeName: id, KeyType: HASH }]
          Projection: { ProjectionType: INCLUDE, NonKeyAttributes: [title, !Ref Name] }
  Sorted:
    Type: AWS::DynamoDB::Table
    Properties:
      AttributeDefinitions: [{ AttributeName: id, AttributeType: S }, { AttributeName: at, AttributeType: N }]
      KeySchema:
        - { AttributeName: id, KeyType: HASH }
        - !If [Sorted, { AttributeName: at, KeyType: RANGE }, !Ref AWS::NoValue]
";
    let imported = Source::cloudformation("t.yaml", template).unwrap().import(&Options::default()).unwrap();
    assert!(!imported.text().contains("[table.sorted]"), "{}", imported.text());
    assert_eq!(
        imported.notes(),
        ["`Sorted` is left out: its `KeySchema` depends on an `If` of the condition `Sorted`."]
    );
    let index = "The index `by-id` is left out: its `NonKeyAttributes` depends on `Ref Name`.";
    assert!(imported.text().contains(index), "{}", imported.text());
}

#[test]
fn a_corrupt_item_is_listed_and_the_others_are_read() {
    let mut source = Source::table_description("shop.table.json", &text("shop.table.json")).unwrap();
    let lines = [
        r#"{"PK": {"S": "a"}, "SK": {"S": "b"}, "n": {"N": "1"}}"#,
        r#"{"PK": {"S": "a"}, "SK": "#,
        r#"{"PK": {"S": "a"}, "SK": {"S": "b"}, "n": {"N": "one"}}"#,
        r#"{"PK": {"S": "a"}, "SK": {"S": "b"}, "n": {"Q": "1"}}"#,
        r#"{"PK": {"S": "a"}, "SK": {"S": "b"}, "n": {"B": "?"}}"#,
        r#"{"PK": {"S": "a"}, "SK": {"S": "b"}, "n": {"SS": []}}"#,
        r#"[]"#,
        r#"{"PK": {"N": "1"}, "SK": {"S": "b"}}"#,
        "",
        r#"{"Item": {"PK": {"S": "c"}, "SK": {"S": "d"}, "n": {"N": "2"}}}"#,
    ];
    let mut bytes = lines.join("\n").into_bytes();
    bytes.extend(b"\n\xff\n");
    source.items(None, "items.jsonl", bytes.as_slice()).unwrap();
    let imported = source.import(&Options::default()).unwrap();
    let places: Vec<_> = imported.unread().iter().map(|line| line.split(": ").next().unwrap()).collect();
    let expected = [2, 3, 4, 5, 6, 7, 11, 8].map(|line| format!("items.jsonl:{line}"));
    assert_eq!(places, expected, "{:#?}", imported.unread());
    assert!(imported.text().contains("n = \"i128\" # a guess: in all of 2 items"), "{}", imported.text());
}

#[test]
fn what_a_scan_prints_is_told_to_be_no_lines() {
    let mut source = Source::table_description("shop.table.json", &text("shop.table.json")).unwrap();
    let scan = "{\n  \"Items\": [\n    { \"PK\": { \"S\": \"a\" } }\n  ]\n}\n";
    let error = source.items(None, "scan.json", scan.as_bytes()).unwrap_err().to_string();
    assert!(error.starts_with("scan.json: ") && error.contains("jq"), "{error}");
}

#[test]
fn items_of_an_unknown_table_or_of_several_are_refused() {
    let two = "Resources:\n  A: { Type: 'AWS::Serverless::SimpleTable' }\n  B: { Type: 'AWS::Serverless::SimpleTable' }\n";
    let item = r#"{"id": {"S": "x"}}"#;
    let mut source = Source::cloudformation("t.yaml", two).unwrap();
    let error = source.items(None, "items.jsonl", item.as_bytes()).unwrap_err().to_string();
    assert!(error.contains("may be of several tables: name theirs, which is one of `A`, `B`"), "{error}");
    let error = source.items(Some("C"), "items.jsonl", item.as_bytes()).unwrap_err().to_string();
    assert!(error.contains("has no table `C`"), "{error}");
    source.items(Some("B"), "items.jsonl", item.as_bytes()).unwrap();
}
