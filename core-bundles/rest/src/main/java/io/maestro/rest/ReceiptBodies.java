package io.maestro.rest;

import io.maestro.api.provenance.Receipts;
import io.maestro.api.provenance.Receipts.Break;
import io.maestro.api.provenance.Receipts.Filter;
import io.maestro.api.provenance.Receipts.Receipt;
import io.maestro.api.provenance.Receipts.Verification;
import io.maestro.model.Environment;
import io.maestro.model.Json;
import io.maestro.model.TenantId;
import io.maestro.model.Violation;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What the resources of a tenant's and of the installation's receipts have in common. */
final class ReceiptBodies {
    /** An export: one line of JSON after another. */
    static final String LINES = "application/x-ndjson";

    private ReceiptBodies() {}

    /** Which receipts are wanted. */
    static final class Wanted {
        @QueryParam("environment")
        @Nullable
        String environment;

        @QueryParam("action")
        @Nullable
        String action;

        @QueryParam("subjectType")
        @Nullable
        String subjectType;

        @QueryParam("subject")
        @Nullable
        String subject;

        @QueryParam("actor")
        @Nullable
        String actor;

        @QueryParam("from")
        @Nullable
        String from;

        @QueryParam("until")
        @Nullable
        String until;

        @QueryParam("order")
        @Nullable
        String order;

        @QueryParam("limit")
        @Nullable
        String limit;

        @QueryParam("cursor")
        @Nullable
        String cursor;
    }

    static Object list(Receipts receipts, @Nullable TenantId tenant, Wanted wanted) {
        Filter filter = new Filter(
                wanted.environment == null ? null : new Environment(wanted.environment),
                wanted.action,
                wanted.subjectType,
                wanted.subject,
                wanted.actor,
                instant("from", wanted.from),
                instant("until", wanted.until),
                oldestFirst(wanted.order));
        return ListBody.of(
                receipts.receipts(tenant, filter, ListBody.request(wanted.limit, wanted.cursor)), SealedBody::of);
    }

    static Object one(Receipts receipts, @Nullable TenantId tenant, String id) {
        try {
            return SealedBody.of(receipts.receipt(tenant, UUID.fromString(id)));
        } catch (IllegalArgumentException e) {
            throw Wire.invalid("\"id\" is not a UUID", "Take the id of a receipt as it is listed.", List.of());
        }
    }

    static Object verify(Receipts receipts, @Nullable TenantId tenant, @Nullable String after) {
        try {
            long place = after == null ? 0 : Long.parseLong(after);
            if (place >= 0) {
                return ChainBody.of(receipts.verify(tenant, place));
            }
        } catch (NumberFormatException e) {
            // refused below, as a negative number
        }
        throw Wire.invalid("\"after\" is not the place of a receipt", "Give a number from 0.", List.of());
    }

    /** What fails once the answer has begun cannot be told but by breaking it off; the missing trailer says it too. */
    static Response export(
            Receipts receipts,
            @Nullable TenantId tenant,
            @Nullable String from,
            @Nullable String until,
            ContainerRequestContext request) {
        Receipts.Export export = receipts.export(tenant, instant("from", from), instant("until", until));
        return Response.ok(new ReceiptDownload(request, export))
                .type(MediaType.valueOf(LINES))
                .header("Content-Disposition", "attachment; filename=\"receipts.ndjson\"")
                .build();
    }

    static Object acceptBreak(
            Receipts receipts, @Nullable TenantId tenant, AcceptedBreak wanted, ContainerRequestContext request) {
        return BreakBody.of(receipts.acceptBreak(
                tenant,
                Wire.required("/last", wanted.last()),
                Wire.required("/reason", wanted.reason()),
                Caller.actor(request)));
    }

    private static boolean oldestFirst(@Nullable String order) {
        return switch (order == null ? "newest" : order) {
            case "newest" -> false;
            case "oldest" -> true;
            default -> throw Wire.invalid("the order is neither newest nor oldest", "Name one of them.", List.of());
        };
    }

    private static @Nullable Instant instant(String name, @Nullable String text) {
        if (text == null) {
            return null;
        }
        try {
            Instant instant = Instant.parse(text);
            // beyond this PostgreSQL's timestamps and ours no longer agree
            if (instant.getEpochSecond() >= 0 && instant.getEpochSecond() <= 253_402_300_799L) {
                return instant;
            }
        } catch (DateTimeException e) {
            // refused below, as one out of range
        }
        throw Wire.invalid(
                "\"" + name + "\" is not a time",
                "Write it as 2026-11-20T22:00:00Z.",
                List.of(new Violation("/" + name, "is not a time")));
    }

    record SealedBody(
            String id,
            boolean sealed,
            boolean verified,
            @Nullable String defect,
            long sequence,
            @Nullable String hash,
            @Nullable String signature,
            @Nullable Json body) {
        static SealedBody of(Receipt receipt) {
            return new SealedBody(
                    receipt.id().toString(),
                    receipt.sealed(),
                    receipt.verified(),
                    receipt.defect(),
                    receipt.sequence(),
                    receipt.hash() == null ? null : receipt.hash().toString(),
                    receipt.signature(),
                    receipt.body());
        }
    }

    record ChainBody(
            boolean verified,
            long checked,
            long last,
            boolean complete,
            long defectAt,
            @Nullable String defect) {
        static ChainBody of(Verification verification) {
            return new ChainBody(
                    verification.verified(),
                    verification.checked(),
                    verification.last(),
                    verification.complete(),
                    verification.defectAt(),
                    verification.defect());
        }
    }

    /**
     * Which break is accepted, and why.
     *
     * @param last the last receipt that is there, so that nobody accepts what he has not seen
     */
    @Schema(example = "{\"last\":1204,\"reason\":\"The backup of Monday was put back.\"}")
    record AcceptedBreak(@Nullable Long last, @Nullable String reason) {
        private static final int LONGEST = 500;

        AcceptedBreak {
            if (last != null && last < 0) {
                throw Wire.invalid("\"last\" is not the place of a receipt", "Give a number from 0.", List.of());
            }
            if (reason != null && (reason.isBlank() || reason.length() > LONGEST)) {
                throw Wire.invalid("\"reason\" is empty or too long", "Say why, in 500 characters at most.", List.of());
            }
        }
    }

    record BreakBody(String chain, long reached, long last) {
        static BreakBody of(Break accepted) {
            return new BreakBody(accepted.chain(), accepted.reached(), accepted.last());
        }
    }
}
