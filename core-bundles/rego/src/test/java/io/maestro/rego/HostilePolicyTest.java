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
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Policies that mean harm cost their own question an error, and nothing else. */
class HostilePolicyTest {
    private static final Budget BUDGET = new Budget(300_000, 300_000, 1_500, Duration.ofSeconds(20));

    /** A policy of which {@code data.p.x} must not be answered; each in one way harmful. */
    record Hostile(String name, String policy) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Hostile> stopped() {
        return Stream.of(
                of("a product of ranges", "x := [1 | numbers.range(1, 1000)[_]; numbers.range(1, 1000)[_]]"),
                of("a range of all numbers", "x := numbers.range(1, 1000000000000)"),
                of("a range beyond all numbers", "x := numbers.range(1, 9" + "0".repeat(400) + ")"),
                of("a million members", "x := {n | some n in numbers.range(1, 1000000)}"),
                of("a product that finds nothing", search(5)),
                of(
                        "a set of sets of sets",
                        "x := {[a, b, c] | some a in r; some b in r; some c in r}\nr := numbers.range(1, 200)"),
                of(
                        "a partial set without end",
                        "x contains [a, b] if {\n some a in r\n some b in r\n}\nr := numbers.range(1, 2000)"),
                of(
                        "a partial object without end",
                        "x[a][b] := 1 if {\n some a in r\n some b in r\n}\nr := numbers.range(1, 2000)"),
                of(
                        "every of every",
                        "x if every a in r { every b in r { every c in r { a + b + c > 0 } } }\nr := numbers.range(1, 500)"),
                of(
                        "not of searches",
                        "x if not y\ny if {\n some a in r\n some b in r\n some c in r\n a * b * c < 0\n}\nr := numbers.range(1, 500)"),
                of("a text that doubles", doubling("concat(\"\", [t%d, t%d])", "\"0123456789\"", 40)),
                of("an array that doubles", doubling("array.concat(t%d, t%d)", "[1, 2, 3]", 40)),
                of("an array of arrays, written", "x := json.marshal(t40)\n" + chain("[t%d, t%d]", "[1]", 40)),
                of("an array of arrays, walked", "x := [v | walk(t30, [_, v])]\n" + chain("[t%d, t%d]", "[1]", 30)),
                of(
                        "replacing that grows",
                        "x := replace(t12, \"a\", t12)\n" + chain("concat(\"\", [t%d, t%d])", "\"aaaa\"", 12)),
                of(
                        "replacing many that grows",
                        "x := strings.replace_n({\"a\": t12}, t12)\n"
                                + chain("concat(\"\", [t%d, t%d])", "\"aaaa\"", 12)),
                of(
                        "replacing by a pattern that grows",
                        "x := regex.replace(t12, \"a\", t12)\n" + chain("concat(\"\", [t%d, t%d])", "\"aaaa\"", 12)),
                of("a text of a width without end", "x := sprintf(\"%999999999d\", [1])"),
                of("many wide texts", "x := [sprintf(\"%9999d\", [n]) | some n in numbers.range(1, 10000)]"),
                of("a square of a square", squares(40)),
                of("a shift without end", "x := bits.lsh(1, 100000000)"),
                of("shifts after shifts", "x := bits.lsh(bits.lsh(1, 9000), 9000)"),
                of("a number of a text", "x := to_number(\"1e999999999\")"),
                of("all addresses of a network", "x := net.cidr_expand(\"0.0.0.0/0\")"),
                of("all addresses of the newer kind", "x := net.cidr_expand(\"::/0\")"),
                of(
                        "paths through a full graph",
                        "x := graph.reachable_paths(g, {1})\ng := {n: r | some n in r}\nr := numbers.range(1, 30)"),
                of(
                        "a union that grows",
                        "x := union({s | some n in numbers.range(1, 2000); s := {[n, m] | some m in numbers.range(1, 2000)}})"),
                of(
                        "a regular expression that would explode, often",
                        "x := [1 | some _ in numbers.range(1, 100000); regex.match(`^(a+)+$`, \"" + "a".repeat(200)
                                + "!\")]"),
                of(
                        "ever new regular expressions",
                        "x := [1 | some n in numbers.range(1, 100000); regex.match(sprintf(\"(a{1,200}){1,%d}\", [n % 100]), \"aaaa\")]"),
                of(
                        "signatures without end",
                        "x := [1 | some n in numbers.range(1, 100000); io.jwt.encode_sign({\"alg\": \"HS256\", \"n\": n}, {}, {\"kty\": \"oct\", \"k\": \"AAAA\"})]"),
                of("rules that call one another deeper and deeper", ladder(2_000)),
                of("functions that call one another deeper and deeper", functions(2_000)),
                of("comprehensions in functions in comprehensions", nested(400)),
                of("a value nested deeper than a stack", tower(500)),
                of(
                        "walking a product",
                        "x := count([1 | walk(y, _); walk(y, _)])\ny := [[n, [n]] | some n in numbers.range(1, 500)]"),
                of(
                        "with after with",
                        "x := [y | some n in numbers.range(1, 100000); y := z with input.n as n]\nz := [input.n, numbers.range(1, 100)]"),
                of(
                        "mocks that cost",
                        "x := [y | some n in numbers.range(1, 300000); y := f(n) with f as g]\nf(n) := n\ng(n) := n + 1"),
                of(
                        "yaml of many anchors",
                        "x := yaml.unmarshal(\"a: &a [1,1,1,1,1,1,1,1,1]\\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c]\\ne: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d]\\nf: [*e,*e,*e,*e,*e,*e,*e,*e,*e]\")"),
                of(
                        "json deeper than a stack",
                        "x := json.unmarshal(t16)\n" + chain("concat(\"\", [t%d, t%d])", "\"[\"", 16)),
                of(
                        "patches that copy the document",
                        "x := json.patch(d, [p | some n in numbers.range(1, 5000); p := {\"op\": \"add\", \"path\": [\"a\", n], \"value\": 1}])\nd := {\"a\": {n: n | some n in numbers.range(5001, 8000)}}"),
                of(
                        "comparing what is small in memory and large to read",
                        "x if t24 == s24\n" + chain("[t%d, t%d]", "[1]", 24) + "\n"
                                + chain("[t%d, t%d]", "[1]", 24).replace('t', 's')),
                of("a template of what is large to read", "x := $\"{t18}\"\n" + chain("[t%d, t%d]", "[1]", 18)),
                of("a value larger than any", "x := t40\n" + chain("[t%d, t%d]", "[1]", 40)),
                of(
                        "templates that grow",
                        "x := strings.render_template(\"{{range .a}}{{range $.a}}{{range $.a}}x{{end}}{{end}}{{end}}\", {\"a\": numbers.range(1, 1000)})"));
    }

    @ParameterizedTest
    @MethodSource("stopped")
    void isStoppedWithinItsBudget(Hostile hostile) {
        RegoException thrown = catchThrowableOfType(RegoException.class, () -> {
            Policy policy = Rego.compile(Map.of("p.rego", hostile.policy()), Capabilities.standard());
            policy.evaluate(
                    List.of("p", "x"),
                    Question.at(Instant.EPOCH).withBudget(BUDGET).strictly());
        });

        assertThat(thrown).as("an error").isNotNull();
        assertThat(thrown.code()).isIn(ErrorCode.LIMIT, ErrorCode.BUILTIN, ErrorCode.COMPILE, ErrorCode.PARSE);
    }

    @Test
    void aRegularExpressionThatExplodesElsewhereTakesLinearTime() {
        Policy policy = Rego.compile(
                Map.of("p.rego", "package p\n\nx if regex.match(`^(a+)+$`, input)"), Capabilities.standard());

        assertThat(policy.evaluate(
                        List.of("p", "x"),
                        Question.at(Instant.EPOCH).withInput(Json.read("\"" + "a".repeat(20_000) + "!\""))))
                .isNull();
    }

    @Test
    void theDeadlineEndsWhatTheStepsWouldAllow() {
        Policy policy = Rego.compile(Map.of("p.rego", "package p\n\n" + search(9)), Capabilities.standard());
        Budget soon = new Budget(Long.MAX_VALUE >> 1, Long.MAX_VALUE >> 1, 1_500, Duration.ofMillis(50));

        RegoException thrown = catchThrowableOfType(
                RegoException.class,
                () -> policy.evaluate(
                        List.of("p", "x"), Question.at(Instant.EPOCH).withBudget(soon)));

        assertThat(thrown.code()).isEqualTo(ErrorCode.LIMIT);
        assertThat(thrown).hasMessageContaining("longer than 50 ms");
    }

    @Test
    void anExhaustedBudgetIsNeverTakenForUndefined() {
        Policy policy = Rego.compile(
                Map.of(
                        "p.rego",
                        "package p\n\ndefault x := true\n\nx := false if not y\n\n" + "y if {\n"
                                + " count(numbers.range(1, 10000000)) > 0\n}"),
                Capabilities.standard());

        RegoException thrown = catchThrowableOfType(
                RegoException.class,
                () -> policy.evaluate(
                        List.of("p", "x"), Question.at(Instant.EPOCH).withBudget(BUDGET)));

        assertThat(thrown.code()).isEqualTo(ErrorCode.LIMIT);
    }

    @Test
    void deepPoliciesAreRefusedOnSmallStacksToo() throws InterruptedException {
        Policy policy = Rego.compile(Map.of("p.rego", "package p\n\n" + ladder(400)), Capabilities.standard());
        RegoException[] thrown = new RegoException[1];
        Thread small = new Thread(
                null,
                () -> thrown[0] = catchThrowableOfType(
                        RegoException.class,
                        () -> policy.evaluate(
                                List.of("p", "x"),
                                Question.at(Instant.EPOCH)
                                        .withBudget(new Budget(1 << 30, 1 << 30, 1 << 30, Duration.ofMinutes(1))))),
                "small stack",
                200_000);
        small.start();
        small.join();

        assertThat(thrown[0]).isNotNull();
        assertThat(thrown[0].code()).isEqualTo(ErrorCode.LIMIT);
    }

    @Test
    void capabilitiesAreAskedWhenAPolicyIsCompiled() {
        RegoException thrown = catchThrowableOfType(
                RegoException.class,
                () -> Rego.compile(Map.of("p.rego", "package p\n\nx := time.now_ns()"), Capabilities.deterministic()));

        assertThat(thrown).hasMessageContaining("undefined function time.now_ns");
        assertThat(catchThrowableOfType(
                        RegoException.class,
                        () -> Rego.compile(
                                Map.of("p.rego", "package p\n\nx := io.jwt.decode_verify(input.token, {})"),
                                Capabilities.deterministic())))
                .hasMessageContaining("undefined function io.jwt.decode_verify");
    }

    @Test
    void anEvaluationLeavesTheNextOneAlone() {
        Policy policy = Rego.compile(
                Map.of("p.rego", "package p\n\nx := count(numbers.range(1, input))"), Capabilities.standard());
        Question question = Question.at(Instant.EPOCH).withBudget(BUDGET);

        for (int i = 0; i < 50; i++) {
            RegoException thrown = catchThrowableOfType(
                    RegoException.class,
                    () -> policy.evaluate(List.of("p", "x"), question.withInput(Json.read("10000000"))));
            assertThat(thrown.code()).isEqualTo(ErrorCode.LIMIT);
            assertThat(policy.evaluate(List.of("p", "x"), question.withInput(Json.read("10"))))
                    .isEqualTo(Json.read("10"));
        }
    }

    private static Hostile of(String name, String body) {
        return new Hostile(name, "package p\n\n" + body + "\n");
    }

    private static String search(int depth) {
        String goals =
                IntStream.range(0, depth).mapToObj(i -> " some a" + i + " in r").collect(Collectors.joining("\n"));
        String sum = IntStream.range(0, depth).mapToObj(i -> "a" + i).collect(Collectors.joining(" + "));
        return "x if {\n" + goals + "\n " + sum + " < 0\n}\nr := numbers.range(1, 100)";
    }

    /** Rules t0, t1, …, each made of the one before it twice. */
    private static String chain(String form, String first, int count) {
        return "t0 := " + first + "\n"
                + IntStream.rangeClosed(1, count)
                        .mapToObj(i -> "t" + i + " := " + form.formatted(i - 1, i - 1))
                        .collect(Collectors.joining("\n"));
    }

    private static String doubling(String form, String first, int count) {
        return "x := t" + count + "\n" + chain(form, first, count);
    }

    private static String squares(int count) {
        return doubling("t%d * t%d", "12345678901234567890", count);
    }

    private static String ladder(int count) {
        return "x := r0\n"
                + IntStream.range(0, count)
                        .mapToObj(i -> "r" + i + " := 1 + r" + (i + 1))
                        .collect(Collectors.joining("\n"))
                + "\nr" + count + " := 1";
    }

    private static String functions(int count) {
        return "x := f0(1)\n"
                + IntStream.range(0, count)
                        .mapToObj(i -> "f" + i + "(n) := f" + (i + 1) + "(n + 1)")
                        .collect(Collectors.joining("\n"))
                + "\nf" + count + "(n) := n";
    }

    private static String nested(int count) {
        return "x := f0(1)\n"
                + IntStream.range(0, count)
                        .mapToObj(i -> "f" + i + "(n) := [m | m := f" + (i + 1) + "(n)]")
                        .collect(Collectors.joining("\n"))
                + "\nf" + count + "(n) := n";
    }

    private static String tower(int count) {
        return "x := [" + IntStream.range(0, count).mapToObj(i -> "r" + i).collect(Collectors.joining(", ")) + "]\n"
                + "r0 := []\n"
                + IntStream.range(1, count)
                        .mapToObj(i -> "r" + i + " := [r" + (i - 1) + "]")
                        .collect(Collectors.joining("\n"));
    }
}
