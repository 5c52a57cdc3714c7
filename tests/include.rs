//! Declarations that are divided among files.

use dynamorm_generator::{Error, Generated, Generator};
use std::fs;
use std::path::PathBuf;
use tempfile::TempDir;

const BOOKS: &str = "\
[table.books]
partition_key = \"isbn\"

[model.Book]
table = \"books\"

[model.Book.schema]
isbn = \"string\"
state = \"State\"
";

const SHARED: &str = "[enum.State]\nvariants = [\"new\", \"used\"]\n";

/// A folder with files in it, of which `models.toml` is given to the generator.
struct Folder(TempDir);

impl Folder {
    fn new(files: &[(&str, &str)]) -> Self {
        let folder = Folder(tempfile::tempdir().expect("a folder"));
        for (name, text) in files {
            let path = folder.path(name);
            fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
            fs::write(path, text).expect("a file");
        }
        folder
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn generate(&self) -> Result<Generated, Error> {
        Generator::new(self.path("models.toml")).generate()
    }

    /// The report, without where the folder lies.
    fn error(&self) -> String {
        let error = self.generate().expect_err("an error");
        error.to_string().replace(&format!("{}/", self.0.path().display()), "")
    }
}

fn including(names: &str, text: &str) -> String {
    format!("include = [{names}]\n\n{text}")
}

#[test]
fn included_declarations_are_generated_as_if_they_stood_in_one_file() {
    let divided = Folder::new(&[
        ("models.toml", &including("\"shared/states.toml\"", BOOKS)),
        ("shared/states.toml", SHARED),
    ]);
    let whole = Folder::new(&[("models.toml", &format!("{BOOKS}\n{SHARED}"))]);
    assert_eq!(divided.generate().expect("generates").files(), whole.generate().expect("generates").files());
}

#[test]
fn paths_start_at_the_directory_of_the_including_file() {
    let folder = Folder::new(&[
        ("models.toml", &including("\"shared/all.toml\"", BOOKS)),
        ("shared/all.toml", "include = [\"more/states.toml\"]\n"),
        ("shared/more/states.toml", SHARED),
    ]);
    let generated = folder.generate().expect("generates");
    let inputs = ["models.toml", "shared/all.toml", "shared/more/states.toml"].map(|name| folder.path(name));
    assert_eq!(generated.inputs(), inputs);
}

#[test]
fn rust_of_an_included_file_names_that_file() {
    let folder = Folder::new(&[
        ("models.toml", &including("\"shared/sizes.toml\"", &BOOKS.replace("State", "Size"))),
        (
            "shared/sizes.toml",
            "[type.Size]\nwidth = { type = \"u32\", default_expression = \"crate::width()\" }\n",
        ),
    ]);
    let generated = folder.generate().expect("generates");
    let text = &generated.files()["size.rs"];
    assert!(text.contains("// shared/sizes.toml: type.Size.width.default_expression"), "{text}");
}

#[test]
fn findings_point_into_their_files_in_the_order_of_inclusion() {
    let folder = Folder::new(&[
        (
            "models.toml",
            &including("\"a.toml\", \"b.toml\"", &BOOKS.replace("partition_key", "partiton_key")),
        ),
        ("a.toml", "[enum.State]\nvariants = []\n"),
        ("b.toml", "[enum.Other]\nvarants = []\n"),
    ]);
    insta::assert_snapshot!(folder.error());
}

#[test]
fn what_two_files_declare_is_shown_in_both() {
    let again = "[model.Book]\ntable = \"books\"\n\n[model.Book.schema]\nisbn = \"string\"\n\n[type.state]\nname = \"string\"\n";
    let folder = Folder::new(&[
        ("models.toml", &including("\"a.toml\", \"b.toml\"", BOOKS)),
        ("a.toml", SHARED),
        ("b.toml", again),
    ]);
    insta::assert_snapshot!(folder.error());
}

#[test]
fn stored_names_of_tables_conflict_across_files() {
    let folder = Folder::new(&[
        ("models.toml", &including("\"a.toml\"", &format!("{BOOKS}\n{SHARED}"))),
        (
            "a.toml",
            "[table.lent]\nname = \"books\"\npartition_key = \"isbn\"\n\n[model.Lent]\ntable = \"lent\"\n\n[model.Lent.schema]\nisbn = \"string\"\n",
        ),
    ]);
    let error = folder.error();
    assert!(
        error.contains("error[D0202]")
            && error.contains("--> a.toml:2:8")
            && error.contains("::: models.toml:3:8"),
        "{error}"
    );
}

#[test]
fn a_file_that_includes_itself_is_an_error() {
    let folder = Folder::new(&[
        ("models.toml", &including("\"a.toml\"", BOOKS)),
        ("a.toml", "include = [\"b.toml\"]\n"),
        ("b.toml", &including("\"a.toml\", \"models.toml\", \"b.toml\"", SHARED)),
    ]);
    insta::assert_snapshot!(folder.error());
}

#[test]
fn a_file_that_is_included_twice_is_an_error() {
    let folder =
        Folder::new(&[("models.toml", &including("\"a.toml\", \"./a.toml\"", BOOKS)), ("a.toml", SHARED)]);
    insta::assert_snapshot!(folder.error());
}

#[test]
fn settings_of_the_run_in_an_included_file_are_an_error() {
    let folder = Folder::new(&[
        ("models.toml", &including("\"a.toml\"", BOOKS)),
        ("a.toml", &format!("[generate]\nserde = \"field-names\"\n\n{SHARED}")),
    ]);
    insta::assert_snapshot!(folder.error());
}

#[test]
fn each_file_chooses_the_library_of_its_rules_for_itself_and_for_those_that_it_includes() {
    let rule = |name: &str| {
        format!("[type.{name}]\ntext = {{ type = \"string\", validate = {{ email = true }} }}\n")
    };
    let fields = "a = \"A\"\nb = \"B\"\nc = \"C\"\n";
    let folder = Folder::new(&[
        ("models.toml", &including("\"a.toml\", \"b.toml\"", &format!("{BOOKS}{fields}\n{SHARED}"))),
        ("a.toml", &rule("A")),
        (
            "b.toml",
            &format!("include = [\"c.toml\"]\n\n[generate]\nvalidation = \"validator\"\n\n{}", rule("B")),
        ),
        ("c.toml", &rule("C")),
    ]);

    let generated = folder.generate().expect("generates");

    let library = |file: &str| {
        let text = &generated.files()[file];
        (text.contains("validated_by_garde!"), text.contains("validator::email("))
    };
    assert_eq!(
        ["book.rs", "a.rs", "b.rs", "c.rs"].map(library),
        [(true, false), (true, false), (false, true), (false, true),]
    );
}

#[test]
fn a_file_that_is_missing_is_shown_where_it_is_named() {
    let folder =
        Folder::new(&[("models.toml", &including("\"a.toml\", \"shared\"", BOOKS)), ("shared/a.toml", "")]);
    insta::assert_snapshot!(folder.error());
}

#[test]
fn syntax_errors_of_all_files_are_reported_at_once() {
    let folder = Folder::new(&[
        ("models.toml", &including("\"a.toml\", \"b.toml\"", BOOKS)),
        ("a.toml", "["),
        ("b.toml", "= 1\n"),
    ]);
    let error = folder.error();
    assert!(error.contains("--> a.toml:1:2") && error.contains("--> b.toml:1:1"), "{error}");
}

#[test]
fn a_path_that_leads_elsewhere_is_an_error() {
    for path in ["../a.toml", "/a.toml", "a/../../b.toml", "C:/a.toml", "a\\\\b.toml", "", "."] {
        let folder = Folder::new(&[("models.toml", &including(&format!("\"{path}\""), BOOKS))]);
        let error = folder.error();
        assert!(error.contains("error[D0015]") && error.contains("--> models.toml:1:12"), "{path}: {error}");
    }
}

#[cfg(unix)]
#[test]
fn a_link_that_leads_elsewhere_is_an_error() {
    let elsewhere = Folder::new(&[("states.toml", SHARED)]);
    let folder = Folder::new(&[("models.toml", &including("\"states.toml\"", BOOKS))]);
    std::os::unix::fs::symlink(elsewhere.path("states.toml"), folder.path("states.toml")).expect("a link");
    let error = folder.error();
    assert!(
        error.contains("error[D0015]") && error.contains("leads out of this file's directory"),
        "{error}"
    );
}

#[test]
fn more_files_than_the_limit_are_an_error() {
    let names: Vec<String> = (0..120).map(|number| format!("part-{number}.toml")).collect();
    let quoted: Vec<String> = names.iter().map(|name| format!("\"{name}\"")).collect();
    let models = including(&quoted.join(", "), BOOKS);
    let mut files = vec![("models.toml", models.as_str())];
    files.extend(names.iter().map(|name| (name.as_str(), "")));
    let error = Folder::new(&files).error();
    assert!(error.contains("error[D0012]: too many files: the limit is 100"), "{error}");
}

#[test]
fn declarations_in_memory_include_nothing() {
    let error = dynamorm_generator::generate_str("models.toml", &including("\"a.toml\"", BOOKS))
        .expect_err("an error");
    assert!(error.to_string().contains("declarations in memory lie nowhere"), "{error}");
}

#[test]
fn a_text_that_is_not_saved_yet_includes_files() {
    let folder = Folder::new(&[("models.toml", "not TOML"), ("a.toml", SHARED)]);
    let generator = Generator::new(folder.path("models.toml")).text(including("\"a.toml\"", BOOKS));
    assert!(generator.validate().expect("valid").is_empty());
    assert_eq!(generator.generate().expect("generates").inputs(), [folder.path("a.toml")]);
}
