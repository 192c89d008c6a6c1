package io.maestro.rego;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.maestro.rego.error.ErrorCode;
import io.maestro.rego.error.RegoException;
import io.maestro.rego.limit.Budget;
import io.maestro.rego.value.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which definitions are tried does not show in an answer, only in what it costs. */
class IndexTest {
    private static final String POLICY = """
            package p

            denials contains "install" if {
                input.act == "install"
                input.risk == "high"
            }

            denials contains "install or upgrade" if {
                act := input.act
                act in {"install", "upgrade"}
            }

            denials contains "one" if 1 == input.act

            denials contains "null" if input.act == null

            denials contains "never" if {
                input.act == "install"
                input.act == "upgrade"
            }

            denials contains "nested" if input.adapter.kind = "storage"

            denials contains "list" if input.act == ["install"]

            denials contains "always"

            denials contains "not install" if not input.act == "install"

            level(kind, _) := 1 if kind == "storage"

            level("identity", _) := 2

            level(kind, n) := 3 if {
                kind == "queue"
                n > 1
            } else := 4 if kind == "topic"

            level("queue", 1) := 5

            level(kind, _) := 1 if kind == "storage" else := 6 if kind.deep == "x"

            levels := [level(kind, n) | some kind in [input.adapter.kind, "queue", "topic"]; some n in [1, 2]]

            mode := "enforce" if input.mode in ["enforce", "strict"]

            mode := "warn" if input.mode == "warn"

            mode := "shadow" if input.mode == "shadow"

            default mode := "off"

            replaced := x if x := denials with input.act as "upgrade" with input.risk as "low"

            rows[act] := n if {
                act := input.act
                n := 1
                act == "install"
            }

            rows.upgrade := 2 if input.act == "upgrade"

            rows.install := 1 if input.act == "install"
            """;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"act\": \"install\"}",
                "{\"act\": \"install\", \"risk\": \"high\", \"adapter\": {\"kind\": \"storage\"}}",
                "{\"act\": \"upgrade\", \"mode\": \"strict\", \"adapter\": {\"kind\": \"identity\"}}",
                "{\"act\": 1.0, \"mode\": \"warn\", \"adapter\": {\"kind\": \"queue\"}}",
                "{\"act\": null, \"mode\": \"shadow\", \"adapter\": {\"kind\": {\"deep\": \"x\"}}}",
                "{\"act\": [\"install\"], \"adapter\": \"none\"}",
                "{\"act\": {\"install\": true}, \"mode\": 7}",
                "[\"install\"]",
                "\"install\""
            })
    void answersAreThoseOfTryingEachDefinition(String input) {
        Policy policy = Rego.compile(Map.of("p.rego", POLICY), Capabilities.standard());
        Question question = Question.at(Instant.EPOCH).withInput(Json.read(input));

        assertThat(outcome(policy, question))
                .isEqualTo(outcome(policy.withoutIndex(), question))
                .isEqualTo(outcome(policy.observable(), question));
    }

    private static String outcome(Policy policy, Question question) {
        try {
            return String.valueOf(policy.evaluate(List.of("p"), question));
        } catch (RegoException e) {
            return e.code().code();
        }
    }

    @Test
    void undefinedInputLeavesWhatDemandsNothing() {
        Policy policy = Rego.compile(Map.of("p.rego", POLICY), Capabilities.standard());

        assertThat(policy.evaluate(List.of("p", "denials"), Question.at(Instant.EPOCH)))
                .hasToString("{\"always\", \"not install\"}");
    }

    @Test
    void replacedFunctionsAreAskedAndNotTheIndex() {
        Policy policy = Rego.compile(Map.of("p.rego", """
                        package p

                        grade("a") := 1

                        grade("b") := 2

                        grade("c") := 3

                        other(_) := 9

                        x := z if z := [grade("a"), grade("d")] with grade as other

                        y := [n | some k in ["a", "b", "c", "d"]; n := grade(k)]
                        """), Capabilities.standard());

        assertThat(policy.evaluate(List.of("p"), Question.at(Instant.EPOCH)))
                .hasToString("{\"x\": [9, 9], \"y\": [1, 2, 3]}");
    }

    @Test
    void conflictsAreFound() {
        Policy policy = Rego.compile(Map.of("p.rego", """
                        package p

                        x := 1 if input.a == "a"

                        x := 2 if input.a in {"a", "b"}

                        x := 3 if input.a == "c"
                        """), Capabilities.standard());
        Question question = Question.at(Instant.EPOCH);

        assertThat(catchThrowableOfType(
                                RegoException.class,
                                () -> policy.evaluate(
                                        List.of("p", "x"), question.withInput(Json.read("{\"a\": \"a\"}"))))
                        .code())
                .isEqualTo(ErrorCode.CONFLICT);
        assertThat(policy.evaluate(List.of("p", "x"), question.withInput(Json.read("{\"a\": \"b\"}"))))
                .hasToString("2");
    }

    @Test
    void aRuleAmongThousandsIsFoundWithoutTryingEach() {
        String rules = IntStream.range(0, 3_000)
                .mapToObj(n -> "denials contains " + n + " if {\n input.act == \"act" + n + "\"\n input.kind == \"kind"
                        + n % 7 + "\"\n}\n")
                .collect(Collectors.joining("\n", "package p\n", ""));
        Policy policy = Rego.compile(Map.of("p.rego", rules), Capabilities.standard());
        Question question = Question.at(Instant.EPOCH)
                .withInput(Json.read("{\"act\": \"act1234\", \"kind\": \"kind2\"}"))
                .withBudget(new Budget(20, 20, 100, Duration.ofMinutes(1)));

        assertThat(policy.evaluate(List.of("p", "denials"), question)).hasToString("{1234}");
        assertThat(catchThrowableOfType(
                                RegoException.class,
                                () -> policy.withoutIndex().evaluate(List.of("p", "denials"), question))
                        .code())
                .isEqualTo(ErrorCode.LIMIT);
    }

    @Test
    void patternsOfThePolicyAreCompiledWithIt() {
        Policy policy = Rego.compile(Map.of("p.rego", """
                        package p

                        x := regex.match(`^a{1,60}$`, "aaa")

                        y := glob.match("*.b.*", ["."], "a.b.c")

                        z := regex.match(input.pattern, "aaa")

                        broken := regex.match(`(`, "a")
                        """), Capabilities.standard());
        Question question = Question.at(Instant.EPOCH).withInput(Json.read("{\"pattern\": \"^a{1,60}$\"}"));
        Budget small = new Budget(40, 40, 100, Duration.ofMinutes(1));

        assertThat(policy.evaluate(List.of("p"), question)).hasToString("{\"x\": true, \"y\": true, \"z\": true}");
        assertThat(policy.evaluate(List.of("p", "x"), question.withBudget(small)))
                .as("what is compiled with the policy costs the question nothing")
                .hasToString("true");
        assertThat(catchThrowableOfType(
                                RegoException.class, () -> policy.evaluate(List.of("p", "broken"), question.strictly()))
                        .code())
                .isEqualTo(ErrorCode.BUILTIN);
    }
}
