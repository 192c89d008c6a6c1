package io.maestro.rest;

import io.maestro.api.identity.Principal;
import io.maestro.api.store.IdempotentRequests;
import io.maestro.api.store.IdempotentRequests.Claim;
import io.maestro.model.CallerProblem;
import io.maestro.model.Digest;
import io.maestro.model.Problem;
import io.maestro.model.Retry;
import jakarta.annotation.Priority;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Answers a repeated request with the first one's answer and does not do it again. It comes after the right to the endpoint
 * was checked and before the policy is asked: what is not done again needs no leave, and an approval that the first request
 * has used up must not keep its sender from the answer.
 *
 * <p>A body may hold a secret that is easy to guess, and a plain digest of it would let whoever reads the database try
 * guesses. So the digest is keyed by the idempotency key as it was sent, and of that, too, only a digest is kept.
 */
@Priority(Priorities.AUTHORIZATION + 50)
final class Idempotency implements ContainerRequestFilter, ContainerResponseFilter {
    static final String KEY = "Idempotency-Key";
    static final String REPLAYED = "Idempotency-Replayed";

    private static final System.Logger LOG = System.getLogger(Idempotency.class.getName());
    private static final String CLAIMED = "io.maestro.rest.claimed";
    private static final int LONGEST = 255;
    private static final int LONGEST_PRINCIPAL = 200;

    private final IdempotentRequests requests;
    private final Wire wire;
    private final boolean secret;

    Idempotency(IdempotentRequests requests, Wire wire, boolean secret) {
        this.requests = requests;
        this.wire = wire;
        this.secret = secret;
    }

    @Override
    public void filter(ContainerRequestContext request) throws IOException {
        String key = key(request);
        if (key == null) {
            return;
        }
        byte[] body = Wire.bounded(request.getEntityStream());
        request.setEntityStream(new ByteArrayInputStream(body));
        String kept = Digest.sha256(key).toString();
        switch (requests.claim(principal(request), kept, keyed(key, head(request), body))) {
            case Claim.Fresh() -> request.setProperty(CLAIMED, kept);
            case Claim.Busy() ->
                throw Problem.of(
                                CallerProblem.IDEMPOTENCY_KEY_BUSY,
                                "a request with this idempotency key is being worked on",
                                "Wait a moment and send the same request again.")
                        .with(Retry.after(Duration.ofSeconds(1)))
                        .asException();
            case Claim.Reused() ->
                throw Problem.of(
                                CallerProblem.IDEMPOTENCY_KEY_REUSED,
                                "this idempotency key came with another method, path, query or body before",
                                "Use a new key for each act.")
                        .asException();
            case Claim.Done done -> request.abortWith(replay(done));
        }
    }

    private Response replay(Claim.Done done) {
        if (done.body() == null && secret) {
            throw Problem.of(
                            CallerProblem.IDEMPOTENCY_ANSWER_SECRET,
                            "the request was done, but its answer held a secret that is shown only once",
                            "Revoke what was made and make it anew with another key.")
                    .asException();
        }
        Response.ResponseBuilder answer = Response.status(done.status()).header(REPLAYED, "true");
        if (done.location() != null) {
            answer.location(URI.create(done.location()));
        }
        return done.body() == null
                ? answer.build()
                : answer.entity(done.body())
                        .type(MediaType.APPLICATION_JSON_TYPE)
                        .build();
    }

    @Override
    public void filter(ContainerRequestContext request, ContainerResponseContext response) throws IOException {
        if (!(request.getProperty(CLAIMED) instanceof String key)) {
            return;
        }
        request.removeProperty(CLAIMED);
        try {
            if (response.getStatus() >= 400) {
                requests.release(principal(request), key);
                return;
            }
            byte[] body = response.hasEntity() ? wire.bytes(response.getEntity()) : new byte[0];
            requests.complete(
                    principal(request),
                    key,
                    response.getStatus(),
                    response.getHeaderString("Location"),
                    secret ? null : body);
        } catch (RuntimeException e) {
            // the act is done; failing now would only hide it from the caller
            Caller.log(LOG, request).log(
                    Level.ERROR, "the answer of request " + Caller.correlationId(request) + " is not kept", e);
        }
    }

    private static String principal(ContainerRequestContext request) {
        Principal principal = Caller.of(request).principal();
        // the same name in another tenant is somebody else
        String whole = principal.tenant() == null ? principal.id() : principal.tenant() + " " + principal.id();
        return whole.length() <= LONGEST_PRINCIPAL
                ? whole
                : Digest.sha256(whole).toString();
    }

    /** The key as sent; null when none was. */
    static @Nullable String key(ContainerRequestContext request) {
        String key = request.getHeaderString(KEY);
        if (key == null) {
            return null;
        }
        if (key.isEmpty() || key.length() > LONGEST || !key.chars().allMatch(c -> c > ' ' && c < 127)) {
            throw Problem.of(
                            CallerProblem.INVALID_REQUEST,
                            "the header " + KEY + " is not valid",
                            "Use 1 to " + LONGEST + " printable ASCII characters, for example a UUID.")
                    .asException();
        }
        return key;
    }

    private static byte[] head(ContainerRequestContext request) {
        URI uri = request.getUriInfo().getRequestUri();
        // a plan must not be taken for the act; without a query it is what earlier releases kept
        String head = request.getMethod() + "\n" + uri.getRawPath() + "\n"
                + (uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery() + "\n");
        return head.getBytes(StandardCharsets.UTF_8);
    }

    private static Digest keyed(String key, byte[] head, byte[] body) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            mac.update(head);
            return Digest.of(mac.doFinal(body));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has HmacSHA256", e);
        }
    }
}
