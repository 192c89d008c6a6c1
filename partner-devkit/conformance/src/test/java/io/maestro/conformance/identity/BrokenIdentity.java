package io.maestro.conformance.identity;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import io.maestro.adapter.spi.AdapterContext;
import io.maestro.adapter.spi.AdapterInstance;
import io.maestro.adapter.spi.CallContext;
import io.maestro.adapter.spi.Health;
import io.maestro.adapter.spi.identity.BeginLogin;
import io.maestro.adapter.spi.identity.CompleteLogin;
import io.maestro.adapter.spi.identity.Describe;
import io.maestro.adapter.spi.identity.EndSession;
import io.maestro.adapter.spi.identity.EndSessionUrl;
import io.maestro.adapter.spi.identity.IdentityProblem;
import io.maestro.adapter.spi.identity.LoginUrl;
import io.maestro.adapter.spi.identity.ProviderDescription;
import io.maestro.adapter.spi.identity.ValidateToken;
import io.maestro.adapter.spi.identity.VerifiedIdentity;
import io.maestro.model.Problem;
import io.maestro.model.ProblemCategory;
import io.maestro.model.ProblemException;
import io.maestro.model.Retry;
import io.maestro.model.Violation;
import java.net.URI;
import java.net.http.HttpRequest;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** Identity adapters that are broken in one place each, as adapters get broken. */
enum BrokenIdentity {
    SKIPS_SIGNATURE("does not look at the signature", (context, factory) -> new SampleIdentity(context) {
        @Override
        void verify(SampleToken token, Instant deadline) {
            key(token, deadline);
        }
    }),
    TAKES_UNSIGNED("takes an unsigned token", (context, factory) -> new SampleIdentity(context) {
        @Override
        void checkAlgorithm(SampleToken token) {
            if (!token.header("alg").equals("none")) {
                super.checkAlgorithm(token);
            }
        }

        @Override
        void verify(SampleToken token, Instant deadline) {
            if (!token.header("alg").equals("none")) {
                super.verify(token, deadline);
            }
        }
    }),
    TAKES_UNSIGNED_IN_CAPITALS(
            "refuses unsigned tokens only as they are usually spelled",
            (context, factory) -> new SampleIdentity(context) {
                @Override
                void checkAlgorithm(SampleToken token) {
                    if (!unsigned(token)) {
                        super.checkAlgorithm(token);
                    }
                }

                @Override
                void verify(SampleToken token, Instant deadline) {
                    if (!unsigned(token)) {
                        super.verify(token, deadline);
                    }
                }

                private boolean unsigned(SampleToken token) {
                    return token.header("alg").equals("NONE");
                }
            }),
    TAKES_HMAC_BY_THE_PUBLIC_KEY(
            "takes the public key for a shared secret when the token says so",
            (context, factory) -> new SampleIdentity(context) {
                @Override
                void checkAlgorithm(SampleToken token) {
                    if (!token.header("alg").equals("HS256")) {
                        super.checkAlgorithm(token);
                    }
                }

                @Override
                void verify(SampleToken token, Instant deadline) {
                    if (!token.header("alg").equals("HS256")
                            || !hmac(token, key(token, deadline).getEncoded()).equals(token.signature())) {
                        super.verify(token, deadline);
                    }
                }
            }),
    UNKNOWN_KEY_IS_A_WRONG_SIGNATURE(
            "calls a key that it does not know a wrong signature", (context, factory) -> new SampleIdentity(context) {
                @Override
                PublicKey key(SampleToken token, Instant deadline) {
                    try {
                        return super.key(token, deadline);
                    } catch (ProblemException e) {
                        throw problem(
                                IdentityProblem.TOKEN_SIGNATURE_WRONG,
                                e.problem().detail());
                    }
                }
            }),
    ANY_KEY("takes another key where the named one is not known", (context, factory) -> new SampleIdentity(context) {
        @Override
        PublicKey key(SampleToken token, Instant deadline) {
            try {
                return super.key(token, deadline);
            } catch (ProblemException e) {
                for (PublicKey other : known().values()) {
                    if (isSigned(token, other)) {
                        return other;
                    }
                }
                throw e;
            }
        }
    }),
    TRUSTS_THE_KEY_IN_THE_TOKEN(
            "verifies by the key that the token brings", (context, factory) -> new SampleIdentity(context) {
                @Override
                void checkAlgorithm(SampleToken token) {
                    if (!token.header().has("jwk")) {
                        super.checkAlgorithm(token);
                    }
                }

                @Override
                PublicKey key(SampleToken token, Instant deadline) {
                    PublicKey brought = keyOf(token.header().path("jwk"));
                    return brought == null ? super.key(token, deadline) : brought;
                }
            }),
    FETCHES_WHERE_THE_TOKEN_POINTS(
            "fetches keys from where the token points", (context, factory) -> new SampleIdentity(context) {
                @Override
                void checkAlgorithm(SampleToken token) {
                    if (!token.header().has("jku")) {
                        super.checkAlgorithm(token);
                    }
                }

                @Override
                PublicKey key(SampleToken token, Instant deadline) {
                    if (token.header().has("jku")) {
                        PublicKey there =
                                keysOf(get(token.header("jku"), deadline)).get(token.header("kid"));
                        if (there != null) {
                            return there;
                        }
                    }
                    return super.key(token, deadline);
                }
            }),
    IGNORES_RULES_OF_THE_TOKEN(
            "passes over rules of the token that it does not know", (context, factory) -> new SampleIdentity(context) {
                @Override
                void checkAlgorithm(SampleToken token) {
                    if (!token.header().has("crit")) {
                        super.checkAlgorithm(token);
                    }
                }
            }),
    TRUSTS_SHORT_KEYS("trusts keys of 1024 bits", (context, factory) -> new SampleIdentity(context) {
        @Override
        int shortestKey() {
            return 1024;
        }
    }),
    TRUSTS_KEYS_FOR_ENCRYPTION(
            "trusts keys that are for encryption", (context, factory) -> new SampleIdentity(context) {
                @Override
                @Nullable
                PublicKey keyOf(JsonNode entry) {
                    return entry.path("use").asText().equals("enc")
                            ? rsa(
                                    number(entry.path("n").asText()),
                                    number(entry.path("e").asText()))
                            : super.keyOf(entry);
                }
            }),
    TAKES_OTHER_KINDS("takes an id token for a bearer token", (context, factory) -> new SampleIdentity(context) {
        @Override
        void checkType(SampleToken token) {
            // the fault
        }
    }),
    SKIPS_THE_ISSUER("does not look at the issuer", (context, factory) -> new SampleIdentity(context) {
        @Override
        void checkIssuer(SampleToken token) {
            token.text("iss");
        }
    }),
    ISSUER_BEGINS_SO("takes an issuer that begins like its own", (context, factory) -> new SampleIdentity(context) {
        @Override
        void checkIssuer(SampleToken token) {
            if (!token.text("iss").startsWith(configuration.issuer())) {
                super.checkIssuer(token);
            }
        }
    }),
    SKIPS_THE_AUDIENCE("does not look at the audience", (context, factory) -> new SampleIdentity(context) {
        @Override
        void checkAudience(SampleToken token) {
            token.audiences();
        }
    }),
    AUDIENCE_IS_PART("takes an audience that its own is a part of", (context, factory) -> new SampleIdentity(context) {
        @Override
        void checkAudience(SampleToken token) {
            if (token.audiences().stream().noneMatch(audience -> audience.contains(configuration.audience()))) {
                super.checkAudience(token);
            }
        }
    }),
    FIRST_AUDIENCE_ONLY(
            "looks at the first of several audiences only", (context, factory) -> new SampleIdentity(context) {
                @Override
                void checkAudience(SampleToken token) {
                    if (!token.audiences().isEmpty()
                            && !token.audiences().getFirst().equals(configuration.audience())) {
                        throw problem(IdentityProblem.TOKEN_AUDIENCE_WRONG, "the token is meant for others");
                    }
                    super.checkAudience(token);
                }
            }),
    NEVER_EXPIRES("takes expired tokens", (context, factory) -> new SampleIdentity(context) {
        @Override
        void checkExpiry(SampleToken token) {
            token.time("exp");
        }
    }),
    TAKES_THE_FUTURE("takes tokens that are not valid yet", (context, factory) -> new SampleIdentity(context) {
        @Override
        void checkBeginning(SampleToken token, String claim) {
            token.time(claim);
        }
    }),
    SKIPS_NBF(
            "does not look at the time before which a token is not valid",
            (context, factory) -> new SampleIdentity(context) {
                @Override
                void checkBeginning(SampleToken token, String claim) {
                    if (claim.equals("nbf")) {
                        token.time(claim);
                    } else {
                        super.checkBeginning(token, claim);
                    }
                }
            }),
    HAS_NO_SKEW("lets clocks differ by nothing", (context, factory) -> new SampleIdentity(context) {
        @Override
        Duration skew() {
            return Duration.ZERO;
        }
    }),
    SKEW_WITHOUT_END(
            "lets clocks differ by more than is configured", (context, factory) -> new SampleIdentity(context) {
                @Override
                Duration skew() {
                    return Duration.ofMinutes(5);
                }
            }),
    REMEMBERS_TOKENS(
            "remembers a good token, and takes it when it has expired",
            (context, factory) -> new SampleIdentity(context) {
                private final Map<String, VerifiedIdentity> good = new ConcurrentHashMap<>();

                @Override
                public VerifiedIdentity validateToken(CallContext call, ValidateToken request) {
                    requireOpen();
                    return good.computeIfAbsent(request.token(), any -> super.validateToken(call, request));
                }
            }),
    LAST_OF_TWO("takes the last of two claims of one name", (context, factory) -> new SampleIdentity(context) {
        @Override
        public VerifiedIdentity validateToken(CallContext call, ValidateToken request) {
            try {
                return super.validateToken(call, request);
            } catch (ProblemException e) {
                String content = content(request.token());
                int second = content.lastIndexOf(",\"sub\"");
                if (second > 0 && content.indexOf("\"sub\"") < second) {
                    return new VerifiedIdentity(
                            configuration.issuer(),
                            "root",
                            "root",
                            null,
                            List.of(),
                            Map.of(),
                            call.deadline(),
                            call.deadline(),
                            null);
                }
                throw e;
            }
        }
    }),
    BAD_TOKENS_COUNT("counts a bad token against the provider", (context, factory) -> new SampleIdentity(context) {
        @Override
        void verify(SampleToken token, Instant deadline) {
            try {
                super.verify(token, deadline);
            } catch (ProblemException e) {
                throw SampleLine.unreachable("the token could not be verified").asException(e);
            }
        }
    }),
    ANSWERS_401(
            "says that the caller of the operation is not known, when a token is bad",
            (context, factory) -> new SampleIdentity(context) {
                @Override
                public VerifiedIdentity validateToken(CallContext call, ValidateToken request) {
                    try {
                        return super.validateToken(call, request);
                    } catch (ProblemException e) {
                        Problem said = e.problem();
                        throw new Problem(
                                        said.code(),
                                        said.category(),
                                        said.status() == 422 ? 401 : said.status(),
                                        said.title(),
                                        said.detail(),
                                        said.fix(),
                                        List.of(),
                                        said.retry())
                                .asException(e);
                    }
                }
            }),
    OWN_EXCEPTION(
            "fails with an exception of its own when a text is no token",
            (context, factory) -> new SampleIdentity(context) {
                @Override
                public VerifiedIdentity validateToken(CallContext call, ValidateToken request) {
                    if (request.token().indexOf('.') < 0) {
                        throw new IllegalArgumentException("no token");
                    }
                    return super.validateToken(call, request);
                }
            }),
    GRANTS_WHAT_IS_CLAIMED("grants roles that the token names", (context, factory) -> new SampleIdentity(context) {
        @Override
        Set<String> roles(SampleToken token) {
            Set<String> granted = super.roles(token);
            granted.addAll(token.texts("roles"));
            return granted;
        }
    }),
    GRANTS_IN_ANY_CASE(
            "grants a role by a value that is spelled otherwise", (context, factory) -> new SampleIdentity(context) {
                @Override
                Set<String> roles(SampleToken token) {
                    Set<String> granted = super.roles(token);
                    if (token.texts("groups").stream().anyMatch("admins"::equalsIgnoreCase)) {
                        granted.add("tenant_admin");
                    }
                    return granted;
                }
            }),
    GRANTS_TWICE("grants a role twice", (context, factory) -> new SampleIdentity(context) {
        @Override
        VerifiedIdentity identity(SampleToken token) {
            List<String> twice = new ArrayList<>(roles(token));
            twice.addAll(roles(token));
            return with(super.identity(token), twice, attributes(token));
        }
    }),
    TELLS_UNVERIFIED_ADDRESSES(
            "tells an address that the provider has not verified", (context, factory) -> new SampleIdentity(context) {
                @Override
                @Nullable
                String email(SampleToken token) {
                    return token.optionalText("email");
                }
            }),
    WANTS_A_NAME("refuses who has no name", (context, factory) -> new SampleIdentity(context) {
        @Override
        VerifiedIdentity identity(SampleToken token) {
            token.text("name");
            return super.identity(token);
        }
    }),
    EMPTY_ATTRIBUTES("gives attributes without values", (context, factory) -> new SampleIdentity(context) {
        @Override
        Map<String, List<String>> attributes(SampleToken token) {
            return Map.of("department", token.texts("department"));
        }
    }),
    ONE_VALUE("keeps the first value of an attribute", (context, factory) -> new SampleIdentity(context) {
        @Override
        Map<String, List<String>> attributes(SampleToken token) {
            Map<String, List<String>> attributes = super.attributes(token);
            attributes.replaceAll((name, values) -> values.subList(0, 1));
            return attributes;
        }
    }),
    CUTS_OFF("cuts off what is too long", (context, factory) -> new SampleIdentity(context) {
        @Override
        VerifiedIdentity checked(VerifiedIdentity identity) {
            Map<String, List<String>> shorter = new HashMap<>(identity.attributes());
            shorter.replaceAll((name, values) -> values.stream().limit(7).toList());
            return super.checked(with(identity, identity.roles(), shorter));
        }
    }),
    GIVES_ALL("gives more than an identity may hold", (context, factory) -> new SampleIdentity(context) {
        @Override
        VerifiedIdentity checked(VerifiedIdentity identity) {
            return identity;
        }
    }),
    KEEPS_FIRST_KEYS("keeps the keys that it has seen first", (context, factory) -> new SampleIdentity(context) {
        @Override
        void keep(Map<String, PublicKey> fetched) {
            super.keep(known().isEmpty() ? fetched : known());
        }

        @Override
        Map<String, PublicKey> newer(Instant deadline) {
            return known();
        }
    }),
    NEWEST_KEY_ONLY(
            "forgets the old key as soon as there is a new one", (context, factory) -> new SampleIdentity(context) {
                @Override
                Map<String, PublicKey> keysOf(SampleLine.Answer answer) {
                    Map<String, PublicKey> read = super.keysOf(answer);
                    String last = List.copyOf(read.keySet()).getLast();
                    read.keySet().removeIf(id -> !id.equals(last));
                    return read;
                }
            }),
    NEVER_FORGETS_KEYS(
            "goes on to trust a key that is published no more", (context, factory) -> new SampleIdentity(context) {
                @Override
                void keep(Map<String, PublicKey> fetched) {
                    Map<String, PublicKey> all = new HashMap<>(known());
                    all.putAll(fetched);
                    super.keep(all);
                }
            }),
    FETCHES_FOR_EACH_TOKEN("fetches the keys for each token", (context, factory) -> new SampleIdentity(context) {
        @Override
        PublicKey key(SampleToken token, Instant deadline) {
            newer(deadline);
            return super.key(token, deadline);
        }
    }),
    FETCHES_FOR_EACH_UNKNOWN_KEY(
            "fetches the keys for each token of an unknown key", (context, factory) -> new SampleIdentity(context) {
                @Override
                boolean isDue(Instant last) {
                    return true;
                }
            }),
    ASKS_TOO_SELDOM("asks for new keys once in an hour", (context, factory) -> new SampleIdentity(context) {
        @Override
        boolean isDue(Instant last) {
            return !context.clock().instant().isBefore(last.plus(Duration.ofHours(1)));
        }
    }),
    FORGETS_KEYS_IN_TROUBLE(
            "forgets its keys when the provider is down", (context, factory) -> new SampleIdentity(context) {
                @Override
                public Health health() {
                    Health health = super.health();
                    if (!health.equals(new Health.Up())) {
                        keep(Map.of());
                    }
                    return health;
                }
            }),
    UNKNOWN_KEY_COUNTS(
            "counts an unknown key against a provider that is down, though others are known",
            (context, factory) -> new SampleIdentity(context) {
                @Override
                Map<String, PublicKey> newer(Instant deadline) {
                    return fetchKeys(deadline);
                }
            }),
    WAITS_FOR_NEW_KEYS(
            "lets everybody wait while it fetches old keys anew", (context, factory) -> new SampleIdentity(context) {
                @Override
                void refreshWhatIsOld() {
                    if (isOld()) {
                        newer(context.clock().instant().plusSeconds(60));
                    }
                }
            }),
    NO_KEY_IS_THE_TOKENS_FAULT(
            "blames the token when the provider is down and no key is known",
            (context, factory) -> new SampleIdentity(context) {
                @Override
                PublicKey key(SampleToken token, Instant deadline) {
                    try {
                        return super.key(token, deadline);
                    } catch (ProblemException e) {
                        throw e.problem().category() == ProblemCategory.EXTERNAL
                                ? problem(
                                        IdentityProblem.TOKEN_KEY_UNKNOWN,
                                        e.problem().detail())
                                : e;
                    }
                }
            }),
    UNREACHABLE_FOR_EVER(
            "says that an unreachable provider need not be asked again",
            (context, factory) -> new SampleIdentity(context) {
                @Override
                SampleLine.Answer get(String address, Instant deadline) {
                    try {
                        return super.get(address, deadline);
                    } catch (ProblemException e) {
                        throw e.problem().with(Retry.never()).asException(e);
                    }
                }
            }),
    SENDS_NO_STATE("leaves out the state", (context, factory) -> new SampleIdentity(context) {
        @Override
        Map<String, String> beginning(BeginLogin request) {
            return without("state", super.beginning(request));
        }
    }),
    SENDS_NO_NONCE("leaves out the nonce", (context, factory) -> new SampleIdentity(context) {
        @Override
        Map<String, String> beginning(BeginLogin request) {
            return without("nonce", super.beginning(request));
        }
    }),
    SENDS_NO_CHALLENGE("leaves out the code challenge", (context, factory) -> new SampleIdentity(context) {
        @Override
        Map<String, String> beginning(BeginLogin request) {
            return without("code_challenge", without("code_challenge_method", super.beginning(request)));
        }
    }),
    ESCAPES_NOTHING("writes the state into the address as it is", (context, factory) -> new SampleIdentity(context) {
        @Override
        public LoginUrl beginLogin(CallContext call, BeginLogin request) {
            String url = super.beginLogin(call, request).url().toString();
            String state = request.state().replaceAll("[%#]", "-");
            return new LoginUrl(URI.create(url.replaceFirst("state=[^&]*", "state=" + state)));
        }
    }),
    REMEMBERS_LOGINS("completes only what it has begun itself", (context, factory) -> new SampleIdentity(context) {
        private final Set<String> begun = ConcurrentHashMap.newKeySet();

        @Override
        public LoginUrl beginLogin(CallContext call, BeginLogin request) {
            begun.add(request.nonce());
            return super.beginLogin(call, request);
        }

        @Override
        void checkNonce(SampleToken token, CompleteLogin request) {
            if (!begun.contains(request.nonce())) {
                throw problem(IdentityProblem.TOKEN_NONCE_MISMATCH, "nobody has begun this login");
            }
            super.checkNonce(token, request);
        }
    }),
    SENDS_NO_VERIFIER("redeems a code without the verifier", (context, factory) -> new SampleIdentity(context) {
        @Override
        Map<String, String> form(CompleteLogin request) {
            return without("code_verifier", super.form(request));
        }
    }),
    SKIPS_THE_NONCE("does not compare the nonce", (context, factory) -> new SampleIdentity(context) {
        @Override
        void checkNonce(SampleToken token, CompleteLogin request) {
            // the fault
        }
    }),
    NONCE_MAY_BE_MISSING("compares the nonce only if there is one", (context, factory) -> new SampleIdentity(context) {
        @Override
        void checkNonce(SampleToken token, CompleteLogin request) {
            if (token.claims().has("nonce")) {
                super.checkNonce(token, request);
            }
        }
    }),
    ID_TOKEN_OF_ANOTHER_CLIENT(
            "takes an id token that is meant for another client", (context, factory) -> new SampleIdentity(context) {
                @Override
                void checkClient(SampleToken token) {
                    // the fault
                }
            }),
    SKIPS_THE_PARTY(
            "does not look at the party that an id token was made for",
            (context, factory) -> new SampleIdentity(context) {
                @Override
                void checkClient(SampleToken token) {
                    if (!token.audiences().contains(configuration.clientId())) {
                        super.checkClient(token);
                    }
                }
            }),
    SKIPS_THE_CALLBACKS_ISSUER(
            "does not look from which issuer the browser comes back",
            (context, factory) -> new SampleIdentity(context) {
                @Override
                void checkCallback(CompleteLogin request) {
                    // the fault
                }
            }),
    BELIEVES_THE_TOKEN_ENDPOINT(
            "does not verify what comes for a code", (context, factory) -> new SampleIdentity(context) {
                @Override
                void verify(SampleToken token, Instant deadline) {
                    if (token.claims().has("nonce")) {
                        return;
                    }
                    super.verify(token, deadline);
                }
            }),
    TRIES_CODES_TWICE(
            "tries a code again when the provider is in trouble", (context, factory) -> new SampleIdentity(context) {
                @Override
                SampleLine.Answer redeem(CompleteLogin request, JsonNode provider, Instant deadline) {
                    SampleLine.Answer answer = super.redeem(request, provider, deadline);
                    return answer.status() >= 500 ? super.redeem(request, provider, deadline) : answer;
                }
            }),
    REFUSED_CODE_COUNTS(
            "counts a refused code against the provider", (context, factory) -> new SampleIdentity(context) {
                @Override
                Problem refusal(SampleLine.Answer answer) {
                    return SampleLine.problem(
                            IdentityProblem.IDENTITY_PROVIDER_MISCONFIGURED, "said " + answer.status());
                }
            }),
    TROUBLE_WITH_CODES_COUNTS(
            "counts a fault of the token endpoint against the instance",
            (context, factory) -> new SampleIdentity(context) {
                @Override
                Problem refusal(SampleLine.Answer answer) {
                    return answer.status() >= 500
                            ? SampleLine.unreachable("said " + answer.status())
                            : super.refusal(answer);
                }
            }),
    SILENCE_TO_CODES_COUNTS(
            "counts it against the instance when a code is not answered",
            (context, factory) -> new SampleIdentity(context) {
                @Override
                ProblemException unanswered(ProblemException failure) {
                    return failure;
                }
            }),
    WRONG_SECRET_IS_A_BAD_CODE(
            "calls a wrong client secret a bad code", (context, factory) -> new SampleIdentity(context) {
                @Override
                Problem refusal(SampleLine.Answer answer) {
                    return answer.status() == 401
                            ? SampleLine.problem(IdentityProblem.LOGIN_CODE_REFUSED, "said 401")
                            : super.refusal(answer);
                }
            }),
    LOGS_IN_ANYWAY("logs people in though it is for programs only", (context, factory) -> new SampleIdentity(context) {
        @Override
        void requireLogin() {
            // the fault
        }
    }),
    FORGETS_THE_WAY_BACK(
            "forgets where a browser goes after it was forgotten", (context, factory) -> new SampleIdentity(context) {
                @Override
                public EndSessionUrl endSessionUrl(CallContext call, EndSession request) {
                    return super.endSessionUrl(call, new EndSession(null));
                }
            }),
    INVENTS_AN_END(
            "names where to log out at a provider that has no such place",
            (context, factory) -> new SampleIdentity(context) {
                @Override
                public EndSessionUrl endSessionUrl(CallContext call, EndSession request) {
                    EndSessionUrl end = super.endSessionUrl(call, request);
                    return end.url() == null ? new EndSessionUrl(URI.create(configuration.issuer() + "/logout")) : end;
                }
            }),
    CHECKS_NO_REQUEST("does not check what it is asked", (context, factory) -> new SampleIdentity(context) {
        @Override
        void check(Runnable rules) {
            // the fault
        }
    }),
    FOLLOWS_REDIRECTS("follows redirects", (context, factory) -> new SampleIdentity(context) {
        @Override
        SampleLine.Answer get(String address, Instant deadline) {
            SampleLine.Answer answer = super.get(address, deadline);
            return answer.location().isEmpty() ? answer : super.get(answer.location(), deadline);
        }
    }),
    BELIEVES_ANOTHER_NAME(
            "believes a provider that calls itself another", (context, factory) -> new SampleIdentity(context) {
                @Override
                void checkMetadata(JsonNode provider) {
                    checkPlace(provider.path("jwks_uri").asText());
                }
            }),
    GOES_WHERE_AN_ANSWER_POINTS(
            "takes code and secret wherever an answer points", (context, factory) -> new SampleIdentity(context) {
                @Override
                void checkPlace(String address) {
                    // the fault
                }
            }),
    BLAMES_THE_CALLER(
            "blames the caller for an answer that makes no sense", (context, factory) -> new SampleIdentity(context) {
                @Override
                SampleLine.Answer get(String address, Instant deadline) {
                    SampleLine.Answer answer = super.get(address, deadline);
                    if (answer.status() == 200 && answer.json().isMissingNode()) {
                        throw problem(IdentityProblem.TOKEN_MALFORMED, "nothing fits");
                    }
                    return answer;
                }
            }),
    FAULTS_DO_NOT_PASS(
            "says that a fault of the provider does not pass", (context, factory) -> new SampleIdentity(context) {
                @Override
                SampleLine.Answer get(String address, Instant deadline) {
                    SampleLine.Answer answer = super.get(address, deadline);
                    if (answer.status() >= 500) {
                        throw problem(IdentityProblem.IDENTITY_PROVIDER_MISCONFIGURED, "said " + answer.status());
                    }
                    return answer;
                }
            }),
    UP_WITHOUT_ASKING("says that it is up without asking", (context, factory) -> new SampleIdentity(context) {
        @Override
        public Health health() {
            return new Health.Up();
        }
    }),
    ASKS_WHEN_IT_OPENS("asks the provider when it opens, and fails when there is none", (context, factory) -> {
        SampleIdentity identity = new SampleIdentity(context);
        identity.fetchKeys(context.clock().instant().plusSeconds(10));
        return identity;
    }),
    ASKS_TO_DESCRIBE("asks the provider what is configured", (context, factory) -> new SampleIdentity(context) {
        @Override
        public ProviderDescription describe(CallContext call, Describe request) {
            metadata(call.deadline());
            return super.describe(call, request);
        }
    }),
    WORKS_ON("works on after it was closed", (context, factory) -> new SampleIdentity(context) {
        @Override
        public void close() {
            // the fault
        }
    }),
    OVERRUNS_THE_DEADLINE("waits for an answer beyond the deadline", (context, factory) -> new SampleIdentity(context) {
        @Override
        SampleLine.Answer ask(HttpRequest request, Instant deadline) {
            return super.ask(request, deadline.plusSeconds(600));
        }
    }),
    GOES_ON_WHEN_INTERRUPTED(
            "goes on waiting when it is interrupted", (context, factory) -> new SampleIdentity(context) {
                @Override
                SampleLine.Answer ask(HttpRequest request, Instant deadline) {
                    try {
                        return super.ask(request, deadline);
                    } catch (ProblemException e) {
                        if (Thread.interrupted()) {
                            return super.ask(request, deadline);
                        }
                        throw e;
                    }
                }
            }),
    WAITS_FOR_WHAT_HANGS(
            "goes on waiting for an answer that never ends", (context, factory) -> new SampleIdentity(context) {
                private final Map<String, CompletableFuture<SampleLine.Answer>> asked = new ConcurrentHashMap<>();

                @Override
                SampleLine.Answer get(String address, Instant deadline) {
                    CompletableFuture<SampleLine.Answer> mine = new CompletableFuture<>();
                    var _ = asked.compute(
                                    address,
                                    (same, known) -> known == null || known.isDone()
                                            ? line.begin(
                                                    SampleLine.request(same).build())
                                            : known)
                            .whenComplete((answer, failure) -> {
                                if (failure == null) {
                                    mine.complete(answer);
                                } else {
                                    mine.completeExceptionally(failure);
                                }
                            });
                    return line.await(mine, deadline);
                }
            }),
    LOGS_THE_SECRET("writes the client secret to the log", (context, factory) -> new SampleIdentity(context) {
        @Override
        String secret() {
            context.logger().log(System.Logger.Level.DEBUG, "redeems with {0}", super.secret());
            return super.secret();
        }
    }),
    LOGS_TOKENS("writes refused tokens to the log", (context, factory) -> new SampleIdentity(context) {
        @Override
        public VerifiedIdentity validateToken(CallContext call, ValidateToken request) {
            try {
                return super.validateToken(call, request);
            } catch (ProblemException e) {
                context.logger().log(System.Logger.Level.INFO, "refused: " + request.token());
                throw e;
            }
        }
    }),
    QUOTES_THE_TOKEN("quotes a token in the problem", (context, factory) -> new SampleIdentity(context) {
        @Override
        void verify(SampleToken token, Instant deadline) {
            try {
                super.verify(token, deadline);
            } catch (ProblemException e) {
                throw e.problem()
                        .with(List.of(new Violation("/token", token.signed())))
                        .asException(e);
            }
        }
    }),
    QUOTES_THE_CODE("quotes a refused code in the cause", (context, factory) -> new SampleIdentity(context) {
        @Override
        public VerifiedIdentity completeLogin(CallContext call, CompleteLogin request) {
            try {
                return super.completeLogin(call, request);
            } catch (ProblemException e) {
                throw e.problem().asException(new IllegalStateException("code " + request.code(), e));
            }
        }
    }),
    PASSES_ON_WHAT_IS_QUOTED(
            "passes on what the provider says, though it quotes the code",
            (context, factory) -> new SampleIdentity(context) {
                @Override
                Problem refusal(SampleLine.Answer answer) {
                    Problem refusal = super.refusal(answer);
                    return new Problem(
                            refusal.code(),
                            refusal.category(),
                            refusal.status(),
                            refusal.title(),
                            refusal.detail() + " "
                                    + answer.json().path("error_description").asText(),
                            refusal.fix(),
                            List.of(),
                            refusal.retry());
                }
            }),
    PRINTS_WHAT_IT_KNOWS(
            "tells its client secret when it is printed", (context, factory) -> new SampleIdentity(context) {
                @Override
                public String toString() {
                    return "SampleIdentity[" + secret() + "]";
                }
            }),
    SECRET_OF_THE_FIRST(
            "uses the client secret of the tenant that came first", (context, factory) -> new SampleIdentity(context) {
                @Override
                String secret() {
                    return String.valueOf(first(factory, super.secret()));
                }
            }),
    KEYS_FOR_ALL("shares keys by their name among tenants", (context, factory) -> new SampleIdentity(context) {
        @Override
        PublicKey key(SampleToken token, Instant deadline) {
            PublicKey own = super.key(token, deadline);
            return shared(factory, token.header("kid"), own);
        }
    }),
    TOKENS_FOR_ALL("shares what it knows of tokens among tenants", (context, factory) -> new SampleIdentity(context) {
        @Override
        public VerifiedIdentity validateToken(CallContext call, ValidateToken request) {
            requireOpen();
            if (factory.contains(request.token())) {
                SampleToken known = SampleToken.read(request.token());
                checkExpiry(known);
                return identity(known);
            }
            VerifiedIdentity identity = super.validateToken(call, request);
            factory.add(request.token());
            return identity;
        }
    }),
    CLOSES_ALL("closes all instances with one", (context, factory) -> new SampleIdentity(context) {
        @Override
        void requireOpen() {
            if (!factory.isEmpty()) {
                throw problem(IdentityProblem.IDENTITY_CLOSED, "one was closed");
            }
            super.requireOpen();
        }

        @Override
        public void close() {
            factory.add("closed");
            super.close();
        }
    }),
    TRUSTS_ANYBODY("trusts every certificate", (context, factory) -> new SampleIdentity(new TrustingContext(context))),
    LEAVES_A_THREAD("leaves a thread behind", (context, factory) -> {
        Thread.ofPlatform().daemon().name("left-behind").start(BrokenIdentity::linger);
        return new SampleIdentity(context);
    }),
    HOLDS_ON("holds on to closed instances", (context, factory) -> {
        SampleIdentity identity = new SampleIdentity(context);
        factory.add(identity);
        return identity;
    }),
    NO_WAY_OUT(
            "names where to log out though it declares that it cannot",
            "adapter.yaml",
            EnumSet.of(IdentityFixture.Offer.LOGIN)),
    NO_WAY_IN(
            "lets people log in though it declares that they cannot",
            "adapter.yaml",
            EnumSet.of(IdentityFixture.Offer.END_SESSION)),
    SECRET_IN_THE_OPEN(
            "does not mark its secret in the manifest",
            "without-secret.yaml",
            EnumSet.allOf(IdentityFixture.Offer.class)),
    MANIFEST_OF_ANOTHER_TYPE(
            "names another type in the manifest", "of-another-type.yaml", EnumSet.allOf(IdentityFixture.Offer.class)),
    MANIFEST_INCOMPLETE(
            "leaves out what the manifest has to have", "incomplete.yaml", EnumSet.allOf(IdentityFixture.Offer.class));

    private final String fault;
    private final String manifest;

    @SuppressWarnings("ImmutableEnumChecker") // nobody changes it
    private final Set<IdentityFixture.Offer> offers;

    @SuppressWarnings("ImmutableEnumChecker") // the openings are lambdas that capture nothing
    private final Opening opening;

    /** Opens a broken instance; {@code factory} is what all instances of one factory share. */
    private interface Opening {
        AdapterInstance open(AdapterContext context, List<Object> factory);
    }

    BrokenIdentity(String fault, Opening opening) {
        this.fault = fault;
        this.manifest = "adapter.yaml";
        this.offers = EnumSet.allOf(IdentityFixture.Offer.class);
        this.opening = opening;
    }

    BrokenIdentity(String fault, String manifest, Set<IdentityFixture.Offer> offers) {
        this.fault = fault;
        this.manifest = manifest;
        this.offers = offers;
        this.opening = (context, factory) -> new SampleIdentity(context);
    }

    /** What is wrong with it, as the end of a sentence. */
    String fault() {
        return fault;
    }

    /** The manifest on the class path. */
    String manifest() {
        return manifest;
    }

    /** What its author declares. */
    Set<IdentityFixture.Offer> offers() {
        return offers;
    }

    AdapterInstance open(AdapterContext context, List<Object> factory) {
        return opening.open(context, factory);
    }

    private static Object first(List<Object> factory, Object mine) {
        synchronized (factory) {
            if (factory.isEmpty()) {
                factory.add(mine);
            }
            return factory.getFirst();
        }
    }

    private static PublicKey shared(List<Object> factory, String id, PublicKey mine) {
        for (Object known : List.copyOf(factory)) {
            if (known instanceof Map.Entry<?, ?> entry
                    && entry.getKey().equals(id)
                    && entry.getValue() instanceof PublicKey key) {
                return key;
            }
        }
        factory.add(Map.entry(id, mine));
        return mine;
    }

    private static Map<String, String> without(String parameter, Map<String, String> parameters) {
        parameters.remove(parameter);
        return parameters;
    }

    private static VerifiedIdentity with(
            VerifiedIdentity identity, List<String> roles, Map<String, List<String>> attributes) {
        return new VerifiedIdentity(
                identity.issuer(),
                identity.subject(),
                identity.displayName(),
                identity.email(),
                roles,
                attributes,
                identity.issuedAt(),
                identity.expiresAt(),
                identity.tokenId());
    }

    private static String content(String token) {
        List<String> parts = SigningKey.parts(token);
        try {
            return parts.size() == 3 ? new String(Base64.getUrlDecoder().decode(parts.get(1)), UTF_8) : "";
        } catch (IllegalArgumentException e) {
            return "";
        }
    }

    private static String hmac(SampleToken token, byte[] secret) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret, "HmacSHA256"));
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(mac.doFinal(token.signed().getBytes(US_ASCII)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void linger() {
        try {
            var _ = new CountDownLatch(1).await(5, TimeUnit.MINUTES);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
