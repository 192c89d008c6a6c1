package io.maestro.rest;

import io.maestro.api.adapters.Registry;
import io.maestro.api.identity.Action;
import io.swagger.v3.oas.annotations.Operation;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;

/** Adapter types. */
@Path("/adapter-types")
@Produces(MediaType.APPLICATION_JSON)
public final class AdapterTypesResource {
    private final Registry registry;

    AdapterTypesResource(Registry registry) {
        this.registry = registry;
    }

    /** Lists the types. */
    @GET
    @Allows(Action.PLATFORM_READ)
    @Operation(
            operationId = "listAdapterTypes",
            summary = "Lists the adapter types with their operations, all on one page")
    @Answers(value = TypeBody.class, list = true)
    public Object list() {
        return new ListBody<>(registry.types().stream().map(TypeBody::of).toList(), null);
    }

    record TypeBody(String name, String contractVersion, List<TypeOperation> operations) {
        static TypeBody of(Registry.Type type) {
            return new TypeBody(
                    type.name().value(),
                    type.contractVersion(),
                    type.operations().stream()
                            .map(operation -> new TypeOperation(operation.name().value(), operation.changes()))
                            .toList());
        }
    }

    record TypeOperation(String name, boolean changes) {}
}
