//! What is a secret and what is not, and that masking keeps a text's shape.

use proptest::prelude::*;

use super::*;

/// Whether a text has a secret, once for what is certain and once for what is possible; and that masking hides it.
fn grades(text: &str) -> Vec<Grade> {
    let secrets = find_secrets(text, &[], |_| false);
    secrets.into_iter().map(|secret| secret.grade).collect()
}

fn hidden(text: &str) -> String {
    masked(text, &find_secrets(text, &[], |_| false))
}

/// A string of so many characters of an alphabet, the same for the same seed: no test holds a whole token.
fn random(alphabet: &str, length: usize, seed: u64) -> String {
    let alphabet: Vec<char> = alphabet.chars().collect();
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let next = |_| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        alphabet[usize::try_from(state >> 33).expect("it fits") % alphabet.len()]
    };
    (0..length).map(next).collect()
}

const PLAIN: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const UPPER: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
const HEX: &str = "0123456789abcdef";
const BASE64: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// A token of every kind that is issued, and the part of each that must not be shown.
fn tokens(seed: u64) -> Vec<(String, String)> {
    let plain = |length| random(PLAIN, length, seed);
    let hex = |length| random(HEX, length, seed);
    let base64 = |length| random(BASE64, length, seed);
    let mut tokens: Vec<(String, String)> = Vec::new();
    for (prefix, material) in [
        ("sk_live_", plain(24)),
        ("sk_test_", plain(10)),
        ("pk_live_", plain(24)),
        ("rk_live_", plain(24)),
        ("dyn_", plain(40)),
        ("sk_production_", plain(40)),
        ("ghp_", plain(36)),
        ("gho_", plain(36)),
        ("ghs_", plain(36)),
        ("github_pat_", format!("{}_{}", plain(22), plain(59))),
        ("glpat-", plain(20)),
        (
            "xoxb-",
            format!(
                "{}-{}-{}",
                random("0123456789", 12, seed),
                random("0123456789", 13, seed),
                plain(24)
            ),
        ),
        (
            "xapp-1-",
            format!("{}-1234567890123-{}", random(UPPER, 11, seed), hex(64)),
        ),
        ("whsec_", plain(32)),
        ("AKIA", random(UPPER, 16, seed)),
        ("AIza", plain(35)),
        ("ya29.", plain(60)),
        ("GOCSPX-", plain(28)),
        ("npm_", plain(36)),
        ("pypi-AgE", plain(80)),
        ("shpat_", hex(32)),
        ("sk-proj-", plain(60)),
        ("sk-ant-api03-", plain(90)),
        ("sk-", plain(48)),
        ("hf_", plain(34)),
        ("dop_v1_", hex(64)),
        ("sq0atp-", plain(22)),
        ("lin_api_", plain(40)),
        ("hvs.", plain(24)),
        ("SK", hex(32)),
        ("dckr_pat_", plain(27)),
    ] {
        tokens.push((format!("{prefix}{material}"), material));
    }
    let sendgrid = format!("{}.{}", plain(22), random(PLAIN, 43, seed + 1));
    tokens.push((format!("SG.{sendgrid}"), sendgrid));
    let telegram = format!("AA{}", plain(33));
    tokens.push((format!("1234567890:{telegram}"), telegram[2..].to_owned()));
    let slack = format!(
        "T{}/B{}/{}",
        random(UPPER, 10, seed),
        random(UPPER, 10, seed),
        plain(24)
    );
    tokens.push((format!("https://hooks.slack.com/services/{slack}"), slack));
    let aws = base64(40);
    tokens.push((format!("aws_secret_access_key={aws}"), aws));
    let azure = format!("{}==", base64(86));
    tokens.push((format!("AccountName=x;AccountKey={azure};"), azure));
    let jwt = format!("eyJ{}.eyJ{}.{}", plain(33), plain(60), plain(43));
    tokens.push((jwt.clone(), jwt));
    let unsigned = format!("eyJ{}.eyJ{}.", plain(33), plain(60));
    tokens.push((unsigned.clone(), unsigned.trim_end_matches('.').to_owned()));
    let password = plain(11);
    tokens.push((
        format!("https://user:{password}@host.example/a"),
        password.clone(),
    ));
    tokens.push((
        format!("postgres://app:p#{password}@db:5432/x"),
        password.clone(),
    ));
    tokens.push((format!("curl -u me:{password} https://x.example"), password));
    let token = plain(40);
    tokens.push((
        format!("https://x.example/a?access_token={token}&b=1"),
        token.clone(),
    ));
    tokens.push((format!("GET /a?api_key={token}"), token.clone()));
    tokens.push((format!("Authorization: Bearer {token}"), token));
    let basic = "dXNlcjpodW50ZXIycGFzcw==".to_owned();
    tokens.push((format!("Authorization: Basic {basic}"), basic));
    let lines: Vec<String> = (0..4).map(|line| random(BASE64, 64, seed + line)).collect();
    let block = |end: &str| {
        let label = ["RSA PRIVATE", "KEY-----"].join(" ");
        let body = lines.join(end);
        (
            format!("-----BEGIN {label}{end}{body}{end}-----END {label}"),
            lines[2].clone(),
        )
    };
    tokens.extend([block("\n"), block("\n      "), block("\\n"), block(" ")]);
    tokens
}

#[test]
fn every_kind_of_token_is_certain_wherever_it_is() {
    for seed in 1..8 {
        for (token, material) in tokens(seed) {
            for text in [
                token.clone(),
                format!("note: {token}"),
                format!("a: \"{token}\" # b"),
                format!("[{token}, b]"),
                format!("({token})."),
                format!("`{token}`"),
            ] {
                let found = grades(&text);
                assert!(found.contains(&Grade::Certain), "{text}: {found:?}");
                let hidden = hidden(&text);
                assert!(!hidden.contains(&material), "{text}: {hidden}");
                let half = &material[..material.len() / 2];
                assert!(half.len() < 5 || !hidden.contains(half), "{text}: {hidden}");
                let half = &material[material.len() / 2..];
                assert!(half.len() < 5 || !hidden.contains(half), "{text}: {hidden}");
            }
        }
    }
}

#[test]
fn what_is_glued_to_a_word_is_a_secret_too() {
    let long = random(PLAIN, 24, 3);
    let header = ["eyJhbGciOiJIUzI1NiJ9", "eyJzdWIiOiIxIn0", "c2lnbmF0dXJl"].join(".");
    for text in [
        format!("old_sk_live_{long}"),
        format!("key-sk_live_{long}"),
        format!("xsk_live_{long}"),
        format!("my-ghp_{long}"),
        format!("xghp_{long}"),
        format!("key-sk_live_{}", "abcdefgh12345"),
        format!("old_sk_live_{}", "hunterhunter"),
        format!("paxo{header}"),
        format!("sk_live_{}", ["4eC39+HqLyjW", "tT1zdp7dc"].join("/")),
        format!("SK_LIVE_{}", long.to_uppercase()),
        format!("sk%5Flive%5F{long}"),
        format!("sk\\u005flive_{long}"),
        format!("sk_li\u{200b}ve_{}\u{200b}{}", &long[..9], &long[9..]),
        format!("\"sk_live_{}\\\n    {}\"", &long[..9], &long[9..]),
    ] {
        assert_eq!(grades(&text), [Grade::Certain], "{text}");
        let hidden = hidden(&text);
        assert!(
            !hidden.contains(&long[..6]) && !hidden.contains(&long[18..]),
            "{hidden}"
        );
    }
}

#[test]
fn names_placeholders_and_bare_prefixes_are_none() {
    for text in [
        "name: sk_live_",
        "name: sk_live_xxxxxxxxxxxx",
        "task_live_abcdefghijk ask_questions_to_everybody desk_test_environment",
        "sk_live_your_key_here sk_test_YOUR-API-KEY sk_live_<token> sk_live_$TOKEN sk_live_{token} sk_live_...",
        "ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx xoxb-your-token AKIAXXXXXXXXXXXXXXXX",
        "https://user:password@host/ https://<user>:<password>@host https://${USER}:${PASS}@host https://u:xxxx@host",
        "https://github.com/@scope/name https://host:8080/@a git@github.com:a/b.git mailto:a@b.example",
        "https://example.com/?token=<token>&api_key=YOUR_API_KEY&access_token={token}&page_token=2",
        "Authorization: Bearer <token>",
        "Authorization: Bearer $TOKEN",
        "Bearer authentication with OAuth2Token",
        "Basic authentication, basic information, Basic auth",
        "key_type: secret",
        "client_secret: vault/payments/checkout",
        "token_endpoint: https://x.example/oauth/token",
        "token: 9c82ef99-3a14-4f0b-9d6e-2b1f5a7c8d90",
        "secret: payments/checkout/test",
        "password: correct",
        "auth: any-key",
        "authorization: code flow, see https://x.example",
        "token: { exposure: private }",
        "9c82ef99-3a14-4f0b-9d6e-2b1f5a7c8d90",
        "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "fingerprint: e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "uses: actions/checkout@de0fac2e4500dabe0009e67214ff5f5447ce83dd # v6.0.2",
        "GET /2022-06-09/orders/hV8sQ2mZx91Lr0Tk4Wb7Yc3N",
        "https://example.com/hV8sQ2mZx91Lr0Tk4Wb7Yc3N",
        "DeviceManagementConfiguration.ReadWrite.All CrossTenantUserProfileSharing.ReadWrite.All",
        "transfer:read_fiat_deposit_instructions_2026_v2",
        "user-a1b2c3d4-e5f6-7890-abcd-ef1234567890",
        "SEC-118-2026-Q4-build-77a9f-rev3",
        "TeamsAppInstallation.ReadWriteAndConsentForUser.All DomainInvitesSetInviteNewUserPrefToNoType",
        "DeviceAssuranceWindowsWithWin11MinimumVersionStringAndWin10DynamicVersionRequirement",
        "OAuth2ClientJsonWebKeyRequestBase V1GetUsageApiCountResponse lastPasswordVerification: 2019-08-24T14:15:22Z",
        "GET /a?continuationToken=LDEsMTAwMDAwLDA3Zx&next_page_token=4eC39HqLyjWDarjtT1zdp7dc",
        "src/main/java/com/Example2/ApiV2Client/HttpUrlConnection",
        "GET /2022-06-09/orders/{hV8s}",
        "-----BEGIN PUBLIC KEY----- and -----BEGIN PRIVATE KEY----- ... -----END PRIVATE KEY-----",
        "docker run -u 1000:1000 image -u root",
        "npm_config_registry hf_hub_enable_hf_transfer SKELETON key-management",
    ] {
        let found = find_secrets(text, &[], |_| false);
        assert!(found.is_empty(), "{text}: {found:?}");
    }
}

#[test]
fn what_is_called_a_secret_or_looks_random_may_be_one() {
    for text in [
        format!("token: {}", random(HEX, 64, 5)),
        format!("client_secret=\"{}\"", random(HEX, 32, 5)),
        format!("x-api-key: {}", random(PLAIN, 18, 5)),
        "password: hunter2".to_owned(),
        "DB_PASSWORD='s3cr3tpass'".to_owned(),
        format!("note: \"{}\"", random(PLAIN, 24, 6)),
        format!("labels: {{b: {}}}", random(PLAIN, 24, 7)),
        format!("shared/{}", random(PLAIN, 24, 8)),
        format!("# was {}", random(HEX, 16, 9) + "q7w3e9r1t5y2u8i4o6p0"),
    ] {
        assert_eq!(grades(&text), [Grade::Possible], "{text}");
    }
    let known = find_secrets("Known1A2b3C4d5E6f7G8h9", &[], |word| {
        word.starts_with("Known")
    });
    assert!(known.is_empty());
}

/// How many of two hundred random strings are found, by kind.
#[test]
fn most_random_strings_are_found() {
    for (alphabet, length, least) in [
        (PLAIN, 20, 175),
        (PLAIN, 24, 185),
        (PLAIN, 32, 195),
        (PLAIN, 40, 199),
        (BASE64, 40, 185),
        (BASE64, 44, 190),
    ] {
        let is_found =
            |seed: &u64| !grades(&format!("# {}", random(alphabet, length, *seed))).is_empty();
        let found = (1..=200).filter(is_found).count();
        assert!(found >= least, "{found} of {length} of {alphabet}");
    }
}

#[test]
fn a_catalogs_prefixes_count_and_its_names_are_spared() {
    let prefixes = ["acme_".to_owned()];
    let text = format!("acme_read_everything acme_{}", random(PLAIN, 20, 2));
    let found = |is_known: bool| {
        let secrets = find_secrets(&text, &prefixes, |word| {
            is_known && word == "acme_read_everything"
        });
        secrets.len()
    };
    assert_eq!([found(false), found(true)], [2, 1]);
    assert_eq!(find_certain_secrets(&text, &prefixes).len(), 1);
    for text in ["acme_read_everything: x", "see acme_read_everything."] {
        let secrets = find_secrets(text, &prefixes, |word| word == "acme_read_everything");
        assert!(secrets.is_empty(), "{text}");
    }
}

#[test]
fn masking_keeps_lines_quotes_and_prefixes() {
    assert_eq!(
        hidden("a: sk_live_4eC39HqLyjWD # b"),
        "a: sk_live_xxxxxxxxxxxx # b"
    );
    let text = format!(
        "a: \"-----BEGIN PRIVATE KEY-----\\n{}\\n-----END PRIVATE KEY-----\"",
        random(BASE64, 64, 1)
    );
    let masked = hidden(&text);
    assert!(
        masked.starts_with("a: \"-----BEGIN PRIVATE KEY-----xxxx"),
        "{masked}"
    );
    assert!(masked.ends_with("-----END PRIVATE KEY-----\""), "{masked}");
    assert_eq!(
        hidden("https://u:hunter2pass@h/"),
        "https://u:xxxxxxxxxxx@h/"
    );
}

#[test]
fn a_text_that_breaks_off_shows_no_beginning_of_a_secret() {
    assert_eq!(
        hide_cut_secret("owner: sk_live_4eC3"),
        "owner: sk_live_xxxx"
    );
    assert_eq!(hide_cut_secret("owner: caf"), "owner: caf");
    assert_eq!(hide_cut_secret("https://user:hun"), "https://user:xxx");
    assert_eq!(hide_cut_secret("https://host:80"), "https://host:80");
    assert_eq!(hide_cut_secret("AKIA4X"), "AKIAxx");
}

/// Nothing that the program itself says of its catalogs and rules is hidden.
#[test]
fn built_in_catalogs_have_no_secret() {
    for name in crate::load::builtin_names() {
        let text = &crate::load::builtin_text(name).expect("a catalog");
        let found = find_secrets(text, &[], |_| false);
        assert!(found.is_empty(), "{name}: {found:?}");
    }
}

/// A text full of secret prefixes must not take longer than any other of its length; otherwise this test would not end.
#[test]
fn a_hostile_text_is_read_once() {
    for part in [
        "eyJ",
        "eyJ.",
        "://",
        "://a:b@",
        "://a:",
        "token",
        "token=",
        "token=a1",
        "?token=",
        "sk_live_",
        "dyn_",
        "dyn_a-",
        "sk_live_a.",
        "Bearer ",
        "Authorization: ",
        "-----BEGIN PRIVATE KEY-----",
        ":AA",
        "1:AA",
        "\\\\",
        "%25",
        "&amp;",
        "-u a:",
        "M.a.",
        "a/B1",
        "password:'",
        "AKIA",
        "x",
    ] {
        let text = part.repeat(60_000 / part.len());
        for text in [
            text.clone(),
            format!("{text}.eyJ"),
            format!("{text}{}", "-".repeat(10_000)),
        ] {
            for secrets in [
                find_certain_secrets(&text, &["acme_".to_owned()]),
                find_secrets(&text, &[], |_| true),
            ] {
                assert_eq!(masked(&text, &secrets).len(), text.len());
            }
        }
    }
}

/// Texts that are made of what secrets are made of.
fn texts() -> impl Strategy<Value = String> {
    let parts = prop::sample::select(vec![
        "sk_live_",
        "ghp_",
        "AKIA",
        "eyJ",
        ".",
        "://",
        "user:",
        "@",
        "token",
        "=",
        "?",
        "&",
        ": ",
        "\"",
        "'",
        "\n",
        "\r\n",
        " ",
        "\\",
        "\\n",
        "\\u005f",
        "%5f",
        "-----BEGIN PRIVATE KEY-----",
        "-----END PRIVATE KEY-----",
        "4eC39HqLyjWD",
        "arjtT1zdp7dc",
        "xxxxxxxx",
        "password",
        "Authorization",
        "Bearer ",
        "Basic ",
        "dXNlcjpodW50ZXIy",
        "é",
        "\u{200b}",
        "\u{1f511}",
        "/",
        "+",
        "#",
        "-u ",
        "SG.",
        ":AA",
        "123456789",
        "{",
        "}",
        "&#95;",
        "aws_secret_",
        "\t",
    ]);
    let any =
        prop_oneof![6 => parts.prop_map(str::to_owned), 1 => any::<char>().prop_map(String::from)];
    prop::collection::vec(any, 0..24).prop_map(|parts| parts.concat())
}

proptest! {
    /// Masked text has the same length and the same lines, and what is masked is not masked again.
    #[test]
    fn masking_keeps_the_shape_of_a_text(text in texts()) {
        let once = hidden(&text);
        prop_assert_eq!(once.len(), text.len());
        let ends = |text: &str| text.match_indices('\n').map(|(at, _)| at).collect::<Vec<_>>();
        prop_assert_eq!(ends(&once), ends(&text));
        prop_assert_eq!(hidden(&once), once.clone());
        let certain = hide_secrets(&text, &[]).into_owned();
        prop_assert_eq!(certain.len(), text.len());
        prop_assert_eq!(hide_secrets(&certain, &[]).into_owned(), certain.clone());
    }

    /// What is found in a long text is what is found in its pieces.
    #[test]
    fn a_text_in_pieces_has_the_same_secrets(texts in prop::collection::vec(texts(), 1..40)) {
        let text = texts.join("\n");
        let find = |text: &str| find_certain_within(text, &[]);
        prop_assert_eq!(in_pieces(&text, 1000, 4096, find), find(&text));
    }

    /// What is found is in order, and none lies in another.
    #[test]
    fn secrets_do_not_overlap(text in texts()) {
        let secrets = find_secrets(&text, &[], |_| false);
        for pair in secrets.windows(2) {
            prop_assert!(pair[0].material.end <= pair[1].span.start, "{:?}", pair);
        }
        for secret in secrets {
            prop_assert!(text.get(secret.material).is_some() && text.get(secret.span).is_some());
        }
    }
}

#[test]
fn what_follows_a_key_of_aws_makes_it_none_the_less() {
    let key = "Vth1Ls6v6+O9JL8ZsoWw/Rxl+IUiTeNUJ+HLRwb8";
    for text in [
        format!("https://aws_secret_access_key={key}.example/a"),
        format!("GET https://aws_secret_access_key={key}/a"),
    ] {
        assert!(!hide_secrets(&text, &[]).contains(key), "{text}");
    }
}

#[test]
fn a_secret_of_any_length_is_hidden_to_its_end() {
    let key = "aB3x".repeat(PIECE);
    let text = format!("{}\nkey: sk_live_{key}\n", "x y\n".repeat(PIECE / 5));
    let hidden = hide_secrets(&text, &[]);
    assert!(hidden.ends_with("xxxx\n") && !hidden.contains("aB3x"));
}

#[test]
fn less_common_tokens_are_secrets_too() {
    let plain = |length: usize| random(PLAIN, length, 5);
    let hex = |length: usize| random(HEX, length, 5);
    for (before, material) in [
        ("AKIA", "YEIEXCGCFLTCERUT".to_owned()),
        ("ASIA", "QZXWVKJHGFDSPMNB".to_owned()),
        ("pat", format!("{}.{}", plain(14), hex(64))),
        ("sgp_", hex(40)),
        ("CLOJARS_", hex(60)),
        ("s-s4t2ud-", hex(64)),
        ("live_", hex(35)),
        ("v1.0-", format!("{}-{}", hex(24), hex(146))),
        (
            "access_token$production$",
            format!("{}${}", plain(16), hex(32)),
        ),
        (
            "https://acme.webhook.office.com/webhookb2/",
            format!(
                "a1b2c3d4-0000-1111-2222-333344445555@{}/IncomingWebhook/{}/x",
                hex(36),
                hex(32)
            ),
        ),
    ] {
        let hidden = hide_secrets(&format!("a: [{before}{material}, b]"), &[]).into_owned();
        let end = &material[material.len() - 6..];
        assert!(
            !hidden.contains(end) && !hidden.contains(&material[..8]),
            "{hidden}"
        );
        assert!(hidden.ends_with(", b]"), "{hidden}");
    }
}

#[test]
fn what_cannot_be_seen_breaks_no_secret() {
    let token = format!("ghp_{}", random(PLAIN, 36, 7));
    let aws = "AKIAR7TK2MQ4XZ4VB5NL";
    for odd in [
        "\u{ad}",
        "\u{34f}",
        "\u{61c}",
        "\u{fe0f}",
        "\u{e0041}",
        "\u{e0100}",
        "\u{300}",
        "\u{fffc}",
        "\u{1d173}",
        r"\u00ad",
        r"\u034f",
        r"\xad",
        r"\U000e0041",
        r"\udb40\udd00",
    ] {
        for secret in [token.as_str(), aws] {
            let text = format!("a: \"{}{odd}{}\"", &secret[..10], &secret[10..]);
            let hidden = hide_secrets(&text, &[]).into_owned();
            assert!(!hidden.contains(&secret[12..]), "{text}: {hidden}");
        }
    }
}
