package io.maestro.http;

import io.maestro.api.http.HttpProblem;
import io.maestro.api.http.ProblemAnswers;
import io.maestro.api.http.RequestProperty;
import io.maestro.api.telemetry.LogFields;
import io.maestro.api.telemetry.ScopedLog;
import io.maestro.model.CallerProblem;
import io.maestro.model.Problem;
import io.maestro.model.ProblemCategory;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;

/** Answers what Jetty refuses by itself, and what fails outside the application, with a problem like any other. */
final class ProblemErrors extends ErrorHandler {
    private static final System.Logger LOG = System.getLogger(ProblemErrors.class.getName());

    private final ProblemAnswers answers;

    ProblemErrors(ProblemAnswers answers) {
        this.answers = answers;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        int status = request.getAttribute(ERROR_STATUS) instanceof Integer given ? given : 500;
        if (!response.getHeaders().contains(EdgeHandler.CORRELATION_HEADER)) {
            EdgeHandler.prepare(request, response);
        }
        Problem problem = status == 404
                ? nothingHere()
                : problem(kind(status), String.valueOf(request.getAttribute(ERROR_MESSAGE)));
        if (problem.category() == ProblemCategory.INTERNAL) {
            String correlationId = String.valueOf(request.getAttribute(RequestProperty.CORRELATION_ID));
            new ScopedLog(LOG, new LogFields(null, null, null, correlationId))
                    .log(
                            Level.ERROR,
                            "request " + correlationId + " failed",
                            request.getAttribute(ERROR_EXCEPTION) instanceof Throwable cause ? cause : null);
        }
        return refuse(request, response, callback, problem);
    }

    /** Answers with a problem of this kind; true, for it always does. */
    boolean refuse(Request request, Response response, Callback callback, HttpProblem kind) {
        return refuse(request, response, callback, problem(kind, "the request cannot be read"));
    }

    /** Answers that nothing is served outside the application; true, for it always does. */
    boolean refuseUnknown(Request request, Response response, Callback callback) {
        return refuse(request, response, callback, nothingHere());
    }

    private boolean refuse(Request request, Response response, Callback callback, Problem problem) {
        String path = request.getHttpURI().getPath();
        byte[] body = answers.body(
                problem,
                path == null ? "/" : path,
                String.valueOf(request.getAttribute(RequestProperty.CORRELATION_ID)));
        response.setStatus(problem.status());
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, ProblemAnswers.MEDIA_TYPE);
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.length);
        response.write(true, ByteBuffer.wrap(body), callback);
        return true;
    }

    private static Problem nothingHere() {
        return Problem.of(CallerProblem.PATH_UNKNOWN, "nothing is served here", "The API lives under /api/.");
    }

    private static Problem problem(HttpProblem kind, String found) {
        return switch (kind) {
            case REQUEST_MALFORMED -> Problem.of(kind, found, null);
            case PATH_AMBIGUOUS ->
                Problem.of(
                        kind,
                        "the path holds a dot segment or a semicolon",
                        "Write the path without . and .. segments, and a semicolon in a name as %3B.");
            case REQUEST_TIMEOUT -> Problem.of(kind, "the request did not arrive in time", null);
            case URI_TOO_LONG -> Problem.of(kind, "path and query are longer than 4 KiB", null);
            case HOST_UNKNOWN ->
                Problem.of(
                        kind,
                        "the Host header names a host that this server was not started for",
                        "Use the address that the server printed when it started.");
            case HEADERS_TOO_LARGE -> Problem.of(kind, "the headers are larger than 16 KiB", null);
            case SERVER_FAILED ->
                Problem.of(kind, "the server has a fault; the log says more under the correlation id", null);
            case REQUEST_UNSUPPORTED -> Problem.of(kind, "the method or protocol version is not supported", null);
            case SERVER_BUSY -> Problem.of(kind, "the server takes no requests just now", "Try again in a moment.");
        };
    }

    private static HttpProblem kind(int status) {
        return switch (status) {
            case 408 -> HttpProblem.REQUEST_TIMEOUT;
            case 414 -> HttpProblem.URI_TOO_LONG;
            case 421 -> HttpProblem.HOST_UNKNOWN;
            case 431 -> HttpProblem.HEADERS_TOO_LARGE;
            case 501, 505 -> HttpProblem.REQUEST_UNSUPPORTED;
            case 503 -> HttpProblem.SERVER_BUSY;
            default -> status < 500 ? HttpProblem.REQUEST_MALFORMED : HttpProblem.SERVER_FAILED;
        };
    }
}
