//! The recipes of docs/cookbook: all their declarations as one file, and the Rust of each as a module that has its name.

pub mod models {
    dynamorm::include_models!("cookbook");
}

include!(concat!(env!("OUT_DIR"), "/recipes.rs"));
