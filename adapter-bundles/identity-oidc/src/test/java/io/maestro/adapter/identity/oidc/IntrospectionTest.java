package io.maestro.adapter.identity.oidc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.maestro.adapter.spi.identity.IdentityProblem;
import io.maestro.adapter.spi.identity.IdentityProvider;
import io.maestro.adapter.spi.identity.VerifiedIdentity;
import io.maestro.model.Problem;
import io.maestro.model.ProblemCategory;
import io.maestro.testing.peers.LocalIssuer;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bearer tokens that the provider is asked about. */
final class IntrospectionTest extends ProviderFixture {
    private static final String TOKEN = "an-opaque-token-of-tests";
    private static final String SECRET = "the-client-secret-&-more";
    private static final Map<String, Object> ASKING = Map.of("introspection", true, "clientSecret", SECRET);

    @BeforeEach
    void publish() {
        issuer.publishMetadata(Map.of("introspection_endpoint", issuer.issuer() + "/introspect"));
        tells(good());
    }

    private Map<String, Object> good() {
        Map<String, Object> told = new HashMap<>(claims());
        told.put("active", true);
        told.put("token_type", "Bearer");
        return told;
    }

    private Map<String, Object> good(String name, Object value) {
        Map<String, Object> told = good();
        if (value.equals("")) {
            told.remove(name);
        } else {
            told.put(name, value);
        }
        return told;
    }

    private void tells(Map<String, Object> told) {
        issuer.answer("/introspect", 200, Json.text(told));
    }

    @Test
    void asksAsTheClientAndMapsWhatIsTold() {
        tells(good("groups", List.of("admins")));
        Map<String, Object> configuration = new HashMap<>(ASKING);
        configuration.put(
                "mapping",
                Map.of(
                        "roles",
                        List.of(Map.of("claim", "groups", "values", Map.of("admins", List.of("tenant_admin"))))));
        VerifiedIdentity alice = validate(open(configuration), TOKEN);

        assertThat(alice.subject()).isEqualTo("alice");
        assertThat(alice.roles()).containsExactly("tenant_admin");
        assertThat(issuer.lastPosted().body()).isEqualTo("token=" + TOKEN + "&token_type_hint=access_token");
        assertThat(new String(
                        Base64.getDecoder()
                                .decode(issuer.authorization("/introspect").substring("Basic ".length())),
                        UTF_8))
                .isEqualTo("maestro:the-client-secret-%26-more");
    }

    @Test
    void provesItselfByTheNewSecretOnceItIsChanged() {
        issuer.publishMetadata(Map.of(
                "introspection_endpoint",
                issuer.issuer() + "/introspect",
                "token_endpoint_auth_methods_supported",
                List.of("client_secret_post")));
        OidcIdentityProvider provider = open(ASKING);
        validate(provider, TOKEN);
        provider.secretsChanged(context(Map.of("introspection", true, "clientSecret", "the-next-secret")));
        validate(provider, TOKEN);
        assertThat(issuer.lastPosted().body()).contains("client_secret=the-next-secret");
    }

    @Test
    void refusesWhatIsNotGoodForUs() {
        long now = now().getEpochSecond();
        refusedAs(IdentityProblem.TOKEN_EXPIRED, Map.of("active", false));
        refusedAs(IdentityProblem.TOKEN_EXPIRED, good("active", false));
        refusedAs(IdentityProblem.TOKEN_EXPIRED, good("exp", now - 31));
        refusedAs(IdentityProblem.TOKEN_MALFORMED, good("exp", ""));
        refusedAs(IdentityProblem.TOKEN_MALFORMED, good("sub", ""));
        refusedAs(IdentityProblem.TOKEN_NOT_YET_VALID, good("nbf", now + 31));
        refusedAs(IdentityProblem.TOKEN_NOT_YET_VALID, good("iat", now + 31));
        refusedAs(IdentityProblem.TOKEN_ISSUER_WRONG, good("iss", "https://evil.example.org"));
        refusedAs(IdentityProblem.TOKEN_AUDIENCE_WRONG, good("aud", "other"));
        refusedAs(IdentityProblem.TOKEN_AUDIENCE_WRONG, good("aud", ""));
        refusedAs(IdentityProblem.TOKEN_TYPE_NOT_ALLOWED, good("token_type", ""));
        refusedAs(IdentityProblem.TOKEN_TYPE_NOT_ALLOWED, good("token_type", "Refresh"));
    }

    private void refusedAs(IdentityProblem code, Map<String, Object> told) {
        tells(told);
        refused(code, open(ASKING), TOKEN);
    }

    @Test
    void providerMayLeaveOutWhoItIsAndSinceWhenATokenIs() {
        Map<String, Object> told = good("iss", "");
        told.remove("iat");
        tells(told);
        VerifiedIdentity alice = validate(open(ASKING), TOKEN);
        assertThat(alice.issuer()).isEqualTo(issuer.issuer());
        assertThat(alice.issuedAt()).isEqualTo(now().truncatedTo(ChronoUnit.SECONDS));
    }

    @Test
    void asksAboutNoJwtAndAboutNothingThatIsNoToken() {
        IdentityProvider provider = open(ASKING);
        assertThat(validate(provider, key.sign(claims())).subject()).isEqualTo("alice");
        refused(IdentityProblem.TOKEN_MALFORMED, provider, "a.b.c");
        refused(IdentityProblem.TOKEN_MALFORMED, provider, "with space");
        refused(IdentityProblem.TOKEN_MALFORMED, provider, "x&token=y");
        assertThat(issuer.requests("/introspect")).isZero();
    }

    @Test
    void asksNobodyUnlessItIsWanted() {
        refused(IdentityProblem.TOKEN_MALFORMED, open(Map.of("clientSecret", SECRET)), TOKEN);
        assertThat(issuer.requests("/introspect")).isZero();
    }

    @Test
    void needsASecret() {
        refused(IdentityProblem.IDENTITY_PROVIDER_MISCONFIGURED, () -> open(Map.of("introspection", true)));
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 403, 404, 429, 500})
    void troubleWithItCountsOnlyWhileNoKeyIsKnown(int status) {
        issuer.answer("/introspect", status, "{}");
        IdentityProvider provider = open(ASKING);
        Problem alone = refused(
                status == 429 || status == 500
                        ? IdentityProblem.IDENTITY_PROVIDER_UNREACHABLE
                        : IdentityProblem.IDENTITY_PROVIDER_MISCONFIGURED,
                provider,
                TOKEN);
        assertThat(alone.category()).isEqualTo(ProblemCategory.EXTERNAL);

        validate(provider, key.sign(claims()));
        assertThat(refused(IdentityProblem.LOGIN_UNAVAILABLE, provider, TOKEN).category())
                .isEqualTo(ProblemCategory.POLICY_OR_LIMIT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{}", "[]", "no json", "{\"active\":\"true\"}"})
    void whatIsNoAnswerIsNotTakenForAYes(String body) {
        issuer.answer("/introspect", 200, body);
        refused(IdentityProblem.IDENTITY_PROVIDER_MISCONFIGURED, open(ASKING), TOKEN);
    }

    @Test
    void tokensGoToNoOtherHostUnlessThatIsConfigured() throws Exception {
        try (LocalIssuer other = LocalIssuer.start()) {
            issuer.publishMetadata(Map.of("introspection_endpoint", other.issuer() + "/introspect"));
            other.answer("/introspect", 200, Json.text(good()));
            refused(IdentityProblem.IDENTITY_PROVIDER_MISCONFIGURED, open(ASKING), TOKEN);
            assertThat(other.requests("/introspect")).isZero();

            Map<String, Object> aware = new HashMap<>(ASKING);
            aware.put("introspectionUrl", other.issuer() + "/introspect");
            assertThat(validate(open(aware), TOKEN).subject()).isEqualTo("alice");
        }
    }

    @Test
    void asksAboutSomeAtOnceAndRefusesTheRest() throws Exception {
        OidcIdentityProvider provider = open(ASKING);
        validate(provider, TOKEN);
        issuer.stall();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<VerifiedIdentity>> asked = new ArrayList<>();
            for (int i = 0; i < 16; i++) {
                asked.add(threads.submit(() -> validate(provider, TOKEN)));
            }
            Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> issuer.requests("/introspect") == 17);
            assertThat(refused(IdentityProblem.LOGIN_UNAVAILABLE, provider, TOKEN)
                            .detail())
                    .contains("already");
            issuer.release();
            for (Future<VerifiedIdentity> one : asked) {
                assertThat(one.get().subject()).isEqualTo("alice");
            }
        }
    }
}
