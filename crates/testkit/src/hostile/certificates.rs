//! Certificates, good and bad, of an authority that only the runs of the suite trust.

use std::{collections::BTreeMap, sync::Arc};

use anyhow::Context as _;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair, date_time_ymd};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{ServerConfig, pki_types::PrivateKeyDer},
};

use crate::hostile::route::{CertificateKind, PUBLIC_DOMAIN};

/// The TLS acceptors of the server.
pub(crate) struct Certificates {
    /// The authority that the runs trust, as PEM.
    pub(crate) authority: String,
    acceptors: BTreeMap<CertificateKind, TlsAcceptor>,
    http2: TlsAcceptor,
}

impl Certificates {
    pub(crate) fn new() -> anyhow::Result<Self> {
        let mut params = CertificateParams::new(Vec::new())?;
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let authority = CertifiedIssuer::self_signed(params, KeyPair::generate()?)?;
        let kinds = [
            CertificateKind::Good,
            CertificateKind::Expired,
            CertificateKind::NotYetValid,
            CertificateKind::OtherHost,
            CertificateKind::SelfSigned,
        ];
        let acceptor = |kind| anyhow::Ok((kind, new_acceptor(kind, &authority, b"http/1.1")?));
        Ok(Self {
            authority: authority.pem(),
            acceptors: kinds.into_iter().map(acceptor).collect::<anyhow::Result<_>>()?,
            http2: new_acceptor(CertificateKind::Good, &authority, b"h2")?,
        })
    }

    /// The acceptor with such a certificate; none for [`CertificateKind::None`].
    pub(crate) fn acceptor(&self, kind: CertificateKind) -> Option<&TlsAcceptor> {
        self.acceptors.get(&kind)
    }

    /// The acceptor with a good certificate that speaks HTTP/2.
    pub(crate) fn http2(&self) -> &TlsAcceptor {
        &self.http2
    }
}

fn new_acceptor(
    kind: CertificateKind,
    authority: &CertifiedIssuer<'static, KeyPair>,
    protocol: &[u8],
) -> anyhow::Result<TlsAcceptor> {
    let names = match kind {
        CertificateKind::OtherHost => vec!["docs.stranger.example".to_owned()],
        _ => vec!["localhost".to_owned(), format!("*.{PUBLIC_DOMAIN}")],
    };
    let mut params = CertificateParams::new(names)?;
    match kind {
        CertificateKind::Expired => params.not_after = date_time_ymd(2001, 1, 1),
        CertificateKind::NotYetValid => params.not_before = date_time_ymd(2900, 1, 1),
        _ => {}
    }
    let key = KeyPair::generate()?;
    let certificate = match kind {
        CertificateKind::SelfSigned => params.self_signed(&key)?,
        _ => params.signed_by(&key, authority)?,
    };
    let key = PrivateKeyDer::try_from(key.serialize_der()).ok().context("a key that rustls reads")?;
    let mut config =
        ServerConfig::builder().with_no_client_auth().with_single_cert(vec![certificate.der().clone()], key)?;
    config.alpn_protocols = vec![protocol.to_vec()];
    Ok(TlsAcceptor::from(Arc::new(config)))
}
