package io.maestro.adapter.storage.gcs;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.maestro.adapter.spi.Secret;
import io.maestro.adapter.spi.storage.StorageProblem;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Access tokens for the account, exchanged for a statement that its key has signed (RFC 7523). A token is used until shortly
 * before it expires; of several callers who need a new one, one fetches it. Any thread.
 */
final class AccessTokens {
    private static final String USUAL_ENDPOINT = "https://oauth2.googleapis.com/token";
    private static final String SCOPE = "https://www.googleapis.com/auth/devstorage.read_write";
    private static final String GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer";
    private static final long STATEMENT_SECONDS = 3600;
    private static final long LONGEST_LIFE = 86_400;

    /** So long before its end a token is not used any more, or a fifth of its life if that is less. */
    private static final long SPARE_SECONDS = 300;

    private final Transport transport;
    private final Account account;
    private final String endpoint;
    private final InstantSource clock;
    private final ReentrantLock fetching = new ReentrantLock();
    private volatile @Nullable Token last;

    AccessTokens(Transport transport, Account account, String endpoint, InstantSource clock) {
        this.transport = transport;
        this.account = account;
        this.endpoint = endpoint;
        this.clock = clock;
    }

    /**
     * A token.
     *
     * @param value the token itself
     * @param key what it was had with
     * @param until when not to use it any more
     */
    record Token(Secret value, ServiceAccountKey key, Instant until) {}

    /** Where tokens are had. */
    static String endpoint(GcsConfiguration configuration) {
        String endpoint = configuration.tokenEndpoint();
        if (endpoint == null) {
            return USUAL_ENDPOINT;
        }
        if (SafeAddress.of(endpoint)
                .filter(safe -> safe.uri().getRawQuery() == null)
                .isPresent()) {
            return endpoint;
        }
        throw Failures.problem(
                StorageProblem.STORAGE_REQUEST_INVALID,
                "the tokenEndpoint \"" + endpoint.replaceAll("//.*@", "//***@")
                        + "\" is not an address that tokens are safely had at",
                "Configure an https URL without a query, for example " + USUAL_ENDPOINT
                        + "; http is taken for this machine only.");
    }

    /** A token that can be used now, fetched if need be before the deadline. */
    Token current(Instant deadline) {
        Token known = usable();
        if (known != null) {
            return known;
        }
        lock(deadline);
        try {
            Token meanwhile = usable();
            if (meanwhile != null) {
                return meanwhile;
            }
            Token fetched = fetch(account.key(), deadline);
            last = fetched;
            return fetched;
        } finally {
            fetching.unlock();
        }
    }

    /** Does not use this token any more. */
    void drop(Token refused) {
        if (refused.equals(last)) {
            last = null;
        }
    }

    private @Nullable Token usable() {
        Token known = last;
        boolean usable = known != null
                && known.key().equals(account.key())
                && clock.instant().isBefore(known.until());
        return usable ? known : null;
    }

    private void lock(Instant deadline) {
        Duration left = Duration.between(clock.instant(), deadline);
        try {
            if (!fetching.tryLock(Math.max(0, left.toNanos()), TimeUnit.NANOSECONDS)) {
                throw Failures.late(null);
            }
        } catch (InterruptedException e) {
            throw Failures.interrupted(e);
        }
    }

    private Token fetch(ServiceAccountKey key, Instant deadline) {
        Instant now = clock.instant();
        String form = "grant_type=" + Bucket.encoded(GRANT) + "&assertion=" + statement(key, now.getEpochSecond());
        GcsRequest request = GcsRequest.of("POST", endpoint, GcsRequest.Subject.TOKEN)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .body(List.of(form.getBytes(US_ASCII)));
        Transport.Answer answer = transport.send(request, null, deadline);
        if (answer.status() != 200) {
            throw Failures.noToken(answer);
        }
        try {
            JsonObject granted = JsonObject.parse(answer.bytes());
            String value = granted.text("access_token");
            long life = granted.number("expires_in");
            if (!value.matches("[!-~]{1,16384}") || life < 1 || life > LONGEST_LIFE) {
                throw Failures.noTokenEndpoint();
            }
            return new Token(new Secret(value), key, now.plusSeconds(life - Math.min(SPARE_SECONDS, (life + 4) / 5)));
        } catch (JsonObject.Malformed e) {
            throw Failures.noTokenEndpoint();
        }
    }

    /** A signed statement of who asks, for what and whom. */
    private String statement(ServiceAccountKey key, long now) {
        byte[] header = JsonObject.write(Map.of("alg", "RS256", "typ", "JWT", "kid", key.id()));
        byte[] claims = JsonObject.write(Map.of(
                "iss", key.email(), "scope", SCOPE, "aud", endpoint, "iat", now, "exp", now + STATEMENT_SECONDS));
        String signed = base64(header) + "." + base64(claims);
        return signed + "." + base64(key.sign(signed.getBytes(US_ASCII)));
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
