package io.maestro.conformance.identity;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.maestro.conformance.AnsweringPeer;
import io.maestro.conformance.AnsweringPeer.Answer;
import io.maestro.conformance.AnsweringPeer.Request;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.URLDecoder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A small OpenID Connect provider on the loopback address, with one person and one confidential client. It signs whatever
 * the kit wants, changes its keys, gives odd answers, says nothing, goes away and comes back.
 *
 * <p>Any thread. Close it after the test.
 */
public final class LoopbackIssuer implements TriedProvider {
    static final String DISCOVERY = "/.well-known/openid-configuration";
    static final String KEYS = "/keys";
    static final String TOKEN = "/token";
    static final String LOGIN = "/login";
    static final String END_SESSION = "/bye";

    private static final Map<String, String> JSON = Map.of("Content-Type", "application/json");
    private static final Pattern BASIC = Pattern.compile("(?im)^authorization: basic ([A-Za-z0-9+/=]+)\\r?$");

    private final AnsweringPeer peer;
    private final int firstKey;
    private final String clientSecret = "a-secret-of-tests-only-" + UUID.randomUUID();
    private final Map<String, Login> logins = new ConcurrentHashMap<>();
    private final Map<String, AtomicInteger> asked = new ConcurrentHashMap<>();
    private final List<String> secrets = new CopyOnWriteArrayList<>();
    private final Map<String, Object> differently = new ConcurrentHashMap<>();
    private final List<SigningKey> published = new CopyOnWriteArrayList<>();
    private volatile CountDownLatch silence = new CountDownLatch(1);
    private volatile String name;
    private volatile @Nullable Answer toAll;
    private volatile @Nullable Answer toCodes;
    private volatile @Nullable String keySet;
    private volatile Function<Map<String, Object>, String> idToken = this::signedId;
    private volatile Duration ahead = Duration.ZERO;

    /** A login that has begun. */
    private record Login(String redirectUri, String challenge, String nonce) {}

    private LoopbackIssuer(int firstKey) throws IOException {
        this.firstKey = firstKey;
        peer = AnsweringPeer.with(this::answer);
        name = peer.address().toString();
        published.add(SigningKey.number("key-1", firstKey));
    }

    /** Starts one. */
    public static LoopbackIssuer start() throws IOException {
        return new LoopbackIssuer(0);
    }

    /** Starts another one, whose keys are others of the same names. */
    static LoopbackIssuer startAnother() throws IOException {
        return new LoopbackIssuer(3);
    }

    @Override
    public Registration registration() {
        return new Registration(name, "kit-client", clientSecret, "kit-api");
    }

    @Override
    public URI redirectUri() {
        return URI.create("https://maestro.example.org/login/callback");
    }

    /** Where it listens. */
    URI address() {
        return peer.address();
    }

    /** From now on calls itself so: the address of a way that leads here. */
    void callItself(URI address) {
        name = address.toString();
    }

    /** From now on its time is so much later. */
    void pass(Duration time) {
        ahead = ahead.plus(time);
    }

    /** The claims of a good bearer token; one's own to change. */
    Map<String, Object> claims() {
        return claims(registration(), InstantSource.system().instant().plus(ahead));
    }

    /** The same with one more or another one; without it when the value is null. */
    Map<String, Object> claims(String claim, @Nullable Object value) {
        Map<String, Object> claims = claims();
        if (value == null) {
            claims.remove(claim);
        } else {
            claims.put(claim, value);
        }
        return claims;
    }

    static Map<String, Object> claims(Registration registration, Instant now) {
        Map<String, Object> claims = new LinkedHashMap<>();
        claims.put("iss", registration.issuer());
        claims.put("sub", "alice-of-tests");
        claims.put("aud", registration.audience());
        claims.put("client_id", registration.clientId());
        claims.put("iat", now.getEpochSecond());
        claims.put("exp", now.getEpochSecond() + 300);
        claims.put("jti", UUID.randomUUID().toString());
        claims.put("name", "Alice Example");
        claims.put("email", "alice@example.org");
        claims.put("email_verified", true);
        claims.put("groups", List.of("admins", "people"));
        claims.put("department", "engineering");
        return claims;
    }

    /** The key that signs. */
    SigningKey key() {
        return published.getLast();
    }

    @Override
    public String token() {
        return token(claims());
    }

    /** A bearer token with these claims. */
    String token(Map<String, Object> claims) {
        return key().sign(claims);
    }

    /** An id token with these claims. */
    String signedId(Map<String, Object> claims) {
        return key().sign(key().header("JWT"), claims);
    }

    /** From now on makes id tokens so, of the claims of good ones. */
    void idTokens(Function<Map<String, Object>, String> maker) {
        idToken = maker;
    }

    /** Lets the next key sign, of three, and publishes it besides those before. */
    SigningKey rotate() {
        int number = published.size();
        SigningKey next = SigningKey.number("key-" + (number + 1), firstKey + number);
        published.add(next);
        return next;
    }

    /** Publishes the key that signs, and no other. */
    void retireOthers() {
        SigningKey newest = key();
        keySet = SigningKey.json(Map.of("keys", List.of(newest.published())));
    }

    /** Publishes these keys besides the one that signs. */
    void publish(List<Map<String, Object>> others) {
        List<Map<String, Object>> all = new ArrayList<>(others);
        all.add(key().published());
        keySet = SigningKey.json(Map.of("keys", all));
    }

    /** Says something else of itself; nothing when the value is empty. */
    void tell(String property, String value) {
        differently.put(property, value);
    }

    /** Everything is answered so, until {@link #back}. */
    void answerAll(Answer answer) {
        toAll = answer;
    }

    /** Codes are answered so, whatever they are, until {@link #back}. */
    void answerCodes(Answer answer) {
        toCodes = answer;
    }

    /** Ends every connection without an answer, until {@link #back}. */
    void goDown() {
        toAll = (request, target) -> counter(request.line()).incrementAndGet();
    }

    /** Answers nobody until {@link #back}, and then also who waits still. */
    void fallSilent() {
        toAll = this::keepWaiting;
    }

    /** Says nothing until {@link #back}. */
    void keepWaiting(Request request, OutputStream target) throws IOException {
        try {
            silence.await();
            if (toAll == null && toCodes == null) {
                answer(request, target);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException(e.getMessage());
        }
    }

    /** Answers as it should. */
    void back() {
        toAll = null;
        toCodes = null;
        CountDownLatch broken = silence;
        silence = new CountDownLatch(1);
        broken.countDown();
    }

    /** How many requests came to this path. */
    int asked(String path) {
        return counter(path).get();
    }

    /** How many requests came. */
    int asked() {
        return peer.asked();
    }

    /** The client secrets that came with codes. */
    List<String> secretsThatCame() {
        return List.copyOf(secrets);
    }

    /** The challenge of a verifier (PKCE, {@code S256}). */
    static String challenge(String verifier) {
        try {
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(US_ASCII)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public URI logIn(URI begin) {
        Map<String, String> asked = Query.of(begin);
        String redirectUri = asked.getOrDefault("redirect_uri", "");
        if (!begin.toString().startsWith(name + LOGIN + "?")
                || !"code".equals(asked.get("response_type"))
                || !registration().clientId().equals(asked.get("client_id"))
                || !redirectUri().toString().equals(redirectUri)
                || !"S256".equals(asked.get("code_challenge_method"))) {
            throw new AssertionError("the provider shows a page of errors at " + begin);
        }
        String code = "code-of-tests-" + UUID.randomUUID();
        logins.put(
                code,
                new Login(redirectUri, asked.getOrDefault("code_challenge", ""), asked.getOrDefault("nonce", "")));
        Map<String, String> back = new LinkedHashMap<>();
        back.put("code", code);
        back.put("state", asked.getOrDefault("state", ""));
        back.put("iss", name);
        return URI.create(redirectUri + "?" + Query.text(back));
    }

    private AtomicInteger counter(String line) {
        String path = line.replaceFirst("^[A-Z]+ ", "").replaceFirst("\\?.*", "");
        return asked.computeIfAbsent(path, any -> new AtomicInteger());
    }

    private void answer(Request request, OutputStream target) throws IOException {
        Answer odd = toAll;
        if (odd != null) {
            odd.write(request, target);
            return;
        }
        counter(request.line()).incrementAndGet();
        Answer oddToCodes = toCodes;
        if (oddToCodes != null && request.line().equals("POST " + TOKEN)) {
            oddToCodes.write(request, target);
            return;
        }
        target.write(
                switch (request.line()) {
                    case "GET " + DISCOVERY -> AnsweringPeer.message(200, JSON, SigningKey.json(metadata()));
                    case "GET " + KEYS -> AnsweringPeer.message(200, JSON, keySet());
                    case "POST " + TOKEN -> redeem(request);
                    default -> AnsweringPeer.message(404, JSON, "{}");
                });
    }

    private Map<String, Object> metadata() {
        Map<String, Object> metadata = new LinkedHashMap<>();
        metadata.put("issuer", name);
        metadata.put("authorization_endpoint", name + LOGIN);
        metadata.put("token_endpoint", name + TOKEN);
        metadata.put("jwks_uri", name + KEYS);
        metadata.put("end_session_endpoint", name + END_SESSION);
        metadata.put("response_types_supported", List.of("code"));
        metadata.put("subject_types_supported", List.of("public"));
        metadata.put("id_token_signing_alg_values_supported", List.of("RS256"));
        metadata.put("token_endpoint_auth_methods_supported", List.of("client_secret_basic", "client_secret_post"));
        metadata.put("code_challenge_methods_supported", List.of("S256"));
        metadata.putAll(differently);
        metadata.values().removeIf(""::equals);
        return metadata;
    }

    private String keySet() {
        String odd = keySet;
        return odd == null
                ? SigningKey.json(Map.of(
                        "keys", published.stream().map(SigningKey::published).toList()))
                : odd;
    }

    private byte[] redeem(Request request) {
        Map<String, String> form = Query.parsed(request.body());
        String id = form.getOrDefault("client_id", "");
        String secret = form.getOrDefault("client_secret", "");
        Matcher basic = BASIC.matcher(request.head());
        if (basic.find()) {
            String[] both = new String(Base64.getDecoder().decode(basic.group(1)), UTF_8).split(":", 2);
            id = URLDecoder.decode(both[0], UTF_8);
            secret = both.length == 2 ? URLDecoder.decode(both[1], UTF_8) : "";
        }
        secrets.add(secret);
        if (!id.equals(registration().clientId()) || !secret.equals(clientSecret)) {
            return AnsweringPeer.message(401, JSON, "{\"error\": \"invalid_client\"}");
        }
        Login login = logins.remove(form.getOrDefault("code", ""));
        if (login == null
                || !"authorization_code".equals(form.get("grant_type"))
                || !login.redirectUri().equals(form.get("redirect_uri"))
                || !login.challenge().equals(challenge(form.getOrDefault("code_verifier", "")))) {
            return AnsweringPeer.message(400, JSON, "{\"error\": \"invalid_grant\"}");
        }
        Map<String, Object> claims = claims("aud", registration().clientId());
        claims.put("nonce", login.nonce());
        return AnsweringPeer.message(
                200,
                JSON,
                SigningKey.json(
                        Map.of("access_token", token(), "token_type", "Bearer", "id_token", idToken.apply(claims))));
    }

    @Override
    public void close() throws IOException {
        peer.close();
        silence.countDown();
    }
}
