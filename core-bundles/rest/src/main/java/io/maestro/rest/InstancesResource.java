package io.maestro.rest;

import io.maestro.api.adapters.InstanceAct;
import io.maestro.api.adapters.InstanceActs;
import io.maestro.api.adapters.Instances;
import io.maestro.api.adapters.Instances.Observed;
import io.maestro.api.adapters.Instances.Wanted;
import io.maestro.api.adapters.Registry;
import io.maestro.api.adapters.Registry.InstanceQuery;
import io.maestro.api.adapters.Registry.InstanceSort;
import io.maestro.api.identity.Action;
import io.maestro.api.policy.EntryPoint;
import io.maestro.model.AdapterName;
import io.maestro.model.DefinitionId;
import io.maestro.model.Environment;
import io.maestro.model.InstanceId;
import io.maestro.model.Json;
import io.maestro.model.Scope;
import io.maestro.model.TenantId;
import io.maestro.model.TypeName;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
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
import java.io.IOException;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/** Adapter instances of one scope. */
@Path("/tenants/{tenant}/environments/{environment}/instances")
@Produces(MediaType.APPLICATION_JSON)
public final class InstancesResource {
    private final Instances instances;
    private final InstanceActs acts;
    private final Registry registry;
    private final Wire wire;

    InstancesResource(Instances instances, InstanceActs acts, Registry registry, Wire wire) {
        this.instances = instances;
        this.acts = acts;
        this.registry = registry;
        this.wire = wire;
    }

    /** Creates an instance and waits for it to run or fail. */
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Allows(Action.TENANT_WRITE)
    @AsksWithin(EntryPoint.ADAPTER_INSTALL)
    @Idempotent
    @Operation(
            operationId = "createInstance",
            summary = "Configures an adapter for the scope, starts it, and waits for it to run or fail",
            description = "The answer is 201 also when the instance is there but cannot run: see observed and problem.")
    @Answers(value = InstanceBody.class, status = 201)
    public Response create(
            @PathParam("tenant") String tenant,
            @PathParam("environment") String environment,
            @QueryParam("waitSeconds") @Nullable String waitSeconds,
            @QueryParam("dryRun") @Nullable String dryRun,
            @QueryParam("plan") @Nullable String plan,
            NewInstance wanted,
            @Context ContainerRequestContext request)
            throws IOException {
        Scope scope = Scope.of(tenant, environment);
        Patience patience = Patience.of(waitSeconds);
        return Acts.answer(acts, wanted.act(scope), dryRun, plan, request, created -> {
            InstanceBody body = InstanceBody.of(patience.await(instances, created));
            return Response.created(
                            URI.create(request.getUriInfo().getRequestUri().getRawPath() + "/" + body.id()))
                    .header("ETag", Tags.quoted(body.tag(wire)))
                    .entity(body)
                    .build();
        });
    }

    /** Lists the instances of the scope. */
    @GET
    @Allows(Action.TENANT_READ)
    @Operation(
            operationId = "listInstances",
            summary = "Lists the instances of a scope",
            description =
                    "Sort by name, updatedAt or adapter. What is observed is filtered by as the node wrote it down"
                            + " last, which may be a moment behind.")
    @Answers(value = InstanceBody.class, list = true)
    public Object list(
            @PathParam("tenant") String tenant,
            @PathParam("environment") String environment,
            @QueryParam("type") @Nullable String type,
            @QueryParam("adapter") @Nullable String adapter,
            @QueryParam("wanted") @Nullable String wanted,
            @QueryParam("observed") @Nullable String observed,
            @QueryParam("sort") @Nullable String sort,
            @QueryParam("limit") @Nullable String limit,
            @QueryParam("cursor") @Nullable String cursor) {
        InstanceQuery query = new InstanceQuery(
                new Environment(environment),
                Query.of(type, TypeName::new),
                Query.of(adapter, AdapterName::new),
                null,
                Query.word("wanted", wanted, Wanted.class),
                Query.word("observed", observed, Observed.class),
                Query.sort(sort, InstanceSort.class));
        return ListBody.of(
                registry.instances(new TenantId(tenant), query, ListBody.request(limit, cursor)), InstanceBody::of);
    }

    /** What depends on an instance. */
    @GET
    @Path("{instance}/dependents")
    @Allows(Action.TENANT_READ)
    @Operation(
            operationId = "listDependents",
            summary = "Lists what depends on an instance, for example workflows; the first 500")
    @Answers(value = DependentBody.class, list = true)
    public Object dependents(
            @PathParam("tenant") String tenant,
            @PathParam("environment") String environment,
            @PathParam("instance") String instance) {
        return new ListBody<>(
                registry.dependents(Scope.of(tenant, environment), new InstanceId(instance)).stream()
                        .map(one -> new DependentBody(one.kind(), one.id(), one.name()))
                        .toList(),
                null);
    }

    /** One instance. */
    @GET
    @Path("{instance}")
    @Allows(Action.TENANT_READ)
    @Parameter(
            in = ParameterIn.HEADER,
            name = "If-None-Match",
            description = "An ETag; answered with 304 when it is still that.")
    @Operation(operationId = "getInstance", summary = "Gives one instance")
    @Answers(InstanceBody.class)
    public Response instance(
            @PathParam("tenant") String tenant,
            @PathParam("environment") String environment,
            @PathParam("instance") String instance,
            @Context ContainerRequestContext request)
            throws IOException {
        InstanceBody body =
                InstanceBody.of(instances.instance(Scope.of(tenant, environment), new InstanceId(instance)));
        return Tags.answer(request, body.tag(wire), body);
    }

    /** Deletes an instance. */
    @DELETE
    @Path("{instance}")
    @Allows(Action.TENANT_WRITE)
    @AsksWithin(EntryPoint.ADAPTER_UNINSTALL)
    @Parameter(
            in = ParameterIn.HEADER,
            name = "If-Match",
            description = "The ETag as last seen; another revision is refused with 412.")
    @Operation(
            operationId = "deleteInstance",
            summary = "Deletes an instance with its folder; what it stored outside stays")
    @Answers(value = Void.class, status = 204)
    public Response delete(
            @PathParam("tenant") String tenant,
            @PathParam("environment") String environment,
            @PathParam("instance") String instance,
            @QueryParam("dryRun") @Nullable String dryRun,
            @QueryParam("plan") @Nullable String plan,
            @Context ContainerRequestContext request)
            throws IOException {
        InstanceAct act = new InstanceAct.Delete(
                Scope.of(tenant, environment), new InstanceId(instance), InstanceBody.expected(request));
        return Acts.answer(
                acts, act, dryRun, plan, request, left -> Response.noContent().build());
    }

    /** Wants an instance running. */
    @POST
    @Path("{instance}/start")
    @Allows(Action.TENANT_WRITE)
    @AsksWithin(EntryPoint.ADAPTER_START)
    @Parameter(
            in = ParameterIn.HEADER,
            name = "If-Match",
            description = "The ETag as last seen; another revision is refused with 412.")
    @Operation(operationId = "startInstance", summary = "Starts an instance and waits for it to run or fail")
    @Answers(InstanceBody.class)
    public Response start(
            @PathParam("tenant") String tenant,
            @PathParam("environment") String environment,
            @PathParam("instance") String instance,
            @QueryParam("waitSeconds") @Nullable String waitSeconds,
            @QueryParam("dryRun") @Nullable String dryRun,
            @QueryParam("plan") @Nullable String plan,
            @Context ContainerRequestContext request)
            throws IOException {
        InstanceAct act = new InstanceAct.Want(
                Scope.of(tenant, environment),
                new InstanceId(instance),
                Wanted.RUNNING,
                InstanceBody.expected(request));
        return want(act, Patience.of(waitSeconds), dryRun, plan, request);
    }

    /** Wants an instance stopped. */
    @POST
    @Path("{instance}/stop")
    @Allows(Action.TENANT_WRITE)
    @AsksWithin(EntryPoint.ADAPTER_STOP)
    @Parameter(
            in = ParameterIn.HEADER,
            name = "If-Match",
            description = "The ETag as last seen; another revision is refused with 412.")
    @Operation(operationId = "stopInstance", summary = "Stops an instance and waits for it to be closed")
    @Answers(InstanceBody.class)
    public Response stop(
            @PathParam("tenant") String tenant,
            @PathParam("environment") String environment,
            @PathParam("instance") String instance,
            @QueryParam("waitSeconds") @Nullable String waitSeconds,
            @QueryParam("dryRun") @Nullable String dryRun,
            @QueryParam("plan") @Nullable String plan,
            @Context ContainerRequestContext request)
            throws IOException {
        InstanceAct act = new InstanceAct.Want(
                Scope.of(tenant, environment),
                new InstanceId(instance),
                Wanted.STOPPED,
                InstanceBody.expected(request));
        return want(act, Patience.of(waitSeconds), dryRun, plan, request);
    }

    private Response want(
            InstanceAct act,
            Patience patience,
            @Nullable String dryRun,
            @Nullable String plan,
            ContainerRequestContext request)
            throws IOException {
        return Acts.answer(acts, act, dryRun, plan, request, changed -> {
            InstanceBody body = InstanceBody.of(patience.await(instances, changed));
            return Response.ok(body).header("ETag", Tags.quoted(body.tag(wire))).build();
        });
    }

    @Schema(
            example =
                    "{\"id\":\"files\",\"adapter\":\"storage-s3@1.0.0\",\"configuration\":{\"bucket\":\"acme-files\"}}")
    record NewInstance(String id, String adapter, @Nullable Json configuration) {
        NewInstance {
            Wire.required("/id", id);
            Wire.required("/adapter", adapter);
        }

        InstanceAct.Create act(Scope scope) {
            return new InstanceAct.Create(
                    scope,
                    new InstanceId(id),
                    DefinitionId.parse(adapter),
                    configuration == null ? Json.EMPTY_OBJECT : configuration);
        }
    }

    record DependentBody(String kind, String id, String name) {}
}
