package io.maestro.rego;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.maestro.rego.error.ErrorCode;
import io.maestro.rego.error.RegoException;
import io.maestro.rego.value.Json;
import io.maestro.rego.value.ObjectValue;
import io.maestro.rego.value.Value;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EvaluationTest {
    private static final ObjectValue DATA = (ObjectValue) Json.read(
            "{\"users\": [{\"name\": \"ann\", \"roles\": [\"a\", \"b\"]}, {\"name\": \"bob\", \"roles\": []}]}");

    /** Each line: the rules of a package, each on a line of its own where the sign stands, and what {@code x} is; {@code undefined} where it is nothing. */
    @ParameterizedTest
    @CsvSource(delimiter = '~', quoteCharacter = '\'', textBlock = """
            x := 1 + 2 * 3                                                   ~ 7
            x := 0.1 + 0.2                                                   ~ 0.3
            x := 1 / 3                                                       ~ 0.33333333333333333334
            x := 9223372036854775807 + 1                                     ~ 9223372036854775808
            x := 7 % 3                                                       ~ 1
            x := {1, 2} | {3}                                                ~ {1, 2, 3}
            x := {1, 2} & {2, 3}                                             ~ {2}
            x := {1, 2} - {2}                                                ~ {1}
            x := 1.0 == 1                                                    ~ true
            x := [n | some n in [3, 1, 2]; n > 1]                            ~ [3, 2]
            x := {n: i | some i, n in ["a", "b"]}                            ~ {"a": 0, "b": 1}
            x := {u.name | some u in data.users; "a" in u.roles}             ~ {"ann"}
            x := data.users[_].name                                          ~ conflict
            x := data.users[1].name                                          ~ "bob"
            x := input.missing                                               ~ undefined
            x if not input.missing                                           ~ true
            x if not startswith(input.missing, "a")                          ~ undefined
            x if not input.missing == "a"                                    ~ true
            x if not input.missing != "a"                                    ~ undefined
            x := y if { y := 1 } else := 2                                   ~ 1
            x := 1 if false else := 2 if true                                ~ 2
            x := f(1) ¶ f(n) := n + 1                                       ~ 2
            x := f([1, {"a": 2}]) ¶ f([a, {"a": b}]) := a + b               ~ 3
            x := f(3) ¶ f(1) := "one" ¶ default f(_) := "many"             ~ "many"
            x contains n if some n in [1, 1, 2]                              ~ {1, 2}
            x[k] := v if some k, v in {"a": 1}                               ~ {"a": 1}
            x.a.b := 1 ¶ x.a.c := 2                                         ~ {"a": {"b": 1, "c": 2}}
            x[n] contains m if { some n in [1]; some m in [2, 3] }           ~ {1: {2, 3}}
            x := 1 ¶ x := 2                                                 ~ conflict
            default x := 5 ¶ x := 6 if false                                ~ 5
            x := z if z := y with input.a as 3 ¶ y := input.a                         ~ 3
            x := z if z := y with data.users as [] ¶ y := count(data.users)           ~ 0
            x := z if z := f(1) with f as g ¶ f(n) := n ¶ g(n) := n * 10             ~ 10
            x := z if z := count([1]) with count as 7                                  ~ 7
            x if every n in [1, 2] { n > 0 }                                 ~ true
            x if every n in [1, 2] { n > 1 }                                 ~ undefined
            x if every n in [] { n > 1 }                                     ~ true
            x := $"{1}-{input.missing}-{"a"}"                                ~ "1-<undefined>-a"
            x := p if walk({"a": [5]}, [p, 5])                               ~ ["a", 0]
            x := [p | walk({"a": [5]}, [p, 5])]                              ~ [["a", 0]]
            x := sprintf("%v %s %d %5.2f|%-4s|", [[1], "a", 7, 1.5, "b"])     ~ "[1] a 7  1.50|b   |"
            x := 1 / 0                                                       ~ undefined
            x := to_number("1e5")                                            ~ 100000
            x := {[a, b] | [a, b] = [1, 2]}                                  ~ {[1, 2]}
            x := [i | ["a", "b", "a"][i] = "a"]                              ~ [0, 2]
            x := y[1] ¶ y := {1: "one"}                                     ~ "one"
            x := true if 1 in {1}                                         ~ true
            x := true if ("a", 1 in {"a": 1})                                ~ true
            x := z if { [y, z] := [1, 2]; y < z }                            ~ 2
            x := "a" < "B"                                                   ~ false
            x := [1, "a"] < [1, "b"]                                         ~ true
            x := json.unmarshal(json.marshal({"a": {1, 2}}))                 ~ {"a": [1, 2]}
            x := max({1, "a", [0]})                                          ~ [0]
            """)
    void gives(String rules, String wanted) {
        String policy = "package p\n\n" + rules.replace('¶', '\n') + "\n";
        if (wanted.equals("conflict")) {
            RegoException thrown = catchThrowableOfType(RegoException.class, () -> value(policy));
            assertThat(thrown.code()).isEqualTo(ErrorCode.CONFLICT);
        } else {
            Value value = value(policy);
            assertThat(value == null ? "undefined" : value.toString()).isEqualTo(wanted);
        }
    }

    @Test
    void aPackageIsTheObjectOfItsRules() {
        Policy policy = Rego.compile(
                Map.of("a.rego", "package p.a\n\nx := 1\n\nf(_) := 2", "b.rego", "package p\n\ny := data.p.a.x"),
                Capabilities.standard());

        assertThat(policy.evaluate(List.of("p"), Question.at(Instant.EPOCH)))
                .hasToString("{\"a\": {\"x\": 1}, \"y\": 1}");
    }

    @Test
    void aQueryHasAnAnswerForEachWayItHolds() {
        Policy policy = Rego.compile(Map.of(), Capabilities.standard());

        assertThat(policy.query("data.users[i].name = name; i >= 0")
                        .answers(Question.at(Instant.EPOCH).withData(DATA)))
                .extracting(answer -> answer.get("name"))
                .containsExactly(Json.read("\"ann\""), Json.read("\"bob\""));
    }

    @Test
    void errorsOfBuiltinsEndAStrictEvaluation() {
        Policy policy = Rego.compile(Map.of("p.rego", "package p\n\nx := 1 / 0"), Capabilities.standard());

        RegoException thrown = catchThrowableOfType(
                RegoException.class,
                () -> policy.evaluate(
                        List.of("p", "x"), Question.at(Instant.EPOCH).strictly()));

        assertThat(thrown).hasMessage("p.rego:3:6: eval_builtin_error: div: divide by zero");
    }

    @Test
    void annotationsAreToldWithTheirPlace() {
        Policy policy = Rego.compile(
                Map.of(
                        "p.rego",
                        "# METADATA\n# title: all\npackage p\n\n# METADATA\n# custom:\n#   mode: shadow\nx := 1"),
                Capabilities.standard());

        assertThat(policy.annotations())
                .extracting(each -> each.at().row() + " " + String.join(".", each.path()) + " " + each.content())
                .containsExactly(
                        "1 data.p {\"scope\": \"package\", \"title\": \"all\"}",
                        "5 data.p.x {\"custom\": {\"mode\": \"shadow\"}, \"scope\": \"rule\"}");
    }

    @Test
    void manyThreadsAskOnePolicyAtOnce() throws Exception {
        Policy policy = Rego.compile(
                Map.of("p.rego", "package p\n\nx := sum([n | some n in numbers.range(1, input)])"),
                Capabilities.standard());
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Boolean>> questions = IntStream.range(1, 500)
                    .<Callable<Boolean>>mapToObj(n -> () -> Json.read("" + n * (n + 1) / 2)
                            .equals(policy.evaluate(
                                    List.of("p", "x"),
                                    Question.at(Instant.EPOCH).withInput(Json.read("" + n)))))
                    .toList();
            for (Future<Boolean> answer : threads.invokeAll(questions)) {
                assertThat(answer.get()).isTrue();
            }
        }
    }

    private static @Nullable Value value(String policy) {
        return Rego.compile(Map.of("p.rego", policy), Capabilities.standard())
                .evaluate(List.of("p", "x"), Question.at(Instant.EPOCH).withData(DATA));
    }
}
