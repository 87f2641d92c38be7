//! Virtual hosts, each with a certificate of its own, chosen by the authority of the request in clear text.

use std::error::Error;
use std::fmt::Write;
use std::sync::Arc;

use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::ClientHello;

pub struct Host {
    name: String,
    /// SHA-256 of the certificate, in hexadecimal.
    pub fingerprint: String,
    config: Arc<ServerConfig>,
}

impl Host {
    /// A host with a new self-signed certificate.
    pub fn new(name: &str) -> Result<Host, Box<dyn Error + Send + Sync>> {
        let made = rcgen::generate_simple_self_signed([name.to_owned()])?;
        let certificate: CertificateDer = made.cert.der().clone();
        let key = PrivateKeyDer::try_from(made.signing_key.serialize_der())?;
        let fingerprint = fingerprint(&certificate);
        let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_single_cert(vec![certificate], key)?;
        // ipptool 2.4, back for TLS after a 426, cannot read on behind the tickets of TLS 1.3.
        config.send_tls13_tickets = 0;
        Ok(Host {
            name: name.to_owned(),
            fingerprint,
            config: Arc::new(config),
        })
    }

    /// The configuration with the certificate of this host, if the client's first message is that of a client which came by
    /// an upgrade.
    ///
    /// A client of an implicit-TLS port names its application protocols (ALPN), and the host that it means (SNI). One that
    /// names protocols has not asked for this upgrade: somebody in the middle has, and joined it to this connection.
    pub fn config_for(&self, hello: &ClientHello) -> Result<Arc<ServerConfig>, String> {
        if hello.alpn().is_some() {
            return Err("the client names application protocols: it meant another port".into());
        }
        match hello.server_name() {
            Some(name) if !name.eq_ignore_ascii_case(&self.name) => {
                Err(format!("the client means {name}"))
            }
            _ => Ok(self.config.clone()),
        }
    }

    /// For a client that is inside TLS from its first byte.
    pub fn config(&self) -> Arc<ServerConfig> {
        self.config.clone()
    }
}

/// The host that an authority names.
pub fn find<'h>(hosts: &'h [Host], authority: &str) -> Option<&'h Host> {
    let name = host_of(authority);
    hosts
        .iter()
        .find(|host| host.name.eq_ignore_ascii_case(name))
}

/// The host of `host[":" port]`, an IPv6 address without its brackets.
pub fn host_of(authority: &str) -> &str {
    if let Some((host, _)) = authority
        .strip_prefix('[')
        .and_then(|rest| rest.split_once(']'))
    {
        return host;
    }
    authority.split(':').next().unwrap_or(authority)
}

/// SHA-256 in hexadecimal.
pub fn fingerprint(certificate: &[u8]) -> String {
    let suite = ring::cipher_suite::TLS13_AES_128_GCM_SHA256.tls13();
    let hash = suite.map(|suite| suite.common.hash_provider.hash(certificate));
    let mut text = String::new();
    for byte in hash.iter().flat_map(AsRef::as_ref) {
        let _ = write!(text, "{byte:02x}");
    }
    text
}
