package io.maestro.adapter.storage.gcs;

import io.maestro.adapter.spi.Secret;
import java.time.Instant;

/** Asks the service with an access token. Every answer but a good one becomes a problem. Any thread. */
final class Connection {
    /** The status of a resumable upload that is not complete yet. */
    static final int INCOMPLETE = 308;

    private static final int UNAUTHORIZED = 401;

    private final Transport transport;
    private final AccessTokens tokens;

    Connection(Transport transport, AccessTokens tokens) {
        this.transport = transport;
        this.tokens = tokens;
    }

    /** One way to send a request. */
    private interface Way {
        Transport.Answer send(GcsRequest request, Secret token, Instant deadline);
    }

    /** Sends a request. */
    Transport.Answer send(GcsRequest request, Instant deadline) {
        return authorized(request, deadline, transport::send);
    }

    /** Sends a request and streams the answer's body, which the caller closes. */
    Transport.Answer open(GcsRequest request, Instant deadline) {
        return authorized(request, deadline, transport::open);
    }

    /** The JSON object of an answer. */
    JsonObject ask(GcsRequest request, Instant deadline) {
        return object(send(request, deadline));
    }

    /** The JSON object of a page of a list. */
    JsonObject askPage(GcsRequest request, Instant deadline) {
        return object(authorized(request, deadline, transport::page));
    }

    private static JsonObject object(Transport.Answer answer) {
        try {
            return JsonObject.parse(answer.bytes());
        } catch (JsonObject.Malformed e) {
            throw Failures.notGcs();
        }
    }

    private Transport.Answer authorized(GcsRequest request, Instant deadline, Way way) {
        AccessTokens.Token token = tokens.current(deadline);
        Transport.Answer answer = way.send(request, token.value(), deadline);
        if (answer.status() == UNAUTHORIZED) {
            // revoked before its time; nothing was done, so the request goes on with another one
            tokens.drop(token);
            answer = way.send(request, tokens.current(deadline).value(), deadline);
        }
        boolean good = answer.status() / 100 == 2
                || (answer.status() == INCOMPLETE && request.subject() == GcsRequest.Subject.UPLOAD_SESSION);
        if (!good) {
            throw Failures.of(request, answer);
        }
        return answer;
    }
}
