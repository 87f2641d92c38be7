//! Checks a 101 against what was offered (RFC 9110 section 7.8, RFC 6455 section 4.1, RFC 2817 section 3.3).

use super::core::{Core, Probe};
use super::facts::Facts;
use super::offer::{Kind, Offer};
use super::state::{Event, State};
use super::websocket_offer::WebSocketOffer;
use crate::Error;
use crate::field_lines::Fields;
use crate::fields::{members, same_name};
use crate::protocol::{is_same_token, is_tls_token};
use crate::request::{Flags, Once};
use crate::span::narrow;
use crate::websocket::{Extension, deflate, extensions, handshake};

/// Nothing to go through.
const NO_FIELDS: Fields<'_> = Fields { rest: &[] };

impl Core<'_> {
    pub(super) fn switch(&mut self, head: &[u8], facts: &Facts<'_>) -> Result<(), Error> {
        let probe = [Offer::tls(self.request.mandatory_tls.unwrap_or_default())];
        let offers = if self.probe == Probe::Clear {
            &probe[..]
        } else {
            self.request.offers
        };
        let is_asked = self.probe != Probe::Inside
            && !self.spent
            && !offers.is_empty()
            && self.state == State::Await;
        if !is_asked {
            return Err(Error::UnexpectedSwitch);
        }
        if facts.flags.has(Flags::HTTP10) {
            return Err(Error::SwitchInHttp10);
        }
        let fields = Fields {
            rest: head.get(self.head.start_line()..).unwrap_or_default(),
        };
        let chosen = self.named(offers, fields, facts)?;
        let offer = offers.get(chosen).ok_or(Error::SwitchNotOffered)?;
        if let Kind::WebSocket(offer) = offer.kind {
            check_websocket(offer, fields, facts)?;
        }
        self.chosen = narrow(chosen);
        let is_tls = matches!(offer.kind, Kind::Tls(_));
        self.fire(if is_tls {
            Event::TlsComplete
        } else {
            Event::SwitchComplete
        });
        Ok(())
    }

    /// The offer that Upgrade names: one alone, or TLS with what is layered on it.
    fn named(
        &self,
        offers: &[Offer<'_>],
        fields: Fields<'_>,
        facts: &Facts<'_>,
    ) -> Result<usize, Error> {
        let has_option = facts.flags.has(Flags::UPGRADE) && !facts.flags.has(Flags::LENIENT);
        // One token that was offered is the most, and known at a glance.
        if let (Once::One(value), true) = (facts.upgrade, has_option) {
            if let Some(chosen) = self.position(offers, value) {
                return Ok(chosen);
            }
        }
        // The lines are gone through once more only where there are several.
        let (line, lines) = match facts.upgrade {
            Once::Missing => (None, NO_FIELDS),
            Once::One(value) => (Some(value), NO_FIELDS),
            Once::Repeated => (None, fields),
        };
        let mut members = line
            .into_iter()
            .chain(lines.values("upgrade"))
            .flat_map(members);
        let Some(first) = members.next() else {
            return self.unnamed(offers, facts);
        };
        let chosen = self
            .position(offers, first)
            .ok_or(Error::SwitchNotOffered)?;
        let offer = offers.get(chosen).ok_or(Error::SwitchNotOffered)?;
        let is_tls = matches!(offer.kind, Kind::Tls(_));
        // Only on TLS is anything layered: HTTP, or another name of the same TLS.
        let is_layer = |member: &[u8]| {
            is_tls && (same_name(member, b"http/1.1") || self.is_named(offer, member))
        };
        if !members.all(is_layer) {
            return Err(Error::SwitchNotOffered);
        }
        if has_option || (is_tls && self.request.lenient_tls) {
            Ok(chosen)
        } else {
            Err(Error::SwitchWithoutConnection)
        }
    }

    /// The offer that a 101 which names none takes up: h2c alone, where the request is lenient.
    fn unnamed(&self, offers: &[Offer<'_>], facts: &Facts<'_>) -> Result<usize, Error> {
        let is_lenient = self.request.lenient_h2c
            && facts.upgrade == Once::Missing
            && !facts.flags.has(Flags::UPGRADE);
        match offers {
            [
                Offer {
                    kind: Kind::H2c(_), ..
                },
            ] if is_lenient => Ok(0),
            _ => Err(Error::SwitchWithoutUpgrade),
        }
    }

    fn position(&self, offers: &[Offer<'_>], member: &[u8]) -> Option<usize> {
        offers.iter().position(|offer| self.is_named(offer, member))
    }

    fn is_named(&self, offer: &Offer<'_>, member: &[u8]) -> bool {
        match offer.kind {
            Kind::Tls(_) if self.request.lenient_tls => is_tls_token(member),
            Kind::Tls(tokens) => tokens
                .iter()
                .any(|token| is_same_token(member, token.as_bytes())),
            _ => offer.protocol().is_named_by(member),
        }
    }
}

/// Accept, subprotocol and extensions (RFC 6455 section 4.1).
fn check_websocket(
    offer: &WebSocketOffer<'_>,
    fields: Fields<'_>,
    facts: &Facts<'_>,
) -> Result<(), Error> {
    if facts.accept != Once::One(&handshake::accept_key(offer.key())) {
        return Err(Error::BadAccept);
    }
    let offered = offer.offered_subprotocols();
    let is_fine = match facts.subprotocol {
        Once::Missing => offered.is_empty() || !offer.must_choose(),
        Once::One(chosen) => offered.iter().any(|name| name.as_bytes() == chosen),
        Once::Repeated => false,
    };
    if !is_fine {
        return Err(Error::BadSubprotocol);
    }
    if facts.has_extensions {
        check_extensions(offer.offered_extensions(), fields)?;
    }
    Ok(())
}

/// Each extension was offered and is accepted once, permessage-deflate in a way that answers the offer.
fn check_extensions(offered: &[&str], fields: Fields<'_>) -> Result<(), Error> {
    let mut accepted = 0;
    for mut line in fields.values("sec-websocket-extensions") {
        while let Some(extension) = extensions::next(&mut line).map_err(|()| Error::BadExtension)? {
            let bit = answered(offered, &extension).ok_or(Error::BadExtension)?;
            if accepted & bit != 0 {
                return Err(Error::BadExtension);
            }
            accepted |= bit;
        }
    }
    Ok(())
}

/// The bit of the offer that it answers, one for each name: several offers of one extension are alternatives.
fn answered(offered: &[&str], extension: &Extension<'_>) -> Option<u128> {
    let mut namesakes = offered
        .iter()
        .flat_map(|offer| extensions::all(offer.as_bytes()))
        .zip(0..)
        .filter(|(offer, _)| offer.name() == extension.name())
        .peekable();
    let bit = 1_u128.checked_shl(namesakes.peek()?.1)?;
    let is_deflate = extension.name() == deflate::NAME;
    namesakes
        .any(|(offer, _)| !is_deflate || deflate::is_answer(&offer, extension))
        .then_some(bit)
}
