package io.maestro.api.http;

import io.maestro.model.Problem;
import org.osgi.annotation.versioning.ProviderType;

/** Writes problems as bodies, so that those the server finds itself look like those of the application. */
@ProviderType
public interface ProblemAnswers {
    /** The media type of the bodies. */
    String MEDIA_TYPE = "application/problem+json";

    /**
     * The body by RFC 9457 in UTF-8. Does not block; any thread.
     *
     * @param instance the path of the request
     * @param correlationId follows the request through logs
     */
    byte[] body(Problem problem, String instance, String correlationId);
}
