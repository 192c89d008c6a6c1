package io.maestro.rest;

import io.maestro.model.CallerProblem;
import io.maestro.model.Problem;
import jakarta.annotation.Priority;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import java.util.List;

/** Before an endpoint that changes something and has no plan: whoever asks for the plan only must not find the act done. */
@Priority(Priorities.AUTHORIZATION + 2)
final class Unplanned implements ContainerRequestFilter {
    private static final List<String> OF_PLANS = List.of("dryRun", "plan");

    @Override
    public void filter(ContainerRequestContext request) {
        for (String parameter : OF_PLANS) {
            if (request.getUriInfo().getQueryParameters().containsKey(parameter)) {
                throw Problem.of(
                                CallerProblem.INVALID_REQUEST,
                                "this act has no plan, so it takes no " + parameter + "; nothing was done",
                                "Leave " + parameter
                                        + " out to have it done. The OpenAPI document tells which acts have plans.")
                        .asException();
            }
        }
    }
}
