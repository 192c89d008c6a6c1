package io.maestro.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.maestro.api.adapters.Calls.Download;
import io.maestro.api.identity.Action;
import io.maestro.api.policy.EntryPoint;
import io.maestro.api.residency.ItemName;
import io.maestro.api.residency.Items;
import io.maestro.api.residency.Items.Content;
import io.maestro.api.residency.Items.Item;
import io.maestro.api.residency.Items.OpenItem;
import io.maestro.api.residency.Kind;
import io.maestro.api.residency.Region;
import io.maestro.model.Digest;
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
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is kept for a tenant where it must stay: evidence, artifacts and the like. */
@Path("/tenants/{tenant}/environments/{environment}/data")
public final class ItemsResource {
    private static final int LONGEST_TYPE = 255;

    private final Items items;
    private final Wire wire;

    ItemsResource(Items items, Wire wire) {
        this.items = items;
        this.wire = wire;
    }

    /** Lists items. */
    @GET
    @Produces(MediaType.APPLICATION_JSON)
    @Allows(Action.TENANT_READ)
    @Operation(
            operationId = "listItems",
            summary = "Lists what is kept: by kind and key, with region, instance and digest")
    @Answers(value = ItemBody.class, list = true)
    public Object list(
            @PathParam("tenant") String tenant,
            @PathParam("environment") String environment,
            @QueryParam("kind") @Nullable String kind,
            @QueryParam("limit") @Nullable String limit,
            @QueryParam("cursor") @Nullable String cursor) {
        return ListBody.of(
                items.items(Scope.of(tenant, environment), Query.of(kind, Kind::new), ListBody.request(limit, cursor)),
                ItemBody::of);
    }

    /** Stores the body. */
    @PUT
    @Path("{kind}/{key: .+}")
    @Consumes(MediaType.WILDCARD)
    @Produces(MediaType.APPLICATION_JSON)
    @Allows(Action.TENANT_CALL)
    @AsksWithin(EntryPoint.DATA_RESIDENCY)
    @Operation(
            operationId = "putItem",
            summary = "Stores the body where the data of the region and kind is kept",
            description =
                    "The instance is chosen by the route of the region and kind, and the policy is asked whether the data may"
                            + " be kept there; a denial is a problem with the policy's reasons, a security event, and a line of the"
                            + " denied writes. What was there before stays until the new is there whole. With Content-Digest only if"
                            + " the body has that SHA-256; a write that a second person has to approve needs it.")
    @Parameter(
            in = ParameterIn.HEADER,
            name = "Content-Digest",
            description = "sha-256=:BASE64: of the body (RFC 9530); a body with another one is refused.")
    @Answers(ItemBody.class)
    public Object put(
            @PathParam("tenant") String tenant,
            @PathParam("environment") String environment,
            @PathParam("kind") String kind,
            @PathParam("key") String key,
            @QueryParam("region") @Nullable String region,
            InputStream content,
            @Context ContainerRequestContext request) {
        if (region == null) {
            throw Wire.invalid(
                    "the query parameter region is missing", "Say in which region the data must stay.", List.of());
        }
        return ItemBody.of(items.put(
                Scope.of(tenant, environment),
                new ItemName(new Kind(kind), key),
                new Region(region),
                new Content(type(request), content, ObjectHeaders.length(request), ObjectHeaders.digest(request)),
                Caller.actor(request)));
    }

    private static String type(ContainerRequestContext request) {
        String type = request.getHeaderString("Content-Type");
        if (type == null || type.isBlank()) {
            return MediaType.APPLICATION_OCTET_STREAM;
        }
        if (type.length() > LONGEST_TYPE) {
            throw Wire.invalid(
                    "the header Content-Type is too long", "Send at most " + LONGEST_TYPE + " characters.", List.of());
        }
        return type;
    }

    /** Gives the bytes; for HEAD only the headers. */
    @GET
    @Path("{kind}/{key: .+}")
    @Produces(MediaType.WILDCARD)
    @Allows(Action.TENANT_CALL)
    @Parameter(
            in = ParameterIn.HEADER,
            name = "If-None-Match",
            description = "An ETag; answered with 304 when it is still that.")
    @Operation(
            operationId = "getItem",
            summary = "Gives the bytes of an item, wherever it lies",
            description =
                    "The headers Maestro-Region and Maestro-Instance tell where that is, Content-Digest what they are."
                            + " Bytes that are not those that were stored are a problem, or break the connection off.")
    @Answers(byte[].class)
    public Response get(
            @PathParam("tenant") String tenant,
            @PathParam("environment") String environment,
            @PathParam("kind") String kind,
            @PathParam("key") String key,
            @Context ContainerRequestContext request)
            throws IOException {
        OpenItem open =
                items.open(Scope.of(tenant, environment), new ItemName(new Kind(kind), key), Caller.actor(request));
        Item item = open.item();
        ObjectNode object = wire.object()
                .put("etag", item.digest().hex())
                .put("size", item.size())
                .put("contentType", item.contentType())
                .put("lastModified", item.storedAt().toString());
        Response answer = ObjectDownload.answer(request, object, new Download(new byte[0], open.content()));
        return Response.fromResponse(answer)
                .header("Maestro-Region", item.region().value())
                .header("Maestro-Instance", item.instance().value())
                .header("Content-Digest", digest(item.digest()))
                .build();
    }

    private static String digest(Digest digest) {
        return "sha-256=:" + Base64.getEncoder().encodeToString(digest.bytes()) + ":";
    }

    /** Removes an item. */
    @DELETE
    @Path("{kind}/{key: .+}")
    @Produces(MediaType.APPLICATION_JSON)
    @Allows(Action.TENANT_WRITE)
    @Governed(value = "data.delete", subject = "key")
    @Operation(operationId = "deleteItem", summary = "Removes an item; its bytes go within seconds")
    @Answers(value = Void.class, status = 204)
    public void delete(
            @PathParam("tenant") String tenant,
            @PathParam("environment") String environment,
            @PathParam("kind") String kind,
            @PathParam("key") String key,
            @Context ContainerRequestContext request) {
        items.delete(Scope.of(tenant, environment), new ItemName(new Kind(kind), key), Caller.actor(request));
    }

    /** An item as it crosses the wire, without its bytes. */
    record ItemBody(
            String tenant,
            String environment,
            String kind,
            String key,
            String region,
            String instance,
            long size,
            String digest,
            String contentType,
            Instant storedAt,
            String storedBy) {
        static ItemBody of(Item item) {
            return new ItemBody(
                    item.scope().tenant().value(),
                    item.scope().environment().value(),
                    item.name().kind().value(),
                    item.name().key(),
                    item.region().value(),
                    item.instance().value(),
                    item.size(),
                    item.digest().toString(),
                    item.contentType(),
                    item.storedAt(),
                    item.storedBy());
        }
    }
}
