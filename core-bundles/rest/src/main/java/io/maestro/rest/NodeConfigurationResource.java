package io.maestro.rest;

import io.maestro.api.identity.Action;
import io.maestro.api.node.Values;
import io.swagger.v3.oas.annotations.Operation;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

/** What holds on this node, and who said so. */
@Path("/configuration")
@Produces(MediaType.APPLICATION_JSON)
public final class NodeConfigurationResource {
    private final Values values;

    NodeConfigurationResource(Values values) {
        this.values = values;
    }

    /** Lists the values. */
    @GET
    @Allows(Action.PLATFORM_AUDIT)
    @Operation(
            operationId = "listConfiguration",
            summary =
                    "Lists what holds on the node that answers, and whether a default, a file or the command line said so")
    @Answers(value = ValueBody.class, list = true)
    public Object list() {
        return new ListBody<>(values.all().stream().map(ValueBody::of).toList(), null);
    }

    /**
     * One value.
     *
     * @param origin default, a file with its line, or command line
     */
    record ValueBody(String key, String value, String origin, String meaning) {
        static ValueBody of(Values.Value value) {
            return new ValueBody(value.key(), value.value(), value.origin(), value.meaning());
        }
    }
}
