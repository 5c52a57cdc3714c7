//! Takes the recipes out of docs/cookbook. A recipe begins with a heading of the second level; its TOML is declared, and its Rust
//! becomes a module, whose functions are made public so that the tests can call them.

use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use dynamorm_generator::Generator;
use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, Parser, Tag, TagEnd};

fn main() -> Result<(), Box<dyn Error>> {
    let folder = Path::new("../../docs/cookbook");
    println!("cargo::rerun-if-changed={}", folder.display());
    let mut pages: Vec<PathBuf> =
        fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.path())).collect::<Result<_, _>>()?;
    pages.sort();

    let (mut declarations, mut modules, mut names) = (String::new(), String::new(), Vec::new());
    for page in &pages {
        for recipe in recipes(&fs::read_to_string(page)?) {
            let name = identifier(&recipe.heading);
            if recipe.rust.is_empty() {
                return Err(format!("{}: `{}` has no Rust", page.display(), recipe.heading).into());
            }
            declarations.push_str(&recipe.declarations);
            declarations.push('\n');
            writeln!(modules, "/// `{}` of {}.\npub mod {name} {{", recipe.heading, page.display())?;
            modules.push_str(&public(&recipe.rust));
            modules.push_str("}\n\n");
            names.push(name);
        }
    }
    writeln!(modules, "/// The recipes that there are.\npub const RECIPES: &[&str] = &{names:?};")?;

    let out = PathBuf::from(std::env::var("OUT_DIR")?);
    fs::write(out.join("recipes.rs"), modules)?;
    fs::write(out.join("cookbook.toml"), declarations)?;
    Generator::new(out.join("cookbook.toml")).deny_warnings(true).compile()?;
    Ok(())
}

#[derive(Default)]
struct Recipe {
    heading: String,
    declarations: String,
    rust: String,
}

fn recipes(page: &str) -> Vec<Recipe> {
    let mut recipes: Vec<Recipe> = Vec::new();
    let (mut in_heading, mut language) = (false, None);
    for event in Parser::new(page) {
        match event {
            Event::Start(Tag::Heading { level: HeadingLevel::H2, .. }) => {
                recipes.push(Recipe::default());
                in_heading = true;
            }
            Event::End(TagEnd::Heading(_)) => in_heading = false,
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) => language = Some(info.into_string()),
            Event::End(TagEnd::CodeBlock) => language = None,
            Event::Text(text) | Event::Code(text) => {
                let Some(recipe) = recipes.last_mut() else { continue };
                match language.as_deref() {
                    _ if in_heading => recipe.heading.push_str(&text),
                    Some("toml") => recipe.declarations.push_str(&text),
                    Some("rust") => recipe.rust.push_str(&text),
                    _ => {}
                }
            }
            _ => {}
        }
    }
    recipes
}

/// `a_hot_partition` of "A hot partition".
fn identifier(heading: &str) -> String {
    let words = heading.split(|character: char| !character.is_ascii_alphanumeric());
    words.filter(|word| !word.is_empty()).map(str::to_lowercase).collect::<Vec<_>>().join("_")
}

/// The same Rust, whose items can be called from outside.
fn public(rust: &str) -> String {
    const ITEMS: [&str; 6] = ["fn ", "async fn ", "struct ", "enum ", "const ", "static "];
    let mut public = String::new();
    for line in rust.lines() {
        if ITEMS.iter().any(|item| line.starts_with(item)) {
            public.push_str("pub ");
        }
        public.push_str(line);
        public.push('\n');
    }
    public
}
