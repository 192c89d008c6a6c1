package io.maestro.rest;

import io.maestro.api.adapters.Leaks;
import io.maestro.api.adapters.Leaks.Holder;
import io.maestro.api.adapters.Leaks.Kind;
import io.maestro.api.adapters.Leaks.Leak;
import io.maestro.api.adapters.Leaks.State;
import io.maestro.api.identity.Action;
import io.maestro.model.DefinitionId;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What adapters left behind on this node. */
@Path("/leaks")
@Produces(MediaType.APPLICATION_JSON)
public final class LeaksResource {
    private final Leaks leaks;

    LeaksResource(Leaks leaks) {
        this.leaks = leaks;
    }

    /** Lists what stays in memory. */
    @GET
    @Allows(Action.PLATFORM_AUDIT)
    @Operation(
            operationId = "listLeaks",
            summary = "Lists the adapters that were taken out of this node and whose classes stay in memory",
            description =
                    "Each with what holds them, and the rule for partners that it breaks. While the node waits for a"
                            + " collection, a line is waiting; then it goes, or is held.")
    @Answers(value = LeakBody.class, list = true)
    public Object list(@QueryParam("adapter") @Nullable String adapter) {
        List<Leak> found = adapter == null ? leaks.leaks() : leaks.leaks(DefinitionId.parse(adapter));
        return new ListBody<>(found.stream().map(LeakBody::of).toList(), null);
    }

    record LeakBody(
            String adapter,
            State state,
            Instant removedAt,
            Instant searchedAt,

            @Schema(description = "Empty while it is waited for.")
            List<HolderBody> holders) {
        static LeakBody of(Leak leak) {
            return new LeakBody(
                    leak.definition().toString(),
                    leak.state(),
                    leak.removedAt(),
                    leak.searchedAt(),
                    leak.holders().stream().map(HolderBody::of).toList());
        }
    }

    record HolderBody(Kind kind, String name, String way, String rule, String ruleText) {
        static HolderBody of(Holder holder) {
            return new HolderBody(
                    holder.kind(),
                    holder.name(),
                    holder.way(),
                    holder.rule().name().toLowerCase(Locale.ROOT).replace('_', '-'),
                    holder.rule().sentence());
        }
    }
}
