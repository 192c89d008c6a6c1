package io.maestro.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.maestro.rego.error.Location;
import io.maestro.rego.error.RegoError;
import io.maestro.rego.error.RegoException;
import java.util.List;

/** What is wrong with a policy, as other commands say what is wrong. */
final class PolicyFailures {
    private PolicyFailures() {}

    /** Of a policy that cannot be compiled. */
    static Failure wrong(RegoException e) {
        return failure(
                Exit.REFUSED,
                "cli-policy-wrong",
                "The policy cannot be compiled",
                counted(e.errors().size(), "error"),
                "Mend the lines that are named, then run maestro policy check.",
                e.errors());
    }

    /** Of a query that cannot be compiled. */
    static Failure query(RegoException e) {
        return failure(
                Exit.USAGE,
                "cli-usage",
                "The query cannot be compiled",
                counted(e.errors().size(), "error"),
                "Write it as in Rego, for example data.maestro.adapter.install.allow.",
                e.errors());
    }

    /** Of a question that the policy has no answer to. */
    static Failure unanswered(RegoException e) {
        return failure(
                Exit.REFUSED,
                "cli-policy-unanswered",
                "The policy gives no answer",
                "the evaluation ended with an error, which a server takes for a refusal",
                "Mend the line that is named, or ask with another input.",
                e.errors());
    }

    static String counted(long number, String noun) {
        return number + " " + noun + (number == 1 ? "" : "s");
    }

    /** An error as the original's tools write it. */
    static ObjectNode json(RegoError error) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("message", error.message());
        json.put("code", error.code().code());
        if (!error.location().equals(Location.NONE)) {
            json.set("location", json(error.location()));
        }
        return json;
    }

    static ObjectNode json(Location at) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("file", at.file())
                .put("row", at.row())
                .put("col", at.column());
    }

    private static Failure failure(
            int exit, String code, String title, String detail, String fix, List<RegoError> errors) {
        ObjectNode problem = Failure.local(code, title, detail, fix);
        errors.forEach(error -> problem.withArray("violations")
                .addObject()
                .put("pointer", error.location().toString())
                .put("detail", error.message()));
        return Failure.of(exit, problem);
    }
}
