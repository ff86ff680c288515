//! The shapes of secrets: how each begins, and what follows. Taken from the pages of those who issue them, and from what
//! public scanners look for.

use std::borrow::Cow;
use std::sync::LazyLock;

use super::find::Find;
use super::find::Find::{Assigned, Jwt, Key, Login, PrivateKey, Scheme, Telegram, UserInfo};
use crate::load::builtin::builtin;

/// A shape of secrets.
pub(super) struct Shape {
    /// What it begins with, or what a secret follows.
    pub(super) anchor: Cow<'static, str>,
    /// What it is, with its article.
    pub(super) what: Cow<'static, str>,
    /// How the secret behind the anchor is found.
    pub(super) find: Find,
}

/// Which characters a secret is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Alphabet {
    /// Letters and digits.
    Plain,
    /// Capital letters and digits.
    Upper,
    /// Those, `_` and `-`.
    Word,
    /// Those, `+`, `/` and `=`.
    Base64,
    /// Words joined by dots.
    Dotted,
    /// Hexadecimal digits.
    Hex,
    /// What a value may hold that is written without quotes.
    Value,
    /// What an address may hold.
    Address,
}

/// How many alphabets there are.
pub(super) const ALPHABETS: usize = Alphabet::Address as usize + 1;

impl Alphabet {
    pub(super) fn has(self, byte: u8) -> bool {
        match self {
            Self::Plain => byte.is_ascii_alphanumeric(),
            Self::Word => byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'),
            Self::Base64 => {
                byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'+' | b'/' | b'=')
            }
            Self::Dotted => byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.'),
            Self::Upper => byte.is_ascii_uppercase() || byte.is_ascii_digit(),
            Self::Hex => byte.is_ascii_hexdigit(),
            Self::Value => byte.is_ascii_graphic() && !b"\"'`,;&|<>()[]{}\\".contains(&byte),
            Self::Address => byte > b' ' && byte != 127 && !b"\"'`|<>\\".contains(&byte),
        }
    }
}

use Alphabet::{Address, Base64, Dotted, Hex, Plain, Upper, Value, Word};

/// A token: its prefix, the alphabet and the least and greatest length of the rest, whether it may be glued to a word
/// before it, and its description. A greatest length of 0 means no limit. Lengths are somewhat shorter than those
/// issued today, because a truncated key is a secret too.
#[rustfmt::skip]
const TOKENS: &[(&str, Alphabet, usize, usize, bool, &str)] = &[
    ("ghp_",               Plain,  16, 0,  true,  "a GitHub token"),
    ("gho_",               Plain,  16, 0,  true,  "a GitHub token"),
    ("ghu_",               Plain,  16, 0,  true,  "a GitHub token"),
    ("ghs_",               Plain,  16, 0,  true,  "a GitHub token"),
    ("ghr_",               Plain,  16, 0,  true,  "a GitHub token"),
    ("github_pat_",        Word,   16, 0,  true,  "a GitHub token"),
    ("glpat-",             Word,   12, 0,  true,  "a GitLab token"),
    ("gldt-",              Word,   12, 0,  true,  "a GitLab token"),
    ("glrt-",              Word,   12, 0,  true,  "a GitLab token"),
    ("glrtr-",             Word,   12, 0,  true,  "a GitLab token"),
    ("glcbt-",             Word,   12, 0,  true,  "a GitLab token"),
    ("glptt-",             Word,   12, 0,  true,  "a GitLab token"),
    ("glft-",              Word,   12, 0,  true,  "a GitLab token"),
    ("glsoat-",            Word,   12, 0,  true,  "a GitLab token"),
    ("gloas-",             Word,   12, 0,  true,  "a GitLab token"),
    ("glagent-",           Word,   12, 0,  true,  "a GitLab token"),
    ("glimt-",             Word,   12, 0,  true,  "a GitLab token"),
    ("glffct-",            Word,   12, 0,  true,  "a GitLab token"),
    ("xoxb-",              Word,   10, 0,  true,  "a Slack token"),
    ("xoxp-",              Word,   10, 0,  true,  "a Slack token"),
    ("xoxa-",              Word,   10, 0,  true,  "a Slack token"),
    ("xoxr-",              Word,   10, 0,  true,  "a Slack token"),
    ("xoxs-",              Word,   10, 0,  true,  "a Slack token"),
    ("xoxo-",              Word,   10, 0,  true,  "a Slack token"),
    ("xoxd-",              Base64, 10, 0,  true,  "a Slack token"),
    ("xoxc-",              Word,   10, 0,  true,  "a Slack token"),
    ("xoxe-",              Word,   10, 0,  true,  "a Slack token"),
    ("xoxe.",              Dotted, 10, 0,  true,  "a Slack token"),
    ("xapp-",              Word,   10, 0,  true,  "a Slack token"),
    ("hooks.slack.com/services/",  Base64, 20, 0, true, "the address of a Slack webhook"),
    ("hooks.slack.com/workflows/", Base64, 20, 0, true, "the address of a Slack webhook"),
    ("hooks.slack.com/triggers/",  Base64, 20, 0, true, "the address of a Slack webhook"),
    ("discord.com/api/webhooks/",  Base64, 20, 0, true, "the address of a Discord webhook"),
    ("discordapp.com/api/webhooks/", Base64, 20, 0, true, "the address of a Discord webhook"),
    ("webhook.office.com/webhookb2/", Address, 20, 0, true, "the address of a Teams webhook"),
    ("hooks.zapier.com/hooks/catch/", Base64, 10, 0, true, "the address of a Zapier webhook"),
    ("whsec_",             Base64, 16, 0,  true,  "a webhook secret"),
    ("AKIA",               Upper,  16, 16, true,  "an AWS access key"),
    ("ASIA",               Upper,  16, 16, true,  "an AWS access key"),
    ("ABIA",               Upper,  16, 16, true,  "an AWS access key"),
    ("ACCA",               Upper,  16, 16, true,  "an AWS access key"),
    ("bedrock-api-key-",   Base64, 16, 0,  true,  "an AWS key"),
    ("AIza",               Word,   30, 40, true,  "a Google API key"),
    ("ya29.",              Dotted, 16, 0,  true,  "a Google access token"),
    ("GOCSPX-",            Word,   16, 0,  true,  "a Google client secret"),
    ("npm_",               Plain,  24, 0,  true,  "an npm token"),
    ("pypi-AgE",           Word,   16, 0,  true,  "a PyPI token"),
    ("rubygems_",          Hex,    32, 0,  true,  "a RubyGems key"),
    ("dckr_pat_",          Word,   16, 0,  true,  "a Docker token"),
    ("dckr_oat_",          Word,   16, 0,  true,  "a Docker token"),
    ("SG.",                Dotted, 30, 0,  false, "a SendGrid key"),
    ("xkeysib-",           Word,   32, 0,  true,  "a Brevo key"),
    ("key-",               Hex,    32, 32, false, "a Mailgun key"),
    ("SK",                 Hex,    32, 32, false, "a Twilio key"),
    ("shpat_",             Plain,  16, 0,  true,  "a Shopify token"),
    ("shpca_",             Plain,  16, 0,  true,  "a Shopify token"),
    ("shppa_",             Plain,  16, 0,  true,  "a Shopify token"),
    ("shpss_",             Plain,  16, 0,  true,  "a Shopify secret"),
    ("sk-proj-",           Word,   16, 0,  true,  "an OpenAI key"),
    ("sk-svcacct-",        Word,   16, 0,  true,  "an OpenAI key"),
    ("sk-admin-",          Word,   16, 0,  true,  "an OpenAI key"),
    ("sk-ant-",            Word,   16, 0,  true,  "an Anthropic key"),
    ("sk-or-v1-",          Plain,  16, 0,  true,  "an OpenRouter key"),
    ("sk-",                Plain,  32, 0,  false, "an API key"),
    ("hf_",                Plain,  24, 0,  false, "a Hugging Face token"),
    ("api_org_",           Plain,  24, 0,  false, "a Hugging Face token"),
    ("r8_",                Plain,  30, 0,  false, "a Replicate token"),
    ("gsk_",               Plain,  30, 0,  false, "a Groq key"),
    ("xai-",               Plain,  30, 0,  false, "an xAI key"),
    ("pplx-",              Plain,  30, 0,  false, "a Perplexity key"),
    ("dop_v1_",            Hex,    32, 0,  true,  "a DigitalOcean token"),
    ("doo_v1_",            Hex,    32, 0,  true,  "a DigitalOcean token"),
    ("dor_v1_",            Hex,    32, 0,  true,  "a DigitalOcean token"),
    ("sq0atp-",            Word,   16, 0,  true,  "a Square token"),
    ("sq0csp-",            Word,   16, 0,  true,  "a Square secret"),
    ("EAAAE",              Word,   40, 0,  false, "a Square token"),
    ("EAACEdEose0cBA",     Plain,  16, 0,  false, "a Facebook token"),
    ("lin_api_",           Plain,  24, 0,  true,  "a Linear key"),
    ("lin_oauth_",         Plain,  24, 0,  true,  "a Linear token"),
    ("ntn_",               Plain,  30, 0,  false, "a Notion token"),
    ("secret_",            Plain,  40, 50, false, "a Notion token"),
    ("ATATT3",             Base64, 30, 0,  false, "an Atlassian token"),
    ("ATCTT3",             Base64, 30, 0,  false, "an Atlassian token"),
    ("ATBB",               Plain,  24, 0,  false, "a Bitbucket password"),
    ("dapi",               Hex,    32, 0,  false, "a Databricks token"),
    ("glsa_",              Word,   24, 0,  true,  "a Grafana token"),
    ("glc_",               Base64, 32, 0,  false, "a Grafana token"),
    ("hvs.",               Word,   20, 0,  false, "a Vault token"),
    ("hvb.",               Word,   20, 0,  false, "a Vault token"),
    ("hvr.",               Word,   20, 0,  false, "a Vault token"),
    ("dp.pt.",             Plain,  24, 0,  false, "a Doppler token"),
    ("dp.st.",             Dotted, 24, 0,  false, "a Doppler token"),
    ("dp.sa.",             Plain,  24, 0,  false, "a Doppler token"),
    ("phx_",               Plain,  24, 0,  false, "a PostHog key"),
    ("sntrys_",            Base64, 24, 0,  true,  "a Sentry token"),
    ("sntryu_",            Hex,    32, 0,  true,  "a Sentry token"),
    ("NRAK-",              Plain,  20, 0,  false, "a New Relic key"),
    ("NRJS-",              Plain,  16, 0,  false, "a New Relic key"),
    ("NRII-",              Word,   24, 0,  false, "a New Relic key"),
    ("figd_",              Word,   24, 0,  true,  "a Figma token"),
    ("PMAK-",              Word,   30, 0,  false, "a Postman key"),
    ("pul-",               Hex,    32, 0,  false, "a Pulumi token"),
    (".atlasv1.",          Base64, 30, 0,  true,  "a Terraform token"),
    ("sbp_",               Hex,    32, 0,  false, "a Supabase token"),
    ("sb_secret_",         Word,   20, 0,  true,  "a Supabase key"),
    ("nfp_",               Plain,  24, 0,  false, "a Netlify token"),
    ("fo1_",               Word,   32, 0,  false, "a Fly.io token"),
    ("fm2_",               Base64, 40, 0,  false, "a Fly.io token"),
    ("bkua_",              Hex,    32, 0,  false, "a Buildkite token"),
    ("CCIPAT_",            Word,   24, 0,  false, "a CircleCI token"),
    ("AKCp",               Plain,  40, 0,  false, "an Artifactory key"),
    ("LTAI",               Plain,  12, 24, false, "an Alibaba Cloud key"),
    ("AKID",               Plain,  32, 32, false, "a Tencent Cloud key"),
    ("tskey-",             Word,   16, 0,  true,  "a Tailscale key"),
    ("ops_eyJ",            Base64, 40, 0,  true,  "a 1Password token"),
    ("AGE-SECRET-KEY-1",   Plain,  24, 0,  true,  "an age key"),
    ("HRKU-",              Word,   24, 0,  false, "a Heroku key"),
    ("access_token$production$", Value,  16, 0, true, "a Braintree token"),
    ("access_token$sandbox$",    Value,  16, 0, true, "a Braintree token"),
    ("access-production-", Word,   30, 0,  true,  "a Plaid token"),
    ("access-sandbox-",    Word,   30, 0,  true,  "a Plaid token"),
    ("PLAI-",              Word,   24, 0,  false, "an API key"),
    ("rdme_",              Plain,  32, 0,  true,  "a ReadMe key"),
    ("pscale_tkn_",        Word,   20, 0,  true,  "a PlanetScale token"),
    ("pscale_pw_",         Word,   20, 0,  true,  "a PlanetScale password"),
    ("pscale_oauth_",      Word,   20, 0,  true,  "a PlanetScale token"),
    ("shippo_live_",       Hex,    20, 0,  true,  "a Shippo token"),
    ("shippo_test_",       Hex,    20, 0,  true,  "a Shippo token"),
    ("duffel_live_",       Word,   20, 0,  true,  "a Duffel token"),
    ("duffel_test_",       Word,   20, 0,  true,  "a Duffel token"),
    ("EZAK",               Plain,  40, 0,  false, "an EasyPost key"),
    ("EZTK",               Plain,  40, 0,  false, "an EasyPost key"),
    ("FLWSECK-",           Word,   20, 0,  true,  "a Flutterwave key"),
    ("FLWSECK_TEST-",      Word,   12, 0,  true,  "a Flutterwave key"),
    ("rzp_live_",          Plain,  12, 0,  true,  "a Razorpay key"),
    ("rzp_test_",          Plain,  12, 0,  true,  "a Razorpay key"),
    ("patch_",             Hex,    40, 0,  false, "an API key"),
    ("AQVN",               Word,   34, 0,  false, "a Yandex key"),
    ("t1.9eu",             Dotted, 40, 0,  false, "a Yandex token"),
    ("y0_",                Word,   40, 0,  false, "a Yandex token"),
    ("SCWXX",              Plain,  12, 20, false, "a Scaleway key"),
    ("ICF",                Plain,  30, 0,  false, "an API key"),
    ("sl.u.",              Word,   40, 0,  false, "a Dropbox token"),
    ("sl.",                Word,   60, 0,  false, "a Dropbox token"),
    ("8Q~",                Dotted, 30, 0,  true,  "an Azure client secret"),
    ("7Q~",                Dotted, 30, 0,  true,  "an Azure client secret"),
    ("cio",                Plain,  32, 32, false, "a crates.io token"),
    ("oy2",                Plain,  43, 43, false, "a NuGet key"),
    ("pat",                Dotted, 79, 79, false, "an Airtable token"),
    ("sgp_",               Word,   40, 0,  false, "a Sourcegraph token"),
    ("CLOJARS_",           Hex,    50, 0,  true,  "a Clojars token"),
    ("s-s4t2ud-",          Hex,    50, 0,  true,  "a 42 secret"),
    ("s-s4t2af-",          Hex,    50, 0,  true,  "a 42 secret"),
    ("live_",              Hex,    35, 35, false, "a Lob key"),
    ("v1.0-",              Word,   150, 0, false, "a Cloudflare key"),
];

/// Prefixes of keys that no built-in catalog declares. The length of the rest is not fixed.
const PREFIXES: &[&str] = &[
    "sk_live_", "sk_test_", "pk_live_", "pk_test_", "rk_live_", "rk_test_", "sk_prod_",
];

/// Names that a secret follows; letters may be of either case.
const NAMES: &[&str] = &[
    "secret",
    "token",
    "passw",
    "passphrase",
    "pwd",
    "api_key",
    "apikey",
    "api-key",
    "private_key",
    "privatekey",
    "private-key",
    "access_key",
    "access-key",
    "accesskey",
    "account_key",
    "accountkey",
    "credential",
    "signature",
    "authorization",
    "auth",
    "sig=",
    "key=",
    "code=",
];

/// All shapes, by their first two bytes in lower case.
pub(super) struct Shapes {
    pub(super) all: Vec<Shape>,
    /// A bit for each pair of bytes with which a shape begins.
    pairs: Vec<u64>,
    /// The shapes of each pair, sorted by pair.
    by_pair: Vec<(u16, usize)>,
}

/// The shapes that do not depend on a catalog, built once.
pub(super) static SHAPES: LazyLock<Shapes> = LazyLock::new(Shapes::new);

impl Shapes {
    fn new() -> Self {
        let mut all: Vec<Shape> = Vec::new();
        let mut add = |anchor: Cow<'static, str>, what: Cow<'static, str>, find: Find| {
            all.push(Shape { anchor, what, find });
        };
        let mut prefixes: Vec<&'static str> = builtin_prefixes();
        prefixes.extend(PREFIXES);
        // What more is known of a token says it better.
        prefixes.retain(|prefix| TOKENS.iter().all(|token| token.0 != *prefix));
        prefixes.sort_unstable();
        prefixes.dedup();
        for prefix in prefixes {
            let what = key_with(prefix);
            add(prefix.into(), what.into(), Key);
        }
        for (anchor, alphabet, least, most, glued, what) in TOKENS {
            let find = Find::Token {
                alphabet: *alphabet,
                least: *least,
                most: *most,
                glued: *glued,
            };
            add((*anchor).into(), (*what).into(), find);
        }
        add("eyJ".into(), "a JSON Web Token".into(), Jwt);
        add("-----BEGIN ".into(), "a private key".into(), PrivateKey);
        add("://".into(), "a password in a URL".into(), UserInfo);
        add(":AA".into(), "a Telegram token".into(), Telegram);
        for scheme in ["bearer", "basic"] {
            add(scheme.into(), "a credential of a request".into(), Scheme);
        }
        for option in ["-u ", "--user ", "--user="] {
            add(option.into(), "a password".into(), Login);
        }
        for name in NAMES {
            add((*name).into(), "".into(), Assigned);
        }
        let mut pairs = vec![0_u64; 1024];
        let mut by_pair: Vec<(u16, usize)> = Vec::new();
        for (index, shape) in all.iter().enumerate() {
            let bytes = shape.anchor.as_bytes();
            let pair = pair(bytes[0], bytes[1]);
            pairs[usize::from(pair >> 6)] |= 1 << (pair & 63);
            by_pair.push((pair, index));
        }
        by_pair.sort_unstable();
        Self {
            all,
            pairs,
            by_pair,
        }
    }

    /// The shapes that may begin with two bytes.
    pub(super) fn beginning(&self, first: u8, second: u8) -> impl Iterator<Item = &Shape> {
        let pair = pair(first, second);
        let begins = self.pairs[usize::from(pair >> 6)] & (1 << (pair & 63)) != 0;
        let from = if begins {
            self.by_pair.partition_point(|(other, _)| *other < pair)
        } else {
            self.by_pair.len()
        };
        self.by_pair[from..]
            .iter()
            .take_while(move |(other, _)| *other == pair)
            .map(|(_, index)| &self.all[*index])
    }
}

/// What a key with a prefix is.
pub(super) fn key_with(prefix: &str) -> String {
    format!("a key that begins with `{prefix}`")
}

fn pair(first: u8, second: u8) -> u16 {
    u16::from(first.to_ascii_lowercase()) << 8 | u16::from(second.to_ascii_lowercase())
}

/// The prefixes that the built-in catalogs declare.
fn builtin_prefixes() -> Vec<&'static str> {
    let prefixes = builtin().iter().flat_map(|entry| entry.prefixes);
    prefixes
        .copied()
        .filter(|prefix| prefix.len() > 1)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::load::load_builtin;

    #[test]
    fn every_prefix_of_a_built_in_catalog_is_known() {
        let mut declared: Vec<String> = Vec::new();
        for entry in builtin() {
            let catalog = load_builtin(entry.name).expect("a catalog");
            for key_type in &catalog.key_types {
                declared.extend_from_slice(&key_type.prefixes);
            }
        }
        let mut known: Vec<String> = builtin_prefixes().into_iter().map(str::to_owned).collect();
        declared.sort();
        known.sort();
        assert_eq!(known, declared);
    }

    #[test]
    fn no_anchor_is_listed_twice() {
        let mut anchors: Vec<&str> = SHAPES.all.iter().map(|shape| &*shape.anchor).collect();
        let number = anchors.len();
        anchors.sort_unstable();
        anchors.dedup();
        assert_eq!(anchors.len(), number);
    }
}
