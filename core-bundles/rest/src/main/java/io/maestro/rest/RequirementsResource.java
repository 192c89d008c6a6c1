package io.maestro.rest;

import io.maestro.api.adapters.Finding;
import io.maestro.api.adapters.Registry;
import io.maestro.api.adapters.Requirement;
import io.maestro.api.identity.Action;
import io.maestro.model.AdapterName;
import io.maestro.model.InstanceId;
import io.maestro.model.OperationName;
import io.maestro.model.Scope;
import io.maestro.model.TypeName;
import io.maestro.model.Violation;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Checks what somebody wants against what a scope has. */
@Path("/tenants/{tenant}/environments/{environment}/requirements:validate")
@Produces(MediaType.APPLICATION_JSON)
public final class RequirementsResource {
    private static final int MOST_OPERATIONS = 100;

    private final Registry registry;

    RequirementsResource(Registry registry) {
        this.registry = registry;
    }

    /** Checks; changes nothing. */
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Allows(Action.TENANT_READ)
    @ChangesNothing
    @Operation(
            operationId = "validateRequirements",
            summary = "Checks which wanted adapters a scope has, with a fix for each that it has not",
            description = "Changes nothing. The answer has one finding for each requirement, in the same order.")
    @Answers(RequirementsBody.class)
    public Object check(
            @PathParam("tenant") String tenant, @PathParam("environment") String environment, NewCheck wanted) {
        List<Requirement> requirements = new ArrayList<>();
        for (int i = 0; i < wanted.requirements().size(); i++) {
            requirements.add(wanted.requirements().get(i).requirement("/requirements/" + i));
        }
        List<Finding> findings = registry.check(Scope.of(tenant, environment), requirements);
        return new RequirementsBody(
                findings.stream().allMatch(finding -> finding instanceof Finding.Satisfied),
                findings.stream().map(FindingBody::of).toList());
    }

    @Schema(
            example = "{\"requirements\":[{\"type\":\"storage\",\"adapter\":\"storage-s3\",\"versionRange\":\"^1.0.0\","
                    + "\"operations\":[\"put_object\"]}]}")
    record NewCheck(List<NewRequirement> requirements) {
        NewCheck {
            Wire.required("/requirements", requirements);
            if (requirements.size() > Registry.MOST_REQUIREMENTS) {
                throw Wire.invalid(
                        "these are " + requirements.size() + " requirements",
                        "Check at most " + Registry.MOST_REQUIREMENTS + " at a time.",
                        List.of(new Violation("/requirements", "is too long")));
            }
            for (int i = 0; i < requirements.size(); i++) {
                Wire.required("/requirements/" + i, requirements.get(i));
            }
        }
    }

    record NewRequirement(
            String type,
            @Nullable String adapter,
            @Nullable String versionRange,
            @Nullable String contractVersion,
            @Nullable List<String> operations,
            @Nullable String instance) {

        Requirement requirement(String pointer) {
            Wire.required(pointer + "/type", type);
            List<OperationName> named = new ArrayList<>();
            List<String> wanted = operations == null ? List.of() : operations;
            if (wanted.size() > MOST_OPERATIONS) {
                throw Wire.invalid(
                        "these are " + wanted.size() + " operations",
                        "Name at most " + MOST_OPERATIONS + ".",
                        List.of(new Violation(pointer + "/operations", "is too long")));
            }
            for (int i = 0; i < wanted.size(); i++) {
                named.add(new OperationName(Wire.required(pointer + "/operations/" + i, wanted.get(i))));
            }
            return new Requirement(
                    new TypeName(type),
                    Query.of(adapter, AdapterName::new),
                    versionRange,
                    contractVersion,
                    named,
                    Query.of(instance, InstanceId::new));
        }
    }

    record RequirementsBody(boolean satisfied, List<FindingBody> findings) {}

    record FindingBody(
            boolean satisfied,
            @Nullable String instance,
            @Nullable String adapter,
            @Nullable ProblemBody problem) {
        static FindingBody of(Finding finding) {
            return switch (finding) {
                case Finding.Satisfied satisfied ->
                    new FindingBody(
                            true,
                            satisfied.instance().value(),
                            satisfied.definition().toString(),
                            null);
                case Finding.Missed missed -> new FindingBody(false, null, null, ProblemBody.within(missed.problem()));
            };
        }
    }
}
