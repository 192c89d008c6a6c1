package io.maestro.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.maestro.rego.Capabilities;
import io.maestro.rego.Policy;
import io.maestro.rego.Question;
import io.maestro.rego.Rego;
import io.maestro.rego.error.RegoException;
import io.maestro.rego.value.Json;
import io.maestro.rego.value.Value;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Asks policies on this machine. */
final class PolicyEvaluation {
    /** Takes the value of a query that is an expression; a variable that nobody would write. */
    private static final String VALUE = "value_of_the_query__";

    private static final int SHOWN_COSTS = 20;
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private final Session session;

    PolicyEvaluation(Session session) {
        this.session = session;
    }

    /**
     * What is asked.
     *
     * @param query in Rego
     * @param input a file, or {@code -}; null for none
     * @param strict whether an error of a built-in function is one, and not undefined
     */
    record Asked(
            List<Path> data, String query, @Nullable String input, boolean explain, boolean profile, boolean strict) {}

    /** The document of an entry point, as a query: {@code adapter/install} is {@code data.maestro.adapter.install}. */
    static String entryPoint(String name) {
        StringBuilder query = new StringBuilder("data.maestro");
        for (String part : name.split("/", -1)) {
            if (!part.matches("[A-Za-z_][A-Za-z0-9_-]*")) {
                throw Failure.usage(
                        "\"" + Output.clean(name) + "\" is no entry point", "Write it as in adapter/install.");
            }
            query.append("[\"").append(part).append("\"]");
        }
        return query.toString();
    }

    int run(Asked asked) throws IOException {
        PolicySources sources = PolicySources.read(asked.data());
        Policy policy = compiled(sources);
        Question question = Question.at(Instant.now()).withData(sources.data()).withInput(input(asked.input()));
        PolicyTrace trace = new PolicyTrace();
        List<Map<String, Value>> answers;
        try {
            answers = query(policy.observable(), asked.query())
                    .answers(asked.strict() ? question.strictly() : question, trace);
        } catch (RegoException e) {
            tell(asked, trace, sources);
            throw PolicyFailures.unanswered(e);
        }
        if (session.json()) {
            ObjectNode json = json(answers);
            trace.printed().forEach(json.putArray("printed")::add);
            if (asked.explain()) {
                trace.lines().forEach(json.putArray("trace")::add);
            }
            if (asked.profile()) {
                json.set("profile", trace.profile());
            }
            session.output().document(json);
        } else {
            show(answers);
            tell(asked, trace, sources);
        }
        return answers.isEmpty() ? Exit.REFUSED : Exit.OK;
    }

    private static Policy compiled(PolicySources sources) {
        try {
            return Rego.compile(sources.modules(), Capabilities.standard());
        } catch (RegoException e) {
            throw PolicyFailures.wrong(e);
        }
    }

    /** An expression is asked for its value; what is none, as {@code some x in y}, for its variables. */
    private static Policy.Query query(Policy policy, String text) {
        Policy.Query plain;
        try {
            plain = policy.query(text);
        } catch (RegoException e) {
            throw PolicyFailures.query(e);
        }
        try {
            return policy.query(VALUE + " := " + text);
        } catch (RegoException e) {
            return plain;
        }
    }

    private @Nullable Value input(@Nullable String source) throws IOException {
        if (source == null) {
            return null;
        }
        if (!source.equals("-")) {
            return PolicySources.document(Path.of(source));
        }
        try {
            return Json.read(new String(session.terminal().in().readAllBytes(), UTF_8));
        } catch (IllegalArgumentException e) {
            throw Failure.usage("standard input: " + e.getMessage(), "Check quotes, commas and braces.");
        }
    }

    private static ObjectNode json(List<Map<String, Value>> answers) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        ArrayNode result = json.putArray("result");
        for (Map<String, Value> answer : answers) {
            ObjectNode item = result.addObject();
            Map<String, Value> bindings = new TreeMap<>(answer);
            Value value = bindings.remove(VALUE);
            if (value != null) {
                item.set("value", json(value));
            }
            ObjectNode named = JsonNodeFactory.instance.objectNode();
            bindings.forEach((name, bound) -> named.set(name, json(bound)));
            if (!named.isEmpty()) {
                item.set("bindings", named);
            }
        }
        return json;
    }

    private void show(List<Map<String, Value>> answers) {
        if (answers.isEmpty()) {
            session.terminal().out().println("undefined");
        }
        for (JsonNode answer : json(answers).path("result")) {
            List<String> lines = new ArrayList<>();
            if (answer.has("value")) {
                lines.add(answer.path("value").toPrettyString());
            }
            answer.path("bindings")
                    .properties()
                    .forEach(bound ->
                            lines.add(bound.getKey() + " = " + bound.getValue().toPrettyString()));
            (lines.isEmpty() ? List.of("true") : lines)
                    .forEach(line -> session.terminal().out().println(line));
        }
    }

    private static JsonNode json(Value value) {
        try {
            return JSON.readTree(value.json());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("no JSON from a value", e);
        }
    }

    /** What people want to know beside the answer. */
    private void tell(Asked asked, PolicyTrace trace, PolicySources sources) {
        if (session.json()) {
            return;
        }
        Output output = session.output();
        trace.printed().forEach(line -> output.note("print " + line));
        if (asked.explain()) {
            PolicyTrace.annotated(trace.lines(), sources.modules()).forEach(output::note);
        }
        if (asked.profile()) {
            output.table(
                    PolicyTrace.list(trace.profile(), SHOWN_COSTS),
                    Output.Column.of("MICROSECONDS", "/micros"),
                    Output.Column.of("TIMES", "/times"),
                    Output.Column.of("AT", "/at"));
        }
    }
}
