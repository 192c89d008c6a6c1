package io.maestro.rest;

import io.maestro.api.policy.Outcome;
import io.maestro.api.policy.Simulation.Candidate;
import io.maestro.api.policy.Simulation.Change;
import io.maestro.api.policy.Simulation.Simulated;
import io.maestro.model.Json;
import io.maestro.model.Violation;
import io.maestro.rest.DecisionBodies.ReasonBody;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Simulations as they cross the wire. */
final class SimulationBodies {
    private static final int USUAL_LAST = 1_000;

    private SimulationBodies() {}

    /**
     * What to try.
     *
     * @param pack which pack the candidate would replace; maestro, or for a tenant candidate, when left out
     * @param bundle the candidate as a bundle, in Base64
     * @param modules the candidate as source text by file name
     * @param modes modes that rules shall have
     * @param inputs what to ask; when left out, what was asked last
     * @param last how many of the last decisions to ask again; 1000 when left out
     */
    @Schema(example = "{\"modes\":{\"rules\":{\"R-REGION\":\"enforce\"}},\"last\":1000}")
    record NewSimulation(
            @Nullable String pack,
            @Nullable String bundle,
            @Nullable Map<String, String> modules,
            @Nullable Json modes,
            @Nullable List<Json> inputs,
            @Nullable Integer last) {
        Candidate candidate(String usualPack) {
            return new Candidate(
                    pack == null ? usualPack : pack,
                    bundle == null ? new byte[0] : bytes(bundle),
                    modules == null ? Map.of() : modules,
                    modes,
                    inputs == null ? List.of() : inputs,
                    last == null ? USUAL_LAST : last);
        }

        private static byte[] bytes(String bundle) {
            try {
                return Base64.getDecoder().decode(bundle);
            } catch (IllegalArgumentException e) {
                throw Wire.invalid(
                        "the bundle is not Base64",
                        "Encode the bytes of the .tar.gz file.",
                        List.of(new Violation("/bundle", "is not Base64")));
            }
        }
    }

    /**
     * What came out.
     *
     * @param changed how many are decided otherwise
     * @param changes the first 500 of them
     * @param answers of the candidate, to each question in turn
     */
    record SimulationBody(
            int asked, Map<String, Integer> outcomes, int changed, List<ChangeBody> changes, List<Outcome> answers) {
        static SimulationBody of(Simulated simulated) {
            Map<String, Integer> outcomes = new TreeMap<>();
            simulated.outcomes().forEach((outcome, times) -> outcomes.put(Wire.word(outcome), times));
            return new SimulationBody(
                    simulated.asked(),
                    outcomes,
                    simulated.changed(),
                    simulated.changes().stream().map(ChangeBody::of).toList(),
                    simulated.answers());
        }
    }

    record ChangeBody(
            @Nullable String decisionId,
            int index,
            String entryPoint,
            Outcome before,
            Outcome after,
            List<ReasonBody> reasons) {
        static ChangeBody of(Change change) {
            return new ChangeBody(
                    change.decision() == null ? null : change.decision().toString(),
                    change.index(),
                    change.entryPoint().path(),
                    change.before(),
                    change.after(),
                    change.reasons().stream().map(ReasonBody::of).toList());
        }
    }
}
