//! Whom a client trusts: the one certificate whose fingerprint it was given, or anybody.

use std::error::Error;
use std::sync::Arc;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{self, CryptoProvider, ring};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{
    CertificateError, ClientConfig, ClientConnection, DigitallySignedStruct, SignatureScheme,
    SupportedProtocolVersion,
};

use super::hosts::{fingerprint, host_of};

pub struct Trust {
    config: Arc<ClientConfig>,
}

impl Trust {
    /// Trusts the certificate with that SHA-256, in hexadecimal. Without one it trusts anybody, as libcups does with a printer
    /// that it sees for the first time: that keeps those out who listen, not those in the middle.
    pub fn new(
        certificate: Option<&str>,
        versions: &[&'static SupportedProtocolVersion],
    ) -> Result<Trust, Box<dyn Error + Send + Sync>> {
        let provider = Arc::new(ring::default_provider());
        let pin = Pin {
            certificate: certificate.map(str::to_ascii_lowercase),
            provider: provider.clone(),
        };
        let config = ClientConfig::builder_with_provider(provider)
            .with_protocol_versions(versions)?
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(pin))
            .with_no_client_auth();
        Ok(Trust {
            config: Arc::new(config),
        })
    }

    /// The same with changes.
    pub fn with(&self, change: impl FnOnce(&mut ClientConfig)) -> Trust {
        let mut config = ClientConfig::clone(&self.config);
        change(&mut config);
        Trust {
            config: Arc::new(config),
        }
    }

    /// The client's side of TLS with the server of that authority.
    pub fn connection(
        &self,
        authority: &str,
    ) -> Result<ClientConnection, Box<dyn Error + Send + Sync>> {
        let name = ServerName::try_from(host_of(authority).to_owned())?;
        Ok(ClientConnection::new(self.config.clone(), name)?)
    }
}

#[derive(Debug)]
struct Pin {
    certificate: Option<String>,
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for Pin {
    fn verify_server_cert(
        &self,
        certificate: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _name: &ServerName<'_>,
        _ocsp: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        match &self.certificate {
            Some(pin) if *pin != fingerprint(certificate) => {
                Err(CertificateError::ApplicationVerificationFailure.into())
            }
            _ => Ok(ServerCertVerified::assertion()),
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        crypto::verify_tls12_signature(message, certificate, signature, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        crypto::verify_tls13_signature(message, certificate, signature, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider
            .signature_verification_algorithms
            .supported_schemes()
    }
}
