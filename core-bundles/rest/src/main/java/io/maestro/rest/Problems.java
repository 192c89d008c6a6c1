package io.maestro.rest;

import io.maestro.api.http.HttpProblem;
import io.maestro.api.http.ProblemAnswers;
import io.maestro.model.CallerProblem;
import io.maestro.model.Problem;
import io.maestro.model.ProblemException;
import io.maestro.model.Retry;
import jakarta.ws.rs.NotAcceptableException;
import jakarta.ws.rs.NotAllowedException;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.NotSupportedException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.lang.annotation.Annotation;
import java.time.Duration;

/**
 * Turns whatever was thrown into a problem; details of our own faults stay in the log. The mapper only carries what was
 * thrown to the filter, which knows the request.
 */
final class Problems implements ExceptionMapper<Throwable>, ContainerResponseFilter {
    private static final System.Logger LOG = System.getLogger(Problems.class.getName());

    private final ProblemAnswers answers;

    Problems(ProblemAnswers answers) {
        this.answers = answers;
    }

    private record Failure(Problem problem, Throwable thrown) {}

    @Override
    public Response toResponse(Throwable thrown) {
        Problem problem = problem(thrown);
        Response.ResponseBuilder answer = Response.status(problem.status())
                .type(ProblemAnswers.MEDIA_TYPE)
                .entity(new Failure(problem, thrown));
        if (problem.status() == 401) {
            answer.header("WWW-Authenticate", "Bearer realm=\"maestro\"");
        }
        if (problem.retry() instanceof Retry.After(Duration delay) && delay.isPositive()) {
            answer.header("Retry-After", delay.plusMillis(999).toSeconds());
        }
        if (thrown instanceof NotAllowedException allowed) {
            answer.header("Allow", allowed.getResponse().getHeaderString("Allow"));
        }
        return answer.build();
    }

    @Override
    public void filter(ContainerRequestContext request, ContainerResponseContext response) {
        if (response.getStatus() >= 400 && !response.hasEntity()) {
            // the framework answers some malformed headers by itself
            Response answer = toResponse(new WebApplicationException(response.getStatus()));
            response.setStatus(answer.getStatus());
            response.setEntity(answer.getEntity(), new Annotation[0], answer.getMediaType());
        }
        if (!(response.getEntity() instanceof Failure(Problem problem, Throwable thrown))) {
            return;
        }
        if (problem.status() == 416 && request.getProperty(ObjectRange.SIZE) instanceof Long size) {
            response.getHeaders().putSingle("Content-Range", "bytes */" + size);
        }
        String correlationId = Caller.correlationId(request);
        Level level = level(problem);
        if (LOG.isLoggable(level)) {
            Caller.log(LOG, request).log(level, "request " + correlationId + " failed: " + problem.code(), thrown);
        }
        String path = request.getUriInfo().getRequestUri().getRawPath();
        response.setEntity(answers.body(problem, path, correlationId));
    }

    /** How loudly the log tells of it. */
    static Level level(Problem problem) {
        return switch (problem.category()) {
            case INTERNAL -> Level.ERROR;
            case EXTERNAL -> Level.WARNING;
            case CALLER, POLICY_OR_LIMIT -> Level.DEBUG;
        };
    }

    /** What the caller is told of it. */
    static Problem problem(Throwable thrown) {
        return switch (thrown) {
            case ProblemException known -> known.problem();
            case NotFoundException ignored ->
                Problem.of(CallerProblem.PATH_UNKNOWN, "nothing is served at this path", "See /api/openapi.json.");
            case NotAllowedException ignored ->
                Problem.of(
                        CallerProblem.METHOD_NOT_ALLOWED,
                        "the path does not take this method",
                        "See the header Allow.");
            case NotAcceptableException ignored ->
                Problem.of(
                        CallerProblem.NOT_ACCEPTABLE,
                        "the answer cannot be given in an accepted media type",
                        "Accept application/json.");
            case NotSupportedException ignored ->
                Problem.of(
                        CallerProblem.UNSUPPORTED_MEDIA_TYPE,
                        "the body's media type is not taken here",
                        "Set the header Content-Type as the API reference says.");
            case WebApplicationException other
            when other.getResponse().getStatus() < 500 ->
                Problem.of(CallerProblem.INVALID_REQUEST, "the request is not valid", null);
            case IOException _, UncheckedIOException _ ->
                Problem.of(HttpProblem.REQUEST_TIMEOUT, "the body did not arrive whole, or too slowly", null);
            default ->
                Problem.of(
                        HttpProblem.SERVER_FAILED,
                        "the server has a fault; its log says more under the correlation id",
                        null);
        };
    }
}
