package io.maestro.rest;

import io.maestro.model.CallerProblem;
import io.maestro.model.Problem;
import jakarta.annotation.Priority;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import java.util.List;

/**
 * Before an endpoint that changes something and does not take all that is asked of plans: whoever asks for the plan only, or holds to
 * one, must not find the act done.
 */
@Priority(Priorities.AUTHORIZATION + 2)
final class Unplanned implements ContainerRequestFilter {
    /** What is asked of plans. */
    static final List<String> PARAMETERS = List.of("dryRun", "plan");

    private final List<String> refused;

    /** Refuses these parameters. */
    Unplanned(List<String> refused) {
        this.refused = refused;
    }

    @Override
    public void filter(ContainerRequestContext request) {
        for (String parameter : refused) {
            if (request.getUriInfo().getQueryParameters().containsKey(parameter)) {
                throw Problem.of(
                                CallerProblem.INVALID_REQUEST,
                                "this act takes no " + parameter + ", so nothing was done",
                                "Leave " + parameter
                                        + " out to have it done. The OpenAPI document tells which acts have plans.")
                        .asException();
            }
        }
    }
}
