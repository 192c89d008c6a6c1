package io.maestro.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.maestro.api.adapters.Calls;
import io.maestro.api.identity.Action;
import io.maestro.api.policy.EntryPoint;
import io.maestro.model.InstanceId;
import io.maestro.model.OperationName;
import io.maestro.model.ProblemException;
import io.maestro.model.Scope;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Objects of a storage instance, as streams of bytes. */
@Path("/tenants/{tenant}/environments/{environment}/instances/{instance}/objects")
public final class ObjectsResource {
    /** A stream may take as long as a call can. */
    private static final Duration STREAM = Duration.ofMinutes(5);

    private static final OperationName PUT_OBJECT = new OperationName("put_object");
    private static final OperationName GET_OBJECT = new OperationName("get_object");
    private static final OperationName HEAD_OBJECT = new OperationName("head_object");
    private static final OperationName DELETE_OBJECT = new OperationName("delete_object");
    private static final OperationName LIST = new OperationName("list");

    private static final String NO_SUCH_RANGE = "storage-range-unsatisfiable";

    private final Calls calls;
    private final Wire wire;

    ObjectsResource(Calls calls, Wire wire) {
        this.calls = calls;
        this.wire = wire;
    }

    /** Stores the body. */
    @PUT
    @Path("{key: .+}")
    @Consumes(MediaType.WILDCARD)
    @Produces(MediaType.APPLICATION_JSON)
    @Allows(Action.TENANT_CALL)
    @AsksWithin(EntryPoint.ADAPTER_CALL)
    @Operation(
            operationId = "putObject",
            summary = "Stores the body under the key",
            description = "Content-Type and headers X-Maestro-Meta-NAME are kept with the object. With If-None-Match: *"
                    + " only if there is none, with If-Match only if it is in that state. With Content-Digest only if the"
                    + " body has that SHA-256, which is kept with the object; a write that a second person has to approve"
                    + " needs it.")
    @Parameter(
            in = ParameterIn.HEADER,
            name = "Content-Digest",
            description = "sha-256=:BASE64: of the body (RFC 9530); a body with another one is refused.")
    @Parameter(
            in = ParameterIn.HEADER,
            name = "Repr-Digest",
            description = "sha-256=:BASE64: of the object (RFC 9530); the same as Content-Digest here.")
    @Parameter(in = ParameterIn.HEADER, name = "If-Match", description = "The ETag that the object must have.")
    @Parameter(
            in = ParameterIn.HEADER,
            name = "If-None-Match",
            description = "Only *: store only if there is no object.")
    @Answers(value = StoredObject.class, also = 201)
    public Response put(
            @PathParam("tenant") String tenant,
            @PathParam("environment") String environment,
            @PathParam("instance") String instance,
            @PathParam("key") String key,
            InputStream content,
            @Context ContainerRequestContext request)
            throws IOException {
        ObjectNode input = ObjectHeaders.put(wire, key, request);
        byte[] output = calls.upload(
                Scope.of(tenant, environment),
                new InstanceId(instance),
                PUT_OBJECT,
                wire.bytes(input),
                content,
                ObjectHeaders.length(request),
                OperationsResource.options(request, STREAM).of(ObjectHeaders.digest(request)));
        JsonNode stored = wire.tree(output);
        if (stored instanceof ObjectNode told && !told.has("sha256")) {
            // the contract leaves out what it does not know, an answer of REST says so
            told.putNull("sha256");
        }
        return Response.status(input.path("ifAbsent").asBoolean() ? 201 : 200)
                .header("ETag", Tags.quoted(stored.path("etag").asText()))
                .entity(wire.bytes(stored))
                .build();
    }

    /** Gives the bytes; for HEAD only the headers. */
    @GET
    @Path("{key: .+}")
    @Produces(MediaType.WILDCARD)
    @Allows(Action.TENANT_CALL)
    @Parameter(
            in = ParameterIn.HEADER,
            name = "If-None-Match",
            description = "An ETag; answered with 304 when it is still that.")
    @Parameter(
            in = ParameterIn.HEADER,
            name = "Range",
            description =
                    "bytes=FIRST-LAST, bytes=FIRST- or bytes=-COUNT; answered with 206 and Content-Range. Several ranges"
                            + " at once are answered with the whole object.")
    @Parameter(
            in = ParameterIn.HEADER,
            name = "If-Range",
            description = "An ETag; the range counts only while the object is in that state.")
    @Operation(
            operationId = "getObject",
            summary = "Gives the bytes under the key",
            description =
                    "Repr-Digest is the SHA-256 of the whole object, if it was stored with one; Content-Digest is that of"
                            + " the body. A whole object that is not what was stored breaks off.")
    @Answers(value = byte[].class, also = 206)
    public Response get(
            @PathParam("tenant") String tenant,
            @PathParam("environment") String environment,
            @PathParam("instance") String instance,
            @PathParam("key") String key,
            @Context ContainerRequestContext request)
            throws IOException {
        Target target = new Target(Scope.of(tenant, environment), new InstanceId(instance), key, request);
        ObjectRange range = ObjectRange.of(request);
        if (Caller.of(request).origin().method().equals("HEAD")) {
            return ObjectDownload.head(request, head(target));
        }
        return range == null ? whole(target) : part(target, range);
    }

    /** One object of one request. */
    private record Target(Scope scope, InstanceId instance, String key, ContainerRequestContext request) {}

    private JsonNode head(Target target) throws IOException {
        return wire.tree(calls.call(
                target.scope(),
                target.instance(),
                HEAD_OBJECT,
                wire.bytes(wire.object().put("key", target.key())),
                OperationsResource.options(target.request(), null)));
    }

    private Calls.Download download(Target target, ObjectNode input) throws IOException {
        return calls.download(
                target.scope(),
                target.instance(),
                GET_OBJECT,
                wire.bytes(input),
                OperationsResource.options(target.request(), STREAM));
    }

    private Response whole(Target target) throws IOException {
        Calls.Download download = download(target, wire.object().put("key", target.key()));
        return ObjectDownload.answer(target.request(), wire.tree(download.output()), download);
    }

    private Response part(Target target, ObjectRange range) throws IOException {
        ObjectNode input = wire.object().put("key", target.key());
        JsonNode before = null;
        if (range.isAtTheEnd()) {
            before = head(target);
        }
        input.put(
                "offset", range.offset(before == null ? 0 : before.path("size").asLong()));
        input.put("length", range.length());
        Calls.Download download;
        try {
            download = download(target, input);
        } catch (ProblemException e) {
            if (!e.problem().code().equals(NO_SUCH_RANGE)) {
                throw e;
            }
            return withoutRange(target, range, e);
        }
        JsonNode object = wire.tree(download.output());
        // the last bytes of a state that is no more may be others of this one
        boolean replaced = before != null && !before.path("etag").equals(object.path("etag"));
        if (replaced || !range.isFor(object)) {
            download.close();
            return whole(target);
        }
        return ObjectDownload.answer(target.request(), object, download);
    }

    /** The object has no such range, which may not matter: the caller has this state, or means another. */
    private Response withoutRange(Target target, ObjectRange range, ProblemException refusal) throws IOException {
        JsonNode object = head(target);
        if (!range.isFor(object)) {
            return whole(target);
        }
        if (Tags.known(target.request(), object.path("etag").asText())) {
            return ObjectDownload.head(target.request(), object);
        }
        target.request().setProperty(ObjectRange.SIZE, object.path("size").asLong());
        throw refusal;
    }

    /** Deletes the object; deleting what is not there is no failure. */
    @DELETE
    @Path("{key: .+}")
    @Produces(MediaType.APPLICATION_JSON)
    @Allows(Action.TENANT_CALL)
    @AsksWithin(EntryPoint.ADAPTER_CALL)
    @Operation(operationId = "deleteObject", summary = "Deletes the object under the key, if there is one")
    @Answers(value = Void.class, status = 204)
    public void delete(
            @PathParam("tenant") String tenant,
            @PathParam("environment") String environment,
            @PathParam("instance") String instance,
            @PathParam("key") String key,
            @Context ContainerRequestContext request)
            throws IOException {
        calls.call(
                Scope.of(tenant, environment),
                new InstanceId(instance),
                DELETE_OBJECT,
                wire.bytes(wire.object().put("key", key)),
                OperationsResource.options(request, null));
    }

    /** Lists objects. */
    @GET
    @Produces(MediaType.APPLICATION_JSON)
    @Allows(Action.TENANT_CALL)
    @Operation(
            operationId = "listObjects",
            summary = "Lists objects by key",
            description =
                    "With a delimiter, usually a slash, the keys that have it behind the prefix are told by what they begin"
                            + " with, once: items and prefixes together are a page.")
    @Answers(value = ListedObject.class, list = true, prefixes = true)
    public Object list(
            @PathParam("tenant") String tenant,
            @PathParam("environment") String environment,
            @PathParam("instance") String instance,
            @QueryParam("prefix") @Nullable String prefix,
            @QueryParam("limit") @Nullable String limit,
            @QueryParam("cursor") @Nullable String cursor,
            @QueryParam("delimiter") @Nullable String delimiter,
            @Context ContainerRequestContext request)
            throws IOException {
        ObjectNode input = wire.object().put("prefix", prefix).put("cursor", CursorOwner.own(cursor));
        input.put("limit", limit == null ? null : (Integer) ListBody.number("limit", limit));
        if (delimiter != null) {
            input.put("delimiter", delimiter);
        }
        return ObjectListBody.of(wire.tree(calls.call(
                Scope.of(tenant, environment),
                new InstanceId(instance),
                LIST,
                wire.bytes(input),
                OperationsResource.options(request, null))));
    }

    /** What the storage contract answers a put with. */
    record StoredObject(
            String key,
            long size,
            String etag,
            String contentType,
            Instant lastModified,
            Map<String, String> metadata,
            @Nullable String sha256) {}

    /** What the storage contract lists; it passes as it is. */
    record ListedObject(String key, long size, String etag, Instant lastModified) {}
}
