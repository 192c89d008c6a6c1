package io.maestro.rest;

import io.maestro.api.node.Setting;
import io.maestro.api.node.Values;
import io.swagger.v3.oas.annotations.Operation;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.jspecify.annotations.Nullable;

/** What people see as the product; for pages that are shown before anybody is known. */
@Path("/branding")
@Produces(MediaType.APPLICATION_JSON)
public final class BrandingResource {
    private final Branding branding;

    BrandingResource(Values values) {
        String support = values.text(Setting.BRAND_SUPPORT);
        this.branding = new Branding(
                values.text(Setting.BRAND_NAME), values.text(Setting.BRAND_ACCENT), support.isEmpty() ? null : support);
    }

    /** The branding. */
    @GET
    @Open
    @Operation(operationId = "branding", summary = "Gives the name, the colour and the place for help that people see")
    @Answers(Branding.class)
    public Branding branding() {
        return branding;
    }

    /**
     * What people see.
     *
     * @param accent a colour like #0066cc
     * @param supportUrl where people get help; null for nowhere
     */
    record Branding(String name, String accent, @Nullable String supportUrl) {}
}
