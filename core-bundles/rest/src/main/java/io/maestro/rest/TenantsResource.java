package io.maestro.rest;

import io.maestro.api.identity.Action;
import io.maestro.api.tenancy.Tenant;
import io.maestro.api.tenancy.TenantEnvironment;
import io.maestro.api.tenancy.Tenants;
import io.maestro.model.Environment;
import io.maestro.model.TenantId;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tenants and their environments. */
@Path("/tenants")
@Produces(MediaType.APPLICATION_JSON)
public final class TenantsResource {
    private final Tenants tenants;

    TenantsResource(Tenants tenants) {
        this.tenants = tenants;
    }

    /** Creates a tenant. */
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Allows(Action.PLATFORM_WRITE)
    @Idempotent
    @Operation(operationId = "createTenant", summary = "Creates a tenant with the environments dev, staging and prod")
    @Answers(value = TenantBody.class, status = 201)
    public Response create(NewTenant wanted) {
        String name = wanted.displayName() == null ? wanted.id() : wanted.displayName();
        Tenant tenant = tenants.create(new TenantId(wanted.id()), name);
        return Response.created(URI.create("/api/tenants/" + tenant.id()))
                .entity(TenantBody.of(tenant))
                .build();
    }

    /** Lists tenants; a tenant's own principal sees only it. */
    @GET
    @Allows(Action.PLATFORM_READ)
    @Operation(operationId = "listTenants", summary = "Lists tenants; a principal within a tenant sees only its own")
    @Answers(value = TenantBody.class, list = true)
    public Object list(
            @QueryParam("limit") @Nullable String limit,
            @QueryParam("cursor") @Nullable String cursor,
            @Context ContainerRequestContext request) {
        TenantId own = Caller.of(request).principal().tenant();
        return own == null
                ? ListBody.of(tenants.tenants(ListBody.request(limit, cursor)), TenantBody::of)
                : new ListBody<>(List.of(TenantBody.of(tenants.tenant(own))), null);
    }

    /** One tenant. */
    @GET
    @Path("{tenant}")
    @Allows(Action.TENANT_READ)
    @Operation(operationId = "getTenant", summary = "Gives one tenant")
    @Answers(TenantBody.class)
    public Object tenant(@PathParam("tenant") String tenant) {
        return TenantBody.of(tenants.tenant(new TenantId(tenant)));
    }

    /** Creates a further environment. */
    @POST
    @Path("{tenant}/environments")
    @Consumes(MediaType.APPLICATION_JSON)
    @Allows(Action.TENANT_WRITE)
    @Idempotent
    @Operation(operationId = "createEnvironment", summary = "Creates a further environment of a tenant")
    @Answers(value = EnvironmentBody.class, status = 201)
    public Response createEnvironment(@PathParam("tenant") String tenant, NewEnvironment wanted) {
        TenantEnvironment made = tenants.createEnvironment(new TenantId(tenant), new Environment(wanted.name()));
        return Response.status(Response.Status.CREATED)
                .entity(EnvironmentBody.of(made))
                .build();
    }

    /** Lists environments. */
    @GET
    @Path("{tenant}/environments")
    @Allows(Action.TENANT_READ)
    @Operation(operationId = "listEnvironments", summary = "Lists the environments of a tenant")
    @Answers(value = EnvironmentBody.class, list = true)
    public Object environments(
            @PathParam("tenant") String tenant,
            @QueryParam("limit") @Nullable String limit,
            @QueryParam("cursor") @Nullable String cursor) {
        return ListBody.of(
                tenants.environments(new TenantId(tenant), ListBody.request(limit, cursor)), EnvironmentBody::of);
    }

    @Schema(example = "{\"id\":\"acme\",\"displayName\":\"Acme Inc.\"}")
    record NewTenant(String id, @Nullable String displayName) {
        NewTenant {
            Wire.required("/id", id);
        }
    }

    record TenantBody(String id, String displayName, Instant createdAt) {
        static TenantBody of(Tenant tenant) {
            return new TenantBody(tenant.id().value(), tenant.displayName(), tenant.createdAt());
        }
    }

    @Schema(example = "{\"name\":\"qa\"}")
    record NewEnvironment(String name) {
        NewEnvironment {
            Wire.required("/name", name);
        }
    }

    record EnvironmentBody(String tenant, String name, Instant createdAt) {
        static EnvironmentBody of(TenantEnvironment environment) {
            return new EnvironmentBody(
                    environment.scope().tenant().value(),
                    environment.scope().environment().value(),
                    environment.createdAt());
        }
    }
}
