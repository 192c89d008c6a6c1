package io.maestro.api.adapters;

import io.maestro.api.adapters.Instances.Observed;
import io.maestro.api.adapters.Instances.Wanted;
import io.maestro.model.DefinitionId;
import io.maestro.model.InstanceId;
import io.maestro.model.Json;
import io.maestro.model.Scope;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;

/** Why an instance is not as it should be, and what to do about it. */
@ProviderType
public interface Explanations {
    /**
     * Explains how the instance stands on this node. Looks at its row, its adapter, its key and its artifact, and asks a
     * running one for its health, for at most two seconds. Changes nothing. Blocks on the database and on files; any thread.
     *
     * @throws io.maestro.model.ProblemException {@link AdapterProblem#INSTANCE_UNKNOWN}
     */
    Explanation why(Scope scope, InstanceId instance);

    /**
     * How an instance stands.
     *
     * @param observed what it does on this node
     * @param causes why it is not as it should be, the first that has to be mended first; empty when nothing is wrong
     */
    record Explanation(
            Scope scope,
            InstanceId instance,
            DefinitionId definition,
            Wanted wanted,
            Observed observed,
            List<Cause> causes) {
        /** Copies the list. */
        public Explanation {
            causes = List.copyOf(causes);
        }
    }

    /**
     * One reason.
     *
     * @param code which kind
     * @param sentence for people, without secrets and without filter expressions
     * @param evidence what was measured, as an object; its members depend on the code
     * @param remedy what to do first
     */
    record Cause(CauseCode code, String sentence, Json evidence, Remedy remedy) {}

    /**
     * An act that mends it or leads on.
     *
     * @param description what it does, one sentence
     * @param method of the request
     * @param path of the request
     * @param body of the request; null when it has none, or only whoever sends it knows it
     * @param cli the same as a command
     */
    record Remedy(
            String description,
            String method,
            String path,
            @Nullable Json body,
            String cli) {}
}
