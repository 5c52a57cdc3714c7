//! The generator in a build script, run by cargo.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const MODELS: &str = "[table.notes]\npartition_key = \"id\"\n\n[model.Note]\ntable = \"notes\"\n\n[model.Note.schema]\nid = \"uuid\"\n";

/// A package whose build script generates, built with the dependencies that are compiled already.
struct Package {
    folder: tempfile::TempDir,
}

impl Package {
    fn new(name: &str, models: &str) -> Self {
        let generator = env!("CARGO_MANIFEST_DIR");
        let package = Package { folder: tempfile::tempdir().unwrap() };
        let manifest = format!(
            "[package]\nname = \"generated-{name}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n\
             [build-dependencies]\ndynamorm-generator = {{ path = {generator:?} }}\n\n[workspace]\n"
        );
        package.write("Cargo.toml", &manifest);
        package.write("models.toml", models);
        package.write(
            "build.rs",
            "fn main() -> Result<(), dynamorm_generator::Error> {\n    \
             dynamorm_generator::Generator::new(\"models.toml\").compile()\n}\n",
        );
        package.write("src/lib.rs", "");
        fs::copy(Path::new(generator).join("Cargo.lock"), package.path("Cargo.lock")).unwrap();
        package
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn build(&self) -> Output {
        self.cargo("build").output().unwrap()
    }

    fn cargo(&self, verb: &str) -> Command {
        let mut command = Command::new(env!("CARGO"));
        command
            .args([verb, "--offline", "--message-format=short"])
            .current_dir(self.folder.path())
            // The generator and what it needs are compiled there already.
            .env("CARGO_TARGET_DIR", Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap());
        command
    }
}

fn text(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn a_second_build_does_not_rebuild_and_a_changed_declaration_rebuilds_once() {
    let package = Package::new("rebuilds", MODELS);
    let first = package.build();
    assert!(first.status.success(), "{}", text(&first));
    assert!(text(&first).contains("Compiling generated-"), "{}", text(&first));

    let second = package.build();
    assert!(!text(&second).contains("Compiling"), "{}", text(&second));

    package.write("models.toml", &format!("{MODELS}text = \"string\"\n"));
    let third = package.build();
    assert_eq!(text(&third).matches("Compiling").count(), 1, "{}", text(&third));
    let fourth = package.build();
    assert!(!text(&fourth).contains("Compiling"), "{}", text(&fourth));
}

#[test]
fn a_file_beside_the_declarations_that_nothing_names_rebuilds_nothing() {
    let package = Package::new("unrelated", MODELS);
    assert!(package.build().status.success());
    package.write("notes.txt", "unrelated");
    let second = package.build();
    assert!(!text(&second).contains("Compiling"), "{}", text(&second));
}

#[test]
fn a_mistake_is_reported_in_cargos_output_with_its_place_and_code() {
    let package = Package::new("mistake", &MODELS.replace("\"uuid\"", "\"uiud\""));
    let output = package.build();
    assert!(!output.status.success());
    let text = text(&output);
    assert!(text.contains("models.toml:8:7"), "{text}");
    assert!(text.contains("did you mean `uuid`"), "{text}");
    assert!(text.contains("error[D0"), "{text}");
}

#[test]
fn several_files_of_declarations_are_generated_by_one_build_script() {
    let package = Package::new("several", MODELS);
    package.write("more.toml", &MODELS.replace("notes", "pages").replace("Note", "Page"));
    package.write(
        "build.rs",
        "fn main() -> Result<(), dynamorm_generator::Error> {\n    \
         dynamorm_generator::Generator::new(\"models.toml\").compile()?;\n    \
         dynamorm_generator::Generator::new(\"more.toml\").compile()\n}\n",
    );
    // What is included is the macro's, which is the runtime's; that the files are there is enough here.
    package.write(
        "src/lib.rs",
        "pub const ALL: [&str; 2] = [\n    \
         include_str!(concat!(env!(\"OUT_DIR\"), \"/dynamorm/models/note.rs\")),\n    \
         include_str!(concat!(env!(\"OUT_DIR\"), \"/dynamorm/more/page.rs\")),\n];\n",
    );
    let first = package.build();
    assert!(first.status.success(), "{}", text(&first));
    package.write("more.toml", &MODELS.replace("notes", "sheets").replace("Note", "Page"));
    let second = package.build();
    assert_eq!(text(&second).matches("Compiling").count(), 1, "{}", text(&second));
    assert!(!text(&package.build()).contains("Compiling"));
}

#[test]
fn a_file_of_declarations_may_have_any_name() {
    let package = Package::new("names", MODELS);
    for name in ["schema.txt", "models.TOML", "plain", "a \\ b.toml"] {
        package.write(name, MODELS);
        let script = format!(
            "fn main() -> Result<(), dynamorm_generator::Error> {{\n    \
             dynamorm_generator::Generator::new({name:?}).compile()?;\n    \
             let stem = std::path::Path::new({name:?}).file_stem().unwrap().to_str().unwrap();\n    \
             let out = std::env::var(\"OUT_DIR\").unwrap();\n    \
             let root = std::fs::read_to_string(format!(\"{{out}}/dynamorm/{{stem}}/mod.rs\")).unwrap();\n    \
             let file = format!(\"/dynamorm/{{stem}}/note.rs\");\n    \
             assert!(root.contains(&format!(\"{{file:?}}\")), \"{{root}}\");\n    \
             assert!(std::path::Path::new(&format!(\"{{out}}{{file}}\")).exists());\n    Ok(())\n}}\n"
        );
        package.write("build.rs", &script);
        let built = package.build();
        assert!(built.status.success(), "{name}: {}", text(&built));
    }
}

#[test]
fn two_files_of_one_stem_do_not_replace_each_others_modules() {
    let package = Package::new("stems", MODELS);
    package.write("a/models.toml", MODELS);
    package.write("b/models.toml", &MODELS.replace("Note", "Page"));
    let script = |second: &str| {
        format!(
            "fn main() -> Result<(), dynamorm_generator::Error> {{\n    \
             dynamorm_generator::Generator::new(\"a/models.toml\").compile()?;\n    \
             dynamorm_generator::Generator::new({second:?}).compile()\n}}\n"
        )
    };
    package.write("build.rs", &script("b/models.toml"));
    let built = package.build();
    let text = text(&built);
    assert!(!built.status.success(), "{text}");
    assert!(text.contains("`a/models.toml` and `b/models.toml` would both be generated into"), "{text}");
    // The same file twice is no harm, and another one in its place neither.
    for second in ["./a/models.toml", "a/models.toml"] {
        package.write("build.rs", &script(second));
        assert!(package.build().status.success(), "{second}");
    }
    package.write("build.rs", &script("b/models.toml").replace("a/models", "b/models"));
    assert!(package.build().status.success());
}

#[test]
fn a_change_in_an_included_file_rebuilds_once() {
    let package = Package::new("included", &format!("include = [\"parts/pages.toml\"]\n\n{MODELS}"));
    package.write("parts/pages.toml", &MODELS.replace("notes", "pages").replace("Note", "Page"));
    let first = package.build();
    assert!(first.status.success(), "{}", text(&first));
    assert!(!text(&package.build()).contains("Compiling"));
    package.write("parts/pages.toml", &MODELS.replace("notes", "sheets").replace("Note", "Page"));
    let second = package.build();
    assert_eq!(text(&second).matches("Compiling").count(), 1, "{}", text(&second));
    assert!(!text(&package.build()).contains("Compiling"));
}

#[test]
fn a_mistake_in_an_included_file_is_reported_and_its_correction_is_noticed() {
    let package = Package::new("corrected", &format!("include = [\"pages.toml\"]\n\n{MODELS}"));
    let pages = MODELS.replace("notes", "pages").replace("Note", "Page");
    package.write("pages.toml", &pages.replace("\"uuid\"", "\"uiud\""));
    let wrong = package.build();
    assert!(!wrong.status.success() && text(&wrong).contains("pages.toml:8:7"), "{}", text(&wrong));
    package.write("pages.toml", &pages);
    assert!(package.build().status.success());
}

#[test]
fn warnings_are_shown_once_in_each_build_that_runs_the_script() {
    let unused = format!("{MODELS}\n[enum.State]\nvariants = [\"new\"]\n");
    let package = Package::new("warned", &unused);
    for _ in 0..2 {
        let output = package.build();
        assert!(output.status.success(), "{}", text(&output));
        assert_eq!(text(&output).matches("warning[D0309]").count(), 1, "{}", text(&output));
    }
    package.write("models.toml", &format!("{unused}\n# A comment.\n"));
    assert_eq!(text(&package.build()).matches("warning[D0309]").count(), 1);
}

#[test]
fn a_member_of_a_workspace_generates_from_its_own_folder() {
    let package = Package::new("outer", MODELS);
    let manifest = fs::read_to_string(package.path("Cargo.toml")).unwrap();
    let member = manifest.replace("generated-outer", "generated-member").replace("[workspace]\n", "");
    package.write("member/Cargo.toml", &member);
    for name in ["models.toml", "build.rs", "src/lib.rs"] {
        package.write(&format!("member/{name}"), &fs::read_to_string(package.path(name)).unwrap());
    }
    package.write("Cargo.toml", "[workspace]\nmembers = [\"member\"]\nresolver = \"3\"\n");
    fs::remove_file(package.path("models.toml")).unwrap();
    let output = package.build();
    assert!(output.status.success(), "{}", text(&output));
    assert!(!text(&package.build()).contains("Compiling"));
}

/// The files of a folder and those below it, with their contents, apart from what cargo itself writes.
fn contents(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut all = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all.extend(contents(&path));
        } else if !path.ends_with("Cargo.lock") {
            let content = fs::read(&path).unwrap();
            all.push((path, content));
        }
    }
    all.sort();
    all
}

#[test]
fn only_the_output_directory_is_written_to_as_docs_rs_demands() {
    let package = Package::new("documented", MODELS);
    let before = contents(package.folder.path());
    let output = package.cargo("doc").env("DOCS_RS", "1").output().unwrap();
    assert!(output.status.success(), "{}", text(&output));
    assert_eq!(contents(package.folder.path()), before);
}

#[test]
fn a_build_script_that_runs_again_on_unchanged_declarations_writes_nothing() {
    let package = Package::new("again", MODELS);
    package.write("trigger", "1");
    package.write(
        "build.rs",
        "fn main() -> Result<(), dynamorm_generator::Error> {\n    \
         println!(\"cargo::rerun-if-changed=trigger\");\n    \
         dynamorm_generator::Generator::new(\"models.toml\").compile()?;\n    \
         let out = std::path::PathBuf::from(std::env::var_os(\"OUT_DIR\").unwrap()).join(\"dynamorm/models/note.rs\");\n    \
         println!(\"cargo::warning=written {:?}\", out.metadata().unwrap().modified().unwrap());\n    Ok(())\n}\n",
    );
    let written = |output: &Output| {
        let text = text(output);
        text.lines().find(|line| line.contains("written")).unwrap_or_else(|| panic!("{text}")).to_owned()
    };
    let first = package.build();
    package.write("trigger", "2");
    let second = package.build();
    assert!(text(&second).contains("Compiling"), "{}", text(&second));
    assert_eq!(written(&first), written(&second));
    package.write("models.toml", &format!("{MODELS}text = \"string\"\n"));
    assert_ne!(written(&first), written(&package.build()), "the change is noticed after all");
}
