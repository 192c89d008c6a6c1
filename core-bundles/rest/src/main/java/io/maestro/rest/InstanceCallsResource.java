package io.maestro.rest;

import io.maestro.api.adapters.InstanceHealth;
import io.maestro.api.adapters.InstanceHealth.Outcome;
import io.maestro.api.identity.Action;
import io.maestro.model.InstanceId;
import io.maestro.model.Scope;
import io.swagger.v3.oas.annotations.Operation;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** How the last calls of one instance went. */
@Path("/tenants/{tenant}/environments/{environment}/instances/{instance}/calls")
@Produces(MediaType.APPLICATION_JSON)
public final class InstanceCallsResource {
    private static final String ERROR = "error";

    private final InstanceHealth health;

    InstanceCallsResource(InstanceHealth health) {
        this.health = health;
    }

    /** The last calls of an instance. */
    @GET
    @Allows(Action.TENANT_READ)
    @Operation(
            operationId = "listCalls",
            summary = "Lists how the last calls of an instance went, newest first; never what they were called with",
            description =
                    "As the node that answers saw them since it started: the last 50, and the last 50 that failed or were"
                            + " late; fewer where very many instances are called. outcome is one of ok, rejected, failed,"
                            + " late, refused and cancelled, or error for what health counts as such: failed, late and"
                            + " refused.")
    @Answers(value = CallBody.class, list = true)
    public Object calls(
            @PathParam("tenant") String tenant,
            @PathParam("environment") String environment,
            @PathParam("instance") String instance,
            @QueryParam("outcome") @Nullable String outcome) {
        Predicate<Outcome> wanted = wanted(outcome);
        return new ListBody<>(
                health.calls(Scope.of(tenant, environment), new InstanceId(instance)).stream()
                        .filter(call -> wanted.test(call.outcome()))
                        .map(CallBody::of)
                        .toList(),
                null);
    }

    private static Predicate<Outcome> wanted(@Nullable String word) {
        List<String> words = Stream.concat(Arrays.stream(Outcome.values()).map(Wire::word), Stream.of(ERROR))
                .toList();
        String one = Query.word("outcome", word, words);
        if (one == null) {
            return any -> true;
        }
        return one.equals(ERROR)
                ? Outcome::isError
                : outcome -> Wire.word(outcome).equals(one);
    }
}
