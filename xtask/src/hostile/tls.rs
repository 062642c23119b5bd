//! Certificates, good and bad, of an authority that the run alone trusts.

use std::{collections::BTreeMap, sync::Arc};

use anyhow::Context as _;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair, date_time_ymd};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{ServerConfig, pki_types::PrivateKeyDer},
};

use crate::hostile::route::{Identity, PUBLIC_DOMAIN};

/// What TLS servers show, by who they say they are.
pub(crate) struct Certificates {
    /// The authority that the run is to trust, as PEM.
    pub(crate) authority: String,
    acceptors: BTreeMap<Identity, TlsAcceptor>,
    http2: TlsAcceptor,
}

impl Certificates {
    pub(crate) fn new() -> anyhow::Result<Self> {
        let mut params = CertificateParams::new(Vec::new())?;
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let authority = CertifiedIssuer::self_signed(params, KeyPair::generate()?)?;
        let identities =
            [Identity::Good, Identity::Expired, Identity::NotYet, Identity::OtherHost, Identity::SelfSigned];
        let acceptor = |identity| anyhow::Ok((identity, acceptor(identity, &authority, b"http/1.1")?));
        Ok(Self {
            authority: authority.pem(),
            acceptors: identities.into_iter().map(acceptor).collect::<anyhow::Result<_>>()?,
            http2: self::acceptor(Identity::Good, &authority, b"h2")?,
        })
    }

    /// Who greets as that; nobody greets as [`Identity::None`].
    pub(crate) fn acceptor(&self, identity: Identity) -> Option<&TlsAcceptor> {
        self.acceptors.get(&identity)
    }

    /// Who greets as itself and speaks HTTP/2.
    pub(crate) fn http2(&self) -> &TlsAcceptor {
        &self.http2
    }
}

fn acceptor(
    identity: Identity,
    authority: &CertifiedIssuer<'static, KeyPair>,
    protocol: &[u8],
) -> anyhow::Result<TlsAcceptor> {
    let names = match identity {
        Identity::OtherHost => vec!["docs.stranger.example".to_owned()],
        _ => vec!["localhost".to_owned(), format!("*.{PUBLIC_DOMAIN}")],
    };
    let mut params = CertificateParams::new(names)?;
    match identity {
        Identity::Expired => params.not_after = date_time_ymd(2001, 1, 1),
        Identity::NotYet => params.not_before = date_time_ymd(2900, 1, 1),
        _ => {}
    }
    let key = KeyPair::generate()?;
    let certificate = match identity {
        Identity::SelfSigned => params.self_signed(&key)?,
        _ => params.signed_by(&key, authority)?,
    };
    let key = PrivateKeyDer::try_from(key.serialize_der()).ok().context("a key that rustls reads")?;
    let mut config =
        ServerConfig::builder().with_no_client_auth().with_single_cert(vec![certificate.der().clone()], key)?;
    config.alpn_protocols = vec![protocol.to_vec()];
    Ok(TlsAcceptor::from(Arc::new(config)))
}
