//! Pages: the files of a folder.

use http_upgrade::{Request, Status};
use std::path::{Component, Path};

/// The answer to an ordinary request.
pub struct Page {
    pub status: Status,
    pub kind: &'static str,
    pub content: Vec<u8>,
}

impl Page {
    pub fn find(root: &Path, request: &Request) -> Page {
        if !matches!(request.method(), "GET" | "HEAD" | "OPTIONS") {
            return Page::text(
                Status::NOT_IMPLEMENTED,
                "This server only knows GET and HEAD.\n",
            );
        }
        let path = request
            .target()
            .split('?')
            .next()
            .unwrap_or_default()
            .trim_start_matches('/');
        let path = Path::new(if path.is_empty() { "index.html" } else { path });
        let is_below_root = path
            .components()
            .all(|component| matches!(component, Component::Normal(_)));
        let file = is_below_root.then(|| std::fs::read(root.join(path)));
        match file {
            Some(Ok(content)) => Page {
                status: Status::OK,
                kind: kind(path),
                content,
            },
            _ if request.method() == "OPTIONS" => Page::text(Status::OK, ""),
            _ => Page::text(Status::NOT_FOUND, "There is nothing here.\n"),
        }
    }

    fn text(status: Status, text: &str) -> Page {
        Page {
            status,
            kind: "text/plain; charset=utf-8",
            content: text.into(),
        }
    }
}

/// The media type of a file.
fn kind(path: &Path) -> &'static str {
    match path.extension().and_then(|extension| extension.to_str()) {
        Some("html") => "text/html; charset=utf-8",
        Some("css") => "text/css",
        Some("js") => "text/javascript",
        Some("svg") => "image/svg+xml",
        Some("txt" | "md") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}
