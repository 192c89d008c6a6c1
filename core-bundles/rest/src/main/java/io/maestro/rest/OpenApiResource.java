package io.maestro.rest;

import io.maestro.api.identity.Action;
import io.maestro.model.Json;
import io.swagger.v3.oas.annotations.Operation;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import java.io.InputStream;

/** The description of this API; generated from its code when it is built. */
@Path("/openapi.json")
@Produces(MediaType.APPLICATION_JSON)
public final class OpenApiResource {
    private static final String DOCUMENT = "openapi.json";

    /** The document. */
    @GET
    @Allows(Action.SELF)
    @Operation(operationId = "openApi", summary = "Gives this description")
    @Answers(Json.class)
    public byte[] document() throws IOException {
        try (InputStream in = OpenApiResource.class.getResourceAsStream(DOCUMENT)) {
            if (in == null) {
                throw new IllegalStateException("the bundle was built without " + DOCUMENT);
            }
            return in.readAllBytes();
        }
    }
}
