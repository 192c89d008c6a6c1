package io.maestro.conformance.identity;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import io.maestro.adapter.spi.AdapterContext;
import io.maestro.adapter.spi.CallContext;
import io.maestro.adapter.spi.Health;
import io.maestro.adapter.spi.identity.BeginLogin;
import io.maestro.adapter.spi.identity.CompleteLogin;
import io.maestro.adapter.spi.identity.Describe;
import io.maestro.adapter.spi.identity.EndSession;
import io.maestro.adapter.spi.identity.EndSessionUrl;
import io.maestro.adapter.spi.identity.IdentityProblem;
import io.maestro.adapter.spi.identity.IdentityProvider;
import io.maestro.adapter.spi.identity.IdentityRules;
import io.maestro.adapter.spi.identity.LoginUrl;
import io.maestro.adapter.spi.identity.ProviderDescription;
import io.maestro.adapter.spi.identity.ValidateToken;
import io.maestro.adapter.spi.identity.VerifiedIdentity;
import io.maestro.model.Problem;
import io.maestro.model.ProblemException;
import java.math.BigInteger;
import java.net.URI;
import java.net.http.HttpRequest;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.RSAPublicKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A sound adapter over an OpenID Connect provider, by RS256 alone. The broken ones extend it. */
class SampleIdentity implements IdentityProvider {
    private static final Duration FRESH = Duration.ofMinutes(5);
    private static final Duration INTERVAL = Duration.ofSeconds(10);
    private static final Map<String, List<String>> ROLES =
            Map.of("admins", List.of("tenant_admin"), "owners", List.of("tenant_admin", "tenant_developer"));

    final AdapterContext context;
    final SampleConfiguration configuration;
    final SampleLine line;
    private volatile @Nullable JsonNode metadata;
    private volatile Map<String, PublicKey> keys = Map.of();
    private volatile Instant lastFetch = Instant.EPOCH;
    private volatile Instant lastMiss = Instant.EPOCH;
    private volatile @Nullable CompletableFuture<?> refresh;
    private volatile boolean closed;

    SampleIdentity(AdapterContext context) {
        this.context = context;
        this.configuration = context.configuration(SampleConfiguration.class);
        this.line = new SampleLine(context);
    }

    @Override
    public ProviderDescription describe(CallContext call, Describe request) {
        requireOpen();
        return new ProviderDescription(
                configuration.issuer(),
                configuration.clientId(),
                List.of("openid"),
                List.of(configuration.audience()),
                login());
    }

    @Override
    public VerifiedIdentity validateToken(CallContext call, ValidateToken request) {
        requireOpen();
        check(() -> IdentityRules.check(request));
        SampleToken token = SampleToken.read(request.token());
        checkType(token);
        checkAlgorithm(token);
        checkIssuer(token);
        checkAudience(token);
        checkTimes(token);
        verify(token, call.deadline());
        return checked(identity(token));
    }

    @Override
    public LoginUrl beginLogin(CallContext call, BeginLogin request) {
        requireOpen();
        requireLogin();
        check(() -> IdentityRules.check(request));
        return new LoginUrl(URI.create(
                metadata(call.deadline()).path("authorization_endpoint").asText() + "?"
                        + Query.text(beginning(request))));
    }

    @Override
    public VerifiedIdentity completeLogin(CallContext call, CompleteLogin request) {
        requireOpen();
        requireLogin();
        check(() -> IdentityRules.check(request));
        checkCallback(request);
        JsonNode provider = metadata(call.deadline());
        SampleLine.Answer answer = redeem(request, provider, call.deadline());
        if (answer.status() != 200 || !answer.json().path("id_token").isTextual()) {
            throw refusal(answer).asException();
        }
        SampleToken token = SampleToken.read(answer.json().path("id_token").asText());
        checkAlgorithm(token);
        checkIssuer(token);
        checkClient(token);
        checkTimes(token);
        verify(token, call.deadline());
        checkNonce(token, request);
        return checked(identity(token));
    }

    @Override
    public EndSessionUrl endSessionUrl(CallContext call, EndSession request) {
        requireOpen();
        check(() -> IdentityRules.check(request));
        JsonNode endpoint = metadata(call.deadline()).path("end_session_endpoint");
        if (!endpoint.isTextual()) {
            return new EndSessionUrl(null);
        }
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put("client_id", configuration.clientId());
        if (request.returnTo() != null) {
            parameters.put("post_logout_redirect_uri", request.returnTo().toString());
        }
        return new EndSessionUrl(URI.create(endpoint.asText() + "?" + Query.text(parameters)));
    }

    @Override
    public Health health() {
        if (closed) {
            return new Health.Down("the instance is closed");
        }
        Instant deadline = context.clock().instant().plusSeconds(10);
        try {
            fetchMetadata(deadline);
            fetchKeys(deadline);
            return new Health.Up();
        } catch (ProblemException e) {
            return keys.isEmpty()
                    ? new Health.Down(e.problem().detail())
                    : new Health.Degraded(e.problem().detail());
        }
    }

    @Override
    public void close() {
        closed = true;
        CompletableFuture<?> running = refresh;
        if (running != null) {
            running.cancel(true);
        }
    }

    void requireOpen() {
        if (closed) {
            throw problem(IdentityProblem.IDENTITY_CLOSED, "the instance was closed");
        }
    }

    boolean login() {
        return !Boolean.FALSE.equals(configuration.login());
    }

    void requireLogin() {
        if (!login()) {
            throw problem(IdentityProblem.LOGIN_NOT_OFFERED, "the instance is for programs only");
        }
    }

    /** Checks a request by the rules that every provider shares. */
    void check(Runnable rules) {
        rules.run();
    }

    /** Checks an identity by the rules that every provider shares. */
    VerifiedIdentity checked(VerifiedIdentity identity) {
        IdentityRules.check(identity);
        return identity;
    }

    void checkType(SampleToken token) {
        String type = token.header("typ");
        if (!Set.of("at+jwt", "JWT", "").contains(type) || token.claims().has("nonce")) {
            throw problem(IdentityProblem.TOKEN_TYPE_NOT_ALLOWED, "the token is for another use");
        }
    }

    void checkAlgorithm(SampleToken token) {
        if (!token.header("alg").equals("RS256")
                || Set.of("jwk", "jku", "x5u", "x5c", "crit", "b64").stream().anyMatch(token.header()::has)) {
            throw problem(IdentityProblem.TOKEN_ALGORITHM_NOT_ALLOWED, "the token is signed in another way");
        }
    }

    void checkIssuer(SampleToken token) {
        if (!token.text("iss").equals(configuration.issuer())) {
            throw problem(IdentityProblem.TOKEN_ISSUER_WRONG, "the token is of another issuer");
        }
    }

    void checkAudience(SampleToken token) {
        if (!token.audiences().contains(configuration.audience())) {
            throw problem(IdentityProblem.TOKEN_AUDIENCE_WRONG, "the token is meant for others");
        }
    }

    void checkClient(SampleToken token) {
        String party = token.optionalText("azp");
        if (!token.audiences().equals(List.of(configuration.clientId()))
                || (party != null && !party.equals(configuration.clientId()))) {
            throw problem(IdentityProblem.TOKEN_AUDIENCE_WRONG, "the id token is meant for another client");
        }
    }

    Duration skew() {
        return Duration.ofSeconds(60);
    }

    void checkTimes(SampleToken token) {
        checkExpiry(token);
        checkBeginning(token, "iat");
        if (token.claims().has("nbf")) {
            checkBeginning(token, "nbf");
        }
    }

    void checkExpiry(SampleToken token) {
        if (context.clock().instant().isAfter(token.time("exp").plus(skew()))) {
            throw problem(IdentityProblem.TOKEN_EXPIRED, "the token has expired");
        }
    }

    void checkBeginning(SampleToken token, String claim) {
        if (context.clock().instant().plus(skew()).isBefore(token.time(claim))) {
            throw problem(IdentityProblem.TOKEN_NOT_YET_VALID, "the token is from the future");
        }
    }

    void checkCallback(CompleteLogin request) {
        if (request.issuer() != null && !request.issuer().equals(configuration.issuer())) {
            throw problem(IdentityProblem.TOKEN_ISSUER_WRONG, "the browser comes from another issuer");
        }
    }

    void checkNonce(SampleToken token, CompleteLogin request) {
        if (!request.nonce().equals(token.optionalText("nonce"))) {
            throw problem(IdentityProblem.TOKEN_NONCE_MISMATCH, "the id token is of another login");
        }
    }

    void verify(SampleToken token, Instant deadline) {
        PublicKey key = key(token, deadline);
        if (!isSigned(token, key)) {
            throw problem(IdentityProblem.TOKEN_SIGNATURE_WRONG, "the signature does not fit");
        }
    }

    static boolean isSigned(SampleToken token, PublicKey key) {
        try {
            Signature signature = Signature.getInstance("SHA256withRSA");
            signature.initVerify(key);
            signature.update(token.signed().getBytes(US_ASCII));
            return signature.verify(Base64.getUrlDecoder().decode(token.signature()));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            return false;
        }
    }

    /** The key that the token names. */
    PublicKey key(SampleToken token, Instant deadline) {
        Map<String, PublicKey> known = keys;
        if (known.isEmpty()) {
            known = fetchKeys(deadline);
        } else {
            refreshWhatIsOld();
        }
        String id = token.header("kid");
        PublicKey key = known.get(id);
        if (key == null && isDue(lastMiss)) {
            lastMiss = context.clock().instant();
            key = newer(deadline).get(id);
        }
        if (key == null) {
            throw problem(IdentityProblem.TOKEN_KEY_UNKNOWN, "the provider publishes no such key");
        }
        return key;
    }

    boolean isDue(Instant last) {
        return !context.clock().instant().isBefore(last.plus(INTERVAL));
    }

    /** The keys as they are now, or those that are known when the provider does not tell. */
    Map<String, PublicKey> newer(Instant deadline) {
        try {
            return fetchKeys(deadline);
        } catch (ProblemException e) {
            return keys;
        }
    }

    boolean isOld() {
        return !context.clock().instant().isBefore(lastFetch.plus(FRESH));
    }

    /** Begins to, and waits for nothing. */
    void refreshWhatIsOld() {
        JsonNode provider = metadata;
        if (provider == null || !isOld()) {
            return;
        }
        lastFetch = context.clock().instant();
        refresh = line.begin(SampleLine.request(provider.path("jwks_uri").asText())
                        .timeout(Duration.ofSeconds(10))
                        .build())
                .thenAccept(answer -> keep(keysOf(answer)));
    }

    Map<String, PublicKey> fetchKeys(Instant deadline) {
        String address = metadata(deadline).path("jwks_uri").asText();
        lastFetch = context.clock().instant();
        Map<String, PublicKey> fetched = keysOf(get(address, deadline));
        keep(fetched);
        return fetched;
    }

    void keep(Map<String, PublicKey> fetched) {
        keys = fetched;
    }

    final Map<String, PublicKey> known() {
        return keys;
    }

    Map<String, PublicKey> keysOf(SampleLine.Answer answer) {
        Map<String, PublicKey> read = new LinkedHashMap<>();
        for (JsonNode entry : requireGood(answer).path("keys")) {
            PublicKey key = keyOf(entry);
            if (key != null) {
                read.put(entry.path("kid").asText(), key);
            }
        }
        if (read.isEmpty()) {
            throw problem(IdentityProblem.IDENTITY_PROVIDER_MISCONFIGURED, "the provider publishes no key");
        }
        return read;
    }

    @Nullable
    PublicKey keyOf(JsonNode entry) {
        BigInteger modulus = number(entry.path("n").asText());
        return entry.path("kty").asText().equals("RSA")
                        && entry.path("use").asText("sig").equals("sig")
                        && modulus.bitLength() >= shortestKey()
                ? rsa(modulus, number(entry.path("e").asText()))
                : null;
    }

    int shortestKey() {
        return 2048;
    }

    static BigInteger number(String encoded) {
        try {
            return new BigInteger(1, Base64.getUrlDecoder().decode(encoded));
        } catch (IllegalArgumentException e) {
            return BigInteger.ZERO;
        }
    }

    static @Nullable PublicKey rsa(BigInteger modulus, BigInteger exponent) {
        try {
            return KeyFactory.getInstance("RSA").generatePublic(new RSAPublicKeySpec(modulus, exponent));
        } catch (GeneralSecurityException e) {
            return null;
        }
    }

    JsonNode metadata(Instant deadline) {
        JsonNode known = metadata;
        return known == null ? fetchMetadata(deadline) : known;
    }

    private JsonNode fetchMetadata(Instant deadline) {
        JsonNode fetched = requireGood(get(configuration.issuer() + "/.well-known/openid-configuration", deadline));
        checkMetadata(fetched);
        metadata = fetched;
        return fetched;
    }

    void checkMetadata(JsonNode provider) {
        if (!provider.path("issuer").asText().equals(configuration.issuer())) {
            throw problem(IdentityProblem.IDENTITY_PROVIDER_MISCONFIGURED, "the provider is another one");
        }
        for (String address : List.of("jwks_uri", "token_endpoint", "authorization_endpoint")) {
            checkPlace(provider.path(address).asText());
        }
    }

    void checkPlace(String address) {
        if (!address.startsWith(configuration.issuer() + "/")) {
            throw problem(IdentityProblem.IDENTITY_PROVIDER_MISCONFIGURED, "the provider points elsewhere");
        }
    }

    SampleLine.Answer get(String address, Instant deadline) {
        return ask(SampleLine.request(address).build(), deadline);
    }

    SampleLine.Answer ask(HttpRequest request, Instant deadline) {
        return line.await(line.begin(request), deadline);
    }

    static JsonNode requireGood(SampleLine.Answer answer) {
        if (answer.status() >= 500 || answer.status() == 429) {
            throw SampleLine.unreachable("the provider said " + answer.status()).asException();
        }
        if (answer.status() != 200 || answer.json().isMissingNode()) {
            throw problem(IdentityProblem.IDENTITY_PROVIDER_MISCONFIGURED, "the provider said " + answer.status());
        }
        return answer.json();
    }

    /** What the provider is asked with where people log in. */
    Map<String, String> beginning(BeginLogin request) {
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put("response_type", "code");
        parameters.put("client_id", configuration.clientId());
        parameters.put("redirect_uri", request.redirectUri().toString());
        parameters.put("scope", "openid");
        parameters.put("state", request.state());
        parameters.put("nonce", request.nonce());
        parameters.put("code_challenge", request.codeChallenge());
        parameters.put("code_challenge_method", "S256");
        return parameters;
    }

    String secret() {
        return configuration.clientSecret().reveal();
    }

    /** What goes with the code. */
    Map<String, String> form(CompleteLogin request) {
        Map<String, String> form = new LinkedHashMap<>();
        form.put("grant_type", "authorization_code");
        form.put("code", request.code());
        form.put("redirect_uri", request.redirectUri().toString());
        form.put("code_verifier", request.codeVerifier());
        return form;
    }

    SampleLine.Answer redeem(CompleteLogin request, JsonNode provider, Instant deadline) {
        String both = configuration.clientId() + ":" + secret();
        HttpRequest asked = SampleLine.request(provider.path("token_endpoint").asText())
                .header("Authorization", "Basic " + Base64.getEncoder().encodeToString(both.getBytes(UTF_8)))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(Query.text(form(request))))
                .build();
        try {
            return ask(asked, deadline);
        } catch (ProblemException e) {
            throw unanswered(e);
        }
    }

    /** Whoever comes by may bring a code, so it is none of the instance's faults. */
    ProblemException unanswered(ProblemException failure) {
        return SampleLine.problem(
                        IdentityProblem.LOGIN_UNAVAILABLE, failure.problem().detail())
                .asException(failure);
    }

    Problem refusal(SampleLine.Answer answer) {
        return answer.status() == 400 && answer.json().path("error").asText().equals("invalid_grant")
                ? SampleLine.problem(IdentityProblem.LOGIN_CODE_REFUSED, "the provider does not take the code")
                : SampleLine.problem(
                        IdentityProblem.LOGIN_UNAVAILABLE, "the provider said " + answer.status() + " to the code");
    }

    VerifiedIdentity identity(SampleToken token) {
        String subject = token.text("sub");
        String name = token.optionalText("name");
        return new VerifiedIdentity(
                token.text("iss"),
                subject,
                name == null ? subject : name,
                email(token),
                List.copyOf(roles(token)),
                attributes(token),
                token.time("iat"),
                token.time("exp"),
                token.optionalText("jti"));
    }

    @Nullable
    String email(SampleToken token) {
        return token.claims().path("email_verified").asBoolean(true) ? token.optionalText("email") : null;
    }

    Set<String> roles(SampleToken token) {
        Set<String> granted = new LinkedHashSet<>();
        token.texts("groups").forEach(group -> granted.addAll(ROLES.getOrDefault(group, List.of())));
        return granted;
    }

    Map<String, List<String>> attributes(SampleToken token) {
        Map<String, List<String>> attributes = new HashMap<>();
        List<String> values = token.texts("department");
        if (!values.isEmpty()) {
            attributes.put("department", values);
        }
        return attributes;
    }

    static ProblemException problem(IdentityProblem code, String detail) {
        return SampleLine.problem(code, detail).asException();
    }
}
