//! `dynamorm import` from outside.

use std::fs;
use std::process::{Command, Output};

use crate::path;

fn import(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_dynamorm"))
        .arg("import")
        .args(arguments)
        .output()
        .expect("the command runs")
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn declarations_go_to_standard_output_and_what_is_said_of_them_to_standard_error() {
    let (table, items) = (path("shop.table.json"), path("shop.items.jsonl"));
    let output = import(&["table-description", table.to_str().unwrap(), "--items", items.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let text = String::from_utf8(output.stdout.clone()).unwrap();
    assert!(text.contains("[table.shop]"), "{text}");
    assert!(stderr(&output).contains("stored values in the declarations"), "{}", stderr(&output));
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("models.toml");
    fs::write(&file, &text).unwrap();
    for check in [["validate"].as_slice(), ["fmt", "--check"].as_slice()] {
        let output = Command::new(env!("CARGO_BIN_EXE_dynamorm")).args(check).arg(&file).output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{check:?}: {}", stderr(&output));
    }
}

#[test]
fn a_file_is_overwritten_by_force_alone() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("models.toml");
    let (table, out_text) = (path("pets.sam.yaml"), out.to_str().unwrap());
    let arguments = ["cloudformation", table.to_str().unwrap(), "--out", out_text];
    assert_eq!(import(&arguments).status.code(), Some(0));
    let first = fs::read_to_string(&out).unwrap();
    fs::write(&out, "# mine\n").unwrap();
    let output = import(&arguments);
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("--force"), "{}", stderr(&output));
    assert_eq!(fs::read_to_string(&out).unwrap(), "# mine\n");
    assert_eq!(import(&[&arguments[..], &["--force"]].concat()).status.code(), Some(0));
    assert_eq!(fs::read_to_string(&out).unwrap(), first);
}

#[test]
fn bad_files_are_errors_with_their_names() {
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("missing.yaml");
    let output = import(&["terraform", missing.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("missing.yaml"), "{}", stderr(&output));
    let binary = folder.path().join("binary.yaml");
    fs::write(&binary, b"\xff\xfe").unwrap();
    let output = import(&["cloudformation", binary.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("not UTF-8"), "{}", stderr(&output));
    assert_eq!(import(&["nothing", "x"]).status.code(), Some(2));
}
