//! Writes the seeds of a target to a folder: `cargo run --no-default-features --example seeds -- TARGET FOLDER`.

use std::path::Path;

use http_upgrade_fuzz::reference::digest::sha1;
use http_upgrade_fuzz::seeds::Seeds;

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [target, folder] = &args[..] else {
        panic!("not a target and a folder: {args:?}");
    };
    for (_, seed) in Seeds::all().0.iter().filter(|(name, _)| name == target) {
        let name: String = sha1(seed)
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        std::fs::write(Path::new(folder).join(name), seed).expect("a file");
    }
}
