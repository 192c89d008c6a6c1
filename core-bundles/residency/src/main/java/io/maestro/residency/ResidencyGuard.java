package io.maestro.residency;

import io.maestro.api.adapters.AdapterProblem;
import io.maestro.api.identity.Oversteps;
import io.maestro.api.identity.Rule;
import io.maestro.api.policy.Decision;
import io.maestro.api.policy.EntryPoint;
import io.maestro.api.policy.Governance;
import io.maestro.api.policy.PolicyInput;
import io.maestro.api.policy.PolicyInput.Content;
import io.maestro.api.policy.PolicyProblem;
import io.maestro.api.residency.ResidencyProblem;
import io.maestro.model.Digest;
import io.maestro.model.InstanceId;
import io.maestro.model.Json;
import io.maestro.model.Problem;
import io.maestro.model.ProblemException;
import java.lang.System.Logger.Level;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Asks before something is kept somewhere: the policy, and then once more by itself whether the storage says that it is where the
 * data must stay, whatever packs and modes make of that. What is denied leaves a row of the report and a security event.
 */
final class ResidencyGuard {
    private static final System.Logger LOG = System.getLogger(ResidencyGuard.class.getName());
    private static final Set<String> DENIALS =
            Set.of(PolicyProblem.POLICY_DENIED.code(), PolicyProblem.POLICY_UNAVAILABLE.code());

    private final Governance governance;
    private final JooqDenials denials;
    private final Oversteps oversteps;

    ResidencyGuard(Governance governance, JooqDenials denials, Oversteps oversteps) {
        this.governance = governance;
        this.denials = denials;
        this.oversteps = oversteps;
    }

    /**
     * Returns the policy's decision when it may be kept there.
     *
     * @throws ProblemException what the policy says, or {@link ResidencyProblem#DATA_REGION_MISMATCH}
     */
    Decision require(Asked asked, Backend backend) {
        Decision decision;
        try {
            decision = governance.require(question(asked, backend));
        } catch (ProblemException e) {
            if (DENIALS.contains(e.problem().code())) {
                denied(asked, backend, id(e.problem().members().get("decisionId")), e.problem());
            }
            throw e;
        }
        Optional<Problem> mismatch = mismatch(asked, backend, decision);
        if (mismatch.isPresent()) {
            denied(asked, backend, decision.id(), mismatch.get());
            throw mismatch.get().asException();
        }
        return decision;
    }

    private static Optional<Problem> mismatch(Asked asked, Backend backend, Decision decision) {
        String place = asked.what() + " must stay in " + asked.region() + ", and the instance \""
                + backend.instance().id();
        Optional<Problem> mismatch = switch (backend.reported()) {
            case Reported.In(String region)
            when !region.equals(asked.region().value()) ->
                Optional.of(Problem.of(
                        ResidencyProblem.DATA_REGION_MISMATCH,
                        place + "\" keeps its data in " + region,
                        "Lead the route of that region to an instance that is there."));
            case Reported.Withheld _ ->
                Optional.of(Problem.of(
                        ResidencyProblem.DATA_REGION_MISMATCH,
                        place + "\" does not say where it keeps its data: its region is not configured, and its"
                                + " adapter has one of its own choice",
                        "Set the region in the configuration of the instance."));
            case Reported.In _, Reported.Nothing _ -> Optional.empty();
        };
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("dataRegion", asked.region());
        backend.reported().region().ifPresent(region -> facts.put("region", region));
        return mismatch.map(found ->
                found.with(Map.of("decisionId", new Json("\"" + decision.id() + "\""), "facts", Json.object(facts))));
    }

    private static PolicyInput question(Asked asked, Backend backend) {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("region", asked.region());
        if (asked.kind() != null) {
            data.put("kind", asked.kind());
        }
        if (asked.from() != null) {
            data.put("sourceRegion", asked.from());
        }
        if (backend.reported() instanceof Reported.Nothing) {
            // apart from what is configured: a policy may think less of it
            data.put("declaredRegion", asked.region());
        }
        return PolicyInput.in(
                        asked.scope(),
                        EntryPoint.DATA_RESIDENCY,
                        asked.action(),
                        asked.actor(),
                        "adapter-instance",
                        backend.instance().id(),
                        Map.of(
                                "adapter", Documents.facts(backend.definition()),
                                "configuration",
                                        Documents.plain(backend.instance().configuration(), backend.reported()),
                                "data", Json.object(data)))
                .of(() -> content(asked, backend.instance().id()));
    }

    /** What an approval is for: these bytes under this key, in this region, at this instance. */
    private static Content content(Asked asked, InstanceId instance) {
        if (asked.key() != null && asked.digest() == null) {
            throw Problem.of(
                            AdapterProblem.CONTENT_DIGEST_REQUIRED,
                            "a second person has to approve this content, and the request does not say what it is",
                            "Send the header Content-Digest: sha-256=:BASE64:, with the SHA-256 of the content.")
                    .asException();
        }
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("data", asked.what());
        shown.put("region", asked.region());
        shown.put("instance", instance);
        if (asked.from() != null) {
            shown.put("sourceRegion", asked.from());
        }
        if (asked.digest() != null) {
            shown.put("digest", asked.digest());
        }
        Json all = Json.object(shown);
        return new Content(Digest.sha256(asked.action() + "\n" + all.text()), all);
    }

    /** Takes a denial down. Never fails: it stands, whether it can be written down or not. */
    private void denied(Asked asked, Backend backend, @Nullable UUID decision, Problem problem) {
        try {
            denials.add(asked, backend, decision, problem);
        } catch (RuntimeException e) {
            LOG.log(
                    Level.ERROR,
                    "cannot write down that " + asked.actor() + " was denied " + asked.action() + ", "
                            + asked.actor().correlationId(),
                    e);
        }
        oversteps.refused(
                Rule.RESIDENCY,
                asked.scope(),
                asked.actor(),
                asked.action() + " " + asked.what() + " of " + asked.region() + " to "
                        + backend.instance().id());
    }

    private static @Nullable UUID id(@Nullable Json text) {
        try {
            return text == null ? null : UUID.fromString(text.text().replace("\"", ""));
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
