package io.maestro.adapters;

import com.fasterxml.jackson.databind.JsonNode;
import io.maestro.api.adapters.CauseCode;
import io.maestro.model.Json;
import io.maestro.model.Problem;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What lies behind a problem, for programs: it rides along with the problem as its member {@value #MEMBER}.
 *
 * @param code which kind of cause
 * @param facts what was measured, an object
 */
record Evidence(CauseCode code, Json facts) {
    static final String MEMBER = "cause";

    /** The facts by name; as {@link Json#object} takes them. */
    static Evidence of(CauseCode code, Map<String, ?> facts) {
        return new Evidence(code, Json.object(facts));
    }

    static Evidence of(CauseCode code) {
        return new Evidence(code, Json.EMPTY_OBJECT);
    }

    /** The problem with this behind it, and what it tells programs besides. */
    Problem behind(Problem problem) {
        Map<String, Json> members = new HashMap<>(problem.members());
        members.put(MEMBER, Json.object(Map.of("code", code.code(), "evidence", facts)));
        return problem.with(members);
    }

    /** What lies behind the problem; empty when it was not said. */
    static Optional<Evidence> of(Problem problem) {
        Json member = problem.members().get(MEMBER);
        if (member == null) {
            return Optional.empty();
        }
        JsonNode tree = Documents.tree(member.text());
        return Arrays.stream(CauseCode.values())
                .filter(code -> code.code().equals(tree.path("code").asText()))
                .findFirst()
                .map(code -> new Evidence(code, new Json(tree.path("evidence").toString())));
    }
}
