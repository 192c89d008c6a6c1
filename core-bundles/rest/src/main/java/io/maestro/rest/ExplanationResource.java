package io.maestro.rest;

import io.maestro.api.adapters.Explanations;
import io.maestro.api.adapters.Explanations.Cause;
import io.maestro.api.adapters.Explanations.Explanation;
import io.maestro.api.adapters.Explanations.Remedy;
import io.maestro.api.adapters.Instances.Observed;
import io.maestro.api.adapters.Instances.Wanted;
import io.maestro.api.identity.Action;
import io.maestro.model.InstanceId;
import io.maestro.model.Json;
import io.maestro.model.Scope;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Why an instance is not as it should be. */
@Path("/tenants/{tenant}/environments/{environment}/instances/{instance}/why")
@Produces(MediaType.APPLICATION_JSON)
public final class ExplanationResource {
    private final Explanations explanations;

    ExplanationResource(Explanations explanations) {
        this.explanations = explanations;
    }

    /** Explains an instance. */
    @GET
    @Allows(Action.TENANT_READ)
    @Operation(
            operationId = "explainInstance",
            summary = "Says why an instance does not run as it should, with evidence and what to do about it",
            description =
                    "The causes are in the order in which they have to be mended; there is none when nothing is wrong. A"
                            + " running instance is asked for its health, for at most two seconds.")
    @Answers(WhyBody.class)
    public Object why(
            @PathParam("tenant") String tenant,
            @PathParam("environment") String environment,
            @PathParam("instance") String instance) {
        return WhyBody.of(explanations.why(Scope.of(tenant, environment), new InstanceId(instance)));
    }

    record WhyBody(
            String tenant,
            String environment,
            String instance,
            String adapter,
            Wanted wanted,
            Observed observed,
            List<CauseBody> causes) {
        static WhyBody of(Explanation explanation) {
            return new WhyBody(
                    explanation.scope().tenant().value(),
                    explanation.scope().environment().value(),
                    explanation.instance().value(),
                    explanation.definition().toString(),
                    explanation.wanted(),
                    explanation.observed(),
                    explanation.causes().stream().map(CauseBody::of).toList());
        }
    }

    record CauseBody(
            @Schema(description = "One of docs/reference/why.md.")
            String code,

            String sentence,

            @Schema(description = "What was measured; an object.")
            Json evidence,

            RemedyBody remedy) {
        static CauseBody of(Cause cause) {
            return new CauseBody(
                    cause.code().code(), cause.sentence(), cause.evidence(), RemedyBody.of(cause.remedy()));
        }
    }

    record RemedyBody(
            String description,
            String method,
            String path,
            @Nullable Json body,
            String cli) {
        static RemedyBody of(Remedy remedy) {
            return new RemedyBody(remedy.description(), remedy.method(), remedy.path(), remedy.body(), remedy.cli());
        }
    }
}
