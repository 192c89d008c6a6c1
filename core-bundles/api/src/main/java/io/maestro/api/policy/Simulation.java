package io.maestro.api.policy;

import io.maestro.model.Json;
import io.maestro.model.TenantId;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;

/** Asks other policies than the active ones. Changes nothing, and records nothing. Blocks on the database; any thread. */
@ProviderType
public interface Simulation {
    /**
     * Decides again.
     *
     * @param tenant whose pack the candidate is, and whose decisions are looked at; null for the installation and all
     * @throws io.maestro.model.ProblemException {@link PolicyProblem#POLICY_PACK_REFUSED}
     */
    Simulated simulate(@Nullable TenantId tenant, Candidate candidate);

    /**
     * What is to be tried.
     *
     * @param pack which pack it would replace
     * @param bundle as it would be uploaded, signed or not; empty for one that is given by its files, or for the active ones
     * @param modules source text by file name; empty for one that is given as a bundle, or for the active ones
     * @param modes modes that rules shall have, as in {@link PolicySettings#modes}; null for those they have
     * @param inputs what is asked, as documents; empty to ask what was asked last
     * @param last how many of the recorded decisions are asked again when there are no inputs
     */
    @SuppressWarnings("ArrayRecordComponent") // handed over, not shared
    record Candidate(
            String pack,
            byte[] bundle,
            Map<String, String> modules,
            @Nullable Json modes,
            List<Json> inputs,
            int last) {
        /** Copies map and list. */
        public Candidate {
            modules = Map.copyOf(modules);
            inputs = List.copyOf(inputs);
        }
    }

    /**
     * What came out.
     *
     * @param asked how many questions
     * @param outcomes how often each outcome came
     * @param changes those that are decided otherwise than now, or than they were; the first 500
     * @param changed how many there are of them
     * @param answers of the candidate, to each question in turn
     */
    record Simulated(
            int asked, Map<Outcome, Integer> outcomes, List<Change> changes, int changed, List<Outcome> answers) {
        /** Copies map and lists. */
        public Simulated {
            answers = List.copyOf(answers);
            outcomes = Map.copyOf(outcomes);
            changes = List.copyOf(changes);
        }
    }

    /**
     * One that changes.
     *
     * @param decision the recorded one; null for an input that was given
     * @param index the place of the input among those given, or of the decision among the last
     * @param before by the active packs, or as recorded
     * @param reasons of the candidate
     */
    record Change(
            @Nullable UUID decision,
            int index,
            EntryPoint entryPoint,
            Outcome before,
            Outcome after,
            List<Reason> reasons) {
        /** Copies the list. */
        public Change {
            reasons = List.copyOf(reasons);
        }
    }
}
