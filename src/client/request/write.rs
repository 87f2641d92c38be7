//! Writes a request (RFC 9112 section 3, RFC 9110 section 7.8).

use super::super::offer::Kind;
use super::{Offer, RequestContent, UpgradeRequest};
use crate::write::Writer;

impl UpgradeRequest<'_> {
    /// The `OPTIONS *` that leads into TLS: nothing of this request but its Host (RFC 2817 section 3.2).
    pub(in crate::client) fn write_probe(&self, writer: &mut Writer<'_>) {
        writer
            .text("OPTIONS * HTTP/1.1\r\n")
            .field("Host", self.uri.authority)
            .text("Upgrade: ");
        write_list(self.mandatory_tls.unwrap_or_default(), writer);
        writer.text("\r\nConnection: Upgrade\r\n\r\n");
    }

    /// The request-line and the fields.
    pub(in crate::client) fn write_head(&self, writer: &mut Writer<'_>) {
        self.write_request_line(writer);
        self.write_offers(writer);
        for (name, value) in self.fields {
            writer.field(name, value);
        }
        if self.content != RequestContent::None {
            writer
                .text("Content-Length: ")
                .number(self.content_len())
                .text("\r\n");
        }
        if self.expect_continue {
            writer.field("Expect", "100-continue");
        }
        writer.text("\r\n");
    }

    /// The request-line, and Host right behind it (RFC 9112 section 3.2).
    fn write_request_line(&self, writer: &mut Writer<'_>) {
        writer.text(self.method).text(" ");
        if self.is_connect() {
            writer.text(self.uri.authority);
        }
        if self.proxy && !self.is_connect() {
            writer
                .text(if self.uri.secure {
                    "https://"
                } else {
                    "http://"
                })
                .text(self.uri.authority);
        }
        if !self.is_connect() && !self.uri.target.starts_with(['/', '*']) {
            writer.text("/");
        }
        writer
            .text(self.uri.target)
            .text(" HTTP/1.1\r\nHost: ")
            .text(self.uri.authority)
            .text("\r\n");
    }

    /// Upgrade, Connection, and what each protocol needs besides (RFC 9110 section 7.8).
    fn write_offers(&self, writer: &mut Writer<'_>) {
        let mut separator = "Upgrade: ";
        for offer in self.offers {
            writer.text(separator);
            match offer.kind {
                Kind::Tls(tokens) => write_list(tokens, writer),
                _ => {
                    writer.text(offer.protocol().name());
                }
            }
            separator = ", ";
        }
        let has_h2c = self
            .offers
            .iter()
            .any(|offer| matches!(offer.kind, Kind::H2c(_)));
        match (self.offers, has_h2c) {
            ([], _) => {}
            (_, true) => {
                writer.text("\r\nConnection: Upgrade, HTTP2-Settings\r\n");
            }
            (_, false) => {
                writer.text("\r\nConnection: Upgrade\r\n");
            }
        }
        self.offers
            .iter()
            .for_each(|offer| write_particulars(offer, writer));
    }
}

/// The fields of one protocol.
fn write_particulars(offer: &Offer<'_>, writer: &mut Writer<'_>) {
    match offer.kind {
        Kind::WebSocket(offer) => {
            writer.text("Sec-WebSocket-Key: ").bytes(offer.key());
            writer.text("\r\nSec-WebSocket-Version: 13\r\n");
            write_list_field(
                "Sec-WebSocket-Protocol: ",
                offer.offered_subprotocols(),
                writer,
            );
            write_list_field(
                "Sec-WebSocket-Extensions: ",
                offer.offered_extensions(),
                writer,
            );
        }
        Kind::H2c(settings) => {
            writer.text("HTTP2-Settings: ");
            settings.write(|characters| {
                writer.bytes(characters);
            });
            writer.text("\r\n");
        }
        Kind::Tls(_) | Kind::Token(_) => {}
    }
}

fn write_list_field(name: &str, members: &[&str], writer: &mut Writer<'_>) {
    if !members.is_empty() {
        writer.text(name);
        write_list(members, writer);
        writer.text("\r\n");
    }
}

fn write_list(members: &[&str], writer: &mut Writer<'_>) {
    let mut separator = "";
    for member in members {
        writer.text(separator).text(member);
        separator = ", ";
    }
}
