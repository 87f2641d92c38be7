//! Drives the machines and writes down what they do.

pub mod client;
pub mod server;
pub mod setup;

use http_upgrade::websocket::Extension;

use crate::reference::head::Lines;
use crate::reference::offer;

/// What is made of the field lines of a message.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Views {
    pub hop_by_hop: Vec<String>,
    pub end_to_end: Vec<String>,
    pub upgrade: Vec<String>,
    pub subprotocols: Vec<String>,
    pub extensions: Vec<offer::Extension>,
}

/// The names of fields.
pub fn names<'a>(fields: impl Iterator<Item = (&'a str, &'a [u8])>) -> Vec<String> {
    fields.map(|(name, _)| name.to_owned()).collect()
}

pub fn owned<'a>(members: impl Iterator<Item = &'a str>) -> Vec<String> {
    members.map(str::to_owned).collect()
}

pub fn extensions<'a>(extensions: impl Iterator<Item = Extension<'a>>) -> Vec<offer::Extension> {
    let owned = |extension: Extension<'_>| {
        let parameters = extension.parameters();
        let owned = parameters
            .map(|(name, value)| (name.to_owned(), value.map(|value| value.chars().collect())));
        (extension.name().to_owned(), owned.collect())
    };
    extensions.map(owned).collect()
}

impl Views {
    /// Holds them against the lines as the reference has them.
    pub fn check(&self, lines: &Lines) {
        let named = |is_so: bool| -> Vec<String> {
            let names = lines.fields.iter().map(|(name, _)| name);
            let names = names.filter(|name| lines.is_hop_by_hop(name) == is_so);
            names
                .map(|name| String::from_utf8_lossy(name).into_owned())
                .collect()
        };
        assert_eq!(self.hop_by_hop, named(true), "fields that end here");
        assert_eq!(self.end_to_end, named(false), "fields that go on");
        let list = |name: &str| -> Vec<String> {
            let members = lines.list(name).into_iter();
            members
                .filter_map(|member| String::from_utf8(member.to_vec()).ok())
                .collect()
        };
        assert_eq!(self.upgrade, list("upgrade"), "Upgrade");
        assert_eq!(
            self.subprotocols,
            list("sec-websocket-protocol"),
            "subprotocols"
        );
        let all = lines
            .all("sec-websocket-extensions")
            .into_iter()
            .map(offer::extensions);
        if let Some(all) = all.collect::<Option<Vec<_>>>() {
            assert_eq!(self.extensions, all.concat(), "extensions");
        }
    }
}
