//! What can be wrong with a request before it is sent.

use super::super::uri::check_authority;
use super::{Offer, RequestContent, UpgradeRequest};
use crate::Misuse;
use crate::authority::port;
use crate::octets::{is_target, is_token};
use crate::write::check;

impl UpgradeRequest<'_> {
    /// Whether this can be sent, on a connection inside TLS or not.
    pub(in crate::client) fn check(&self, secure: bool) -> Result<(), Misuse> {
        if !is_token(self.method.as_bytes()) {
            return Err(Misuse::BadMethod);
        }
        self.check_target()?;
        self.fields
            .iter()
            .try_for_each(|(name, value)| check(name, value))?;
        self.check_content()?;
        let inside = secure || self.mandatory_tls.is_some();
        if self.uri.secure && !inside {
            return Err(Misuse::NeedsTls);
        }
        if let Some(tokens) = self.mandatory_tls.filter(|_| !secure) {
            Offer::tls(tokens).check(true, false, self.proxy)?;
        }
        let is_plain_get = self.method == "GET" && self.content == RequestContent::None;
        if self.is_connect() && !self.offers.is_empty() {
            return Err(Misuse::NeedsTunnel);
        }
        self.check_offers(is_plain_get, inside)
    }

    /// Each offer by itself, and none twice: their fields stand once (RFC 9110 section 5.3).
    fn check_offers(&self, is_plain_get: bool, inside: bool) -> Result<(), Misuse> {
        for (at, offer) in self.offers.iter().enumerate() {
            offer.check(is_plain_get, inside, self.proxy)?;
            let mut earlier = self.offers.iter().take(at);
            if earlier.any(|earlier| earlier.is_same(offer.protocol())) {
                return Err(Misuse::OfferedTwice);
            }
        }
        Ok(())
    }

    fn check_target(&self) -> Result<(), Misuse> {
        let target = self.uri.target.as_bytes();
        check_authority(self.uri.authority)?;
        if self.is_connect() && !target.is_empty() {
            return Err(Misuse::BadTarget);
        }
        if self.is_connect() {
            return if matches!(port(self.uri.authority.as_bytes()), Ok(Some(1..))) {
                Ok(())
            } else {
                Err(Misuse::BadHost)
            };
        }
        match target {
            b"*" if self.method == "OPTIONS" && !self.proxy => Ok(()),
            [] | [b'/' | b'?', ..] if is_target(target) => Ok(()),
            _ => Err(Misuse::BadTarget),
        }
    }

    fn check_content(&self) -> Result<(), Misuse> {
        let has_content = self.content_len() > 0;
        let has_type = self
            .fields
            .iter()
            .any(|(name, _)| name.eq_ignore_ascii_case("content-type"));
        match (self.method, has_content) {
            ("CONNECT", _) if self.content != RequestContent::None => {
                Err(Misuse::ContentNotAllowed)
            }
            (_, true) if !self.offers.iter().all(Offer::takes_content) => {
                Err(Misuse::ContentNotAllowed)
            }
            ("OPTIONS", true) if !has_type => Err(Misuse::NoContentType),
            (_, false) if self.expect_continue => Err(Misuse::ExpectWithoutContent),
            _ => Ok(()),
        }
    }
}
