package io.maestro.rest;

import io.maestro.api.identity.Action;
import io.maestro.api.tenancy.Tenant;
import io.maestro.api.tenancy.TenantEnvironment;
import io.maestro.api.tenancy.Tenants;
import io.maestro.model.Environment;
import io.maestro.model.Scope;
import io.maestro.model.TenantId;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
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
    @Governed("tenant.create")
    @Idempotent
    @Operation(operationId = "createTenant", summary = "Creates a tenant with the environments dev, staging and prod")
    @Answers(value = TenantBody.class, status = 201)
    public Response create(NewTenant wanted, @Context ContainerRequestContext request) {
        String name = wanted.displayName() == null ? wanted.id() : wanted.displayName();
        Tenant tenant = tenants.create(new TenantId(wanted.id()), name, Caller.actor(request));
        return Response.created(URI.create("/api/tenants/" + tenant.id()))
                .header("ETag", Tags.quoted(Long.toString(tenant.revision())))
                .entity(TenantBody.of(tenant))
                .build();
    }

    /** Lists tenants; a tenant's own principal sees only it. */
    @GET
    @Allows(Action.TENANT_LIST)
    @Operation(
            operationId = "listTenants",
            summary = "Lists tenants; a principal within a tenant sees only its own",
            description = "With a prefix, those whose id begins with it.")
    @Answers(value = TenantBody.class, list = true)
    public Object list(
            @QueryParam("prefix") @Nullable String prefix,
            @QueryParam("limit") @Nullable String limit,
            @QueryParam("cursor") @Nullable String cursor,
            @Context ContainerRequestContext request) {
        String beginning = prefix == null ? "" : prefix;
        TenantId own = Caller.of(request).principal().tenant();
        if (own == null) {
            return ListBody.of(tenants.tenants(beginning, ListBody.request(limit, cursor)), TenantBody::of);
        }
        return new ListBody<>(
                own.value().startsWith(beginning) ? List.of(TenantBody.of(tenants.tenant(own))) : List.of(), null);
    }

    /** One tenant. */
    @GET
    @Path("{tenant}")
    @Allows(Action.TENANT_READ)
    @Departing
    @Parameter(
            in = ParameterIn.HEADER,
            name = "If-None-Match",
            description = "An ETag; answered with 304 when it is still that.")
    @Operation(operationId = "getTenant", summary = "Gives one tenant")
    @Answers(TenantBody.class)
    public Response tenant(@PathParam("tenant") String tenant, @Context ContainerRequestContext request) {
        Tenant found = tenants.tenant(new TenantId(tenant));
        return Tags.answer(request, Long.toString(found.revision()), TenantBody.of(found));
    }

    /** Changes what people call a tenant. */
    @PATCH
    @Path("{tenant}")
    @Consumes(MediaType.APPLICATION_JSON)
    @Allows(Action.TENANT_WRITE)
    @Governed(value = "tenant.rename", subject = "tenant")
    @Parameter(
            in = ParameterIn.HEADER,
            name = "If-Match",
            description = "The ETag as last seen; another revision is refused with 412.")
    @Operation(operationId = "renameTenant", summary = "Changes what people call a tenant; its id stays for ever")
    @Answers(TenantBody.class)
    public Response rename(
            @PathParam("tenant") String tenant, NewDisplayName wanted, @Context ContainerRequestContext request) {
        Tenant renamed = tenants.rename(
                new TenantId(tenant), wanted.displayName(), Tags.revision(request), Caller.actor(request));
        return Response.ok(TenantBody.of(renamed))
                .header("ETag", Tags.quoted(Long.toString(renamed.revision())))
                .build();
    }

    /** Creates a further environment. */
    @POST
    @Path("{tenant}/environments")
    @Consumes(MediaType.APPLICATION_JSON)
    @Allows(Action.TENANT_WRITE)
    @Governed("environment.create")
    @Idempotent
    @Operation(operationId = "createEnvironment", summary = "Creates a further environment of a tenant")
    @Answers(value = EnvironmentBody.class, status = 201)
    public Response createEnvironment(
            @PathParam("tenant") String tenant, NewEnvironment wanted, @Context ContainerRequestContext request) {
        TenantEnvironment made =
                tenants.createEnvironment(new TenantId(tenant), new Environment(wanted.name()), Caller.actor(request));
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

    /** One environment. */
    @GET
    @Path("{tenant}/environments/{environment}")
    @Allows(Action.TENANT_READ)
    @Parameter(
            in = ParameterIn.HEADER,
            name = "If-None-Match",
            description = "An ETag; answered with 304 when it is still that.")
    @Operation(operationId = "getEnvironment", summary = "Gives one environment of a tenant")
    @Answers(EnvironmentBody.class)
    public Response environment(
            @PathParam("tenant") String tenant,
            @PathParam("environment") String environment,
            @Context ContainerRequestContext request) {
        TenantEnvironment found = tenants.environment(Scope.of(tenant, environment));
        return Tags.answer(request, found.createdAt().toString(), EnvironmentBody.of(found));
    }

    /** Deletes an environment that holds nothing. */
    @DELETE
    @Path("{tenant}/environments/{environment}")
    @Allows(Action.TENANT_WRITE)
    @Governed(value = "environment.delete", subject = "environment")
    @Parameter(
            in = ParameterIn.HEADER,
            name = "If-Match",
            description = "The ETag as last seen; an environment made anew under this name is refused with 412.")
    @Operation(
            operationId = "deleteEnvironment",
            summary = "Deletes an environment of a tenant; one that holds anything is refused")
    @Answers(value = Void.class, status = 204)
    public void deleteEnvironment(
            @PathParam("tenant") String tenant,
            @PathParam("environment") String environment,
            @Context ContainerRequestContext request) {
        tenants.deleteEnvironment(Scope.of(tenant, environment), Tags.instant(request), Caller.actor(request));
    }

    @Schema(example = "{\"id\":\"acme\",\"displayName\":\"Acme Inc.\"}")
    record NewTenant(String id, @Nullable String displayName) {
        NewTenant {
            Wire.required("/id", id);
        }
    }

    @Schema(example = "{\"displayName\":\"Acme Incorporated\"}")
    record NewDisplayName(String displayName) {
        NewDisplayName {
            Wire.required("/displayName", displayName);
        }
    }

    record TenantBody(String id, String displayName, Tenant.State state, long revision, Instant createdAt) {
        static TenantBody of(Tenant tenant) {
            return new TenantBody(
                    tenant.id().value(), tenant.displayName(), tenant.state(), tenant.revision(), tenant.createdAt());
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
