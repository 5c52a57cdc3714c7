//! Comparing paths that lead to the same place.

use std::ffi::OsString;
use std::fs;
use std::path::{self, Path, PathBuf};

/// The canonical path of a file or directory, whose last parts may not exist yet.
pub(crate) fn settled(path: &Path) -> PathBuf {
    let Ok(absolute) = path::absolute(path) else { return path.to_owned() };
    let mut missing: Vec<OsString> = Vec::new();
    let mut upwards = 0;
    for place in absolute.ancestors() {
        if let Ok(mut settled) = fs::canonicalize(place) {
            for _ in 0..upwards {
                settled.pop();
            }
            for part in missing.iter().rev() {
                settled.push(part);
            }
            return settled;
        }
        match place.file_name() {
            Some(_) if upwards > 0 => upwards -= 1,
            Some(name) => missing.push(name.to_owned()),
            None => upwards += 1,
        }
    }
    absolute
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_place_has_one_path() {
        let folder = tempfile::tempdir().expect("a folder");
        let root = folder.path();
        fs::create_dir(root.join("there")).expect("a folder");
        let expected = settled(&root.join("new/models"));
        for other in [
            "new/./models",
            "there/../new/models",
            "new//models/",
            "./new/models",
            "new/old/../models",
            "a/b/../../new/models",
        ] {
            assert_eq!(settled(&root.join(other)), expected, "{other}");
        }
        assert_ne!(settled(&root.join("there/models")), expected);
        assert_eq!(settled(Path::new("no-such")), settled(Path::new("./no-such")));
    }
}
