//! Every id in the tables of `tests/conformance/` has a test, and every test an id.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

fn sources(path: &Path, into: &mut Vec<String>) {
    for entry in fs::read_dir(path).expect("a folder of the project") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            sources(&path, into);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            into.push(fs::read_to_string(&path).expect("a source"));
        }
    }
}

/// `R9112-01` of `fn r9112_01_opaque_octets()`, if that line starts such a test.
fn id_of(line: &str) -> Option<String> {
    let name = line.trim_start().strip_prefix("fn ")?;
    let mut parts = name.split(['_', '(']);
    let (document, number) = (parts.next()?, parts.next()?);
    let is_document = document == "sec"
        || document == "reg"
        || document.strip_prefix('r')?.parse::<u16>().is_ok();
    let is_number = number.len() == 2 && number.bytes().all(|byte| byte.is_ascii_digit());
    (is_document && is_number).then(|| format!("{}-{number}", document.to_uppercase()))
}

#[test]
fn every_id_has_a_test_and_every_test_an_id() {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let mut listed = BTreeSet::new();
    for entry in fs::read_dir(tests.join("conformance")).expect("the tables") {
        let table = fs::read_to_string(entry.expect("an entry").path()).expect("a table");
        for row in table
            .lines()
            .filter(|line| line.starts_with("| R") || line.starts_with("| SEC-"))
        {
            let id = row.split('|').nth(1).expect("an id").trim().to_owned();
            assert_eq!(
                row.matches(" | ").count(),
                3,
                "id, source, rule, status: {row}"
            );
            assert!(listed.insert(id), "twice: {row}");
        }
    }
    let mut files = Vec::new();
    sources(&tests, &mut files);
    let tested: BTreeSet<String> = files
        .iter()
        .flat_map(|text| text.lines())
        .filter_map(id_of)
        .collect();
    assert!(listed.len() > 40, "the tables were found");
    assert_eq!(
        listed.difference(&tested).collect::<Vec<_>>(),
        Vec::<&String>::new(),
        "ids without a test"
    );
    assert_eq!(
        tested.difference(&listed).collect::<Vec<_>>(),
        Vec::<&String>::new(),
        "tests without an id"
    );
}
